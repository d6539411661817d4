"""Bring the tree of places in line with the tables of the statistical division codes.

The tree's paths are built here and stored in bulk: 620,000 calls of `add_child` would take hours. Existing places keep
their row, their path and what stands at them; nothing is deleted and nothing is moved.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from registry.places.models import Kind, Place, below_path
from registry.places.tables import CITIES, COUNTIES, PROVINCES, TOWNSHIPS, VILLAGES, Row, Source, TableError

Progress = Callable[[Iterable[Any], str, int], Iterable[Any]]

_BATCH = 2000
_UPPER = (PROVINCES, CITIES, COUNTIES)
_LOWER = (Kind.TOWNSHIP, Kind.VILLAGE)


class Renamed(NamedTuple):
    """A place whose name changed."""

    code: str
    before: str
    after: str


@dataclass
class ImportReport:
    """What an import did, and what it found that it left alone."""

    added: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    renamed: list[Renamed] = field(default_factory=list)
    vanished: list[tuple[str, str]] = field(default_factory=list)
    """Code and name of places that the tables no longer have."""
    elsewhere: list[tuple[str, str]] = field(default_factory=list)
    """Code and name of places that stand in another place than the tables say."""


class _Known(NamedTuple):
    """What the database has."""

    pk: int
    code: str
    name: str
    kind: str
    path: str
    depth: int


@dataclass(slots=True)
class _Node:
    """Where children may be added: a place that is stored, or one that will be."""

    path: str
    depth: int
    pk: int | None = None
    new: Place | None = None
    last: int | None = None
    """The position of the last child; None when it must be looked up."""


def import_tables(path: Path, *, under: str = "", progress: Progress | None = None) -> ImportReport:
    """Add and rename places by the tables in a folder or package, at and below a code ("" for all).

    Call it inside a transaction. Raises TableError, which names the file and the line.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Places are imported as a whole or not at all: inside a transaction.")
    return _Import(Source(path), under, progress or _silently).run()


def _silently(items: Iterable[Any], label: str, total: int) -> Iterable[Any]:
    return items


class _Import:
    def __init__(self, source: Source, under: str, progress: Progress) -> None:
        self.source = source
        self.under = under
        self.progress = progress
        self.report = ImportReport()
        self.nodes: dict[str, _Node] = {}

    def run(self) -> ImportReport:
        counties = self._upper()
        townships = defaultdict(list)
        for row in self.source.rows(TOWNSHIPS, self.under):
            townships[row.parent].append(row)
        if strangers := townships.keys() - set(counties):
            self._no_parent(townships[min(strangers)][0])
        waiting = dict.fromkeys(counties)
        chunks = self.progress(self._by_county(), _("乡镇和村"), len(counties))
        for county, villages in chunks:
            if county not in waiting:
                raise TableError(
                    _("villages.csv：%(code)s 的村不在一处，或者这个区县不在表中；请按代码排序") % {"code": county}
                )
            del waiting[county]
            self._county(county, townships.pop(county, []), villages)
        for county in waiting:
            self._county(county, townships.pop(county, []), [])
        self._check_found()
        return self.report

    def _by_county(self) -> Iterator[tuple[str, list[Row]]]:
        rows = self.source.rows(VILLAGES, self.under)
        for county, villages in groupby(rows, key=lambda row: row.code[:6]):
            yield county, list(villages)

    def _check_found(self) -> None:
        if self.under and self.under not in self.nodes and not self._known(code=self.under):
            raise TableError(_("表里没有代码 %(code)s") % {"code": self.under})

    def _upper(self) -> list[str]:
        """Provinces, cities and counties, which are few. Returns the codes of the counties."""
        known = self._known(kind__in=[table.kind for table in _UPPER])
        counties: list[str] = []
        new: list[Place] = []
        for table in _UPPER:
            rows = list(self.source.rows(table, self.under))
            # What stands by itself already needs no ancestors made for it.
            if self.under in known:
                rows = [row for row in rows if row.code in known or row.code.startswith(self.under)]
            new += self._level(rows, table.kind, known)
            if table is COUNTIES:
                counties = [row.code for row in rows]
        self._store(new)
        self._tell_vanished(known)
        return counties

    def _county(self, county: str, townships: list[Row], villages: list[Row]) -> None:
        # Levels are told apart here: asked for both, SQLite would go through all the villages there are.
        known = {
            code: have
            for code, have in self._known(code__range=(county, county + "9" * 6)).items()
            if have.kind in _LOWER
        }
        new = self._level(townships, Kind.TOWNSHIP, known)
        new += self._level(villages, Kind.VILLAGE, known)
        self._store(new)
        self._tell_vanished(known)
        for row in (*townships, *villages):
            if row.code != self.under:
                del self.nodes[row.code]

    def _known(self, **conditions: Any) -> dict[str, _Known]:
        rows = Place.objects.filter(**conditions).order_by().values_list("pk", "code", "name", "kind", "path", "depth")
        return {row[1]: _Known(*row) for row in rows}

    def _level(self, rows: list[Row], kind: Kind, known: dict[str, _Known]) -> list[Place]:
        """Plan one level: what is known is renamed, the rest returned as places to store."""
        missing: dict[str, list[Row]] = defaultdict(list)
        seen: set[str] = set()
        for row in rows:
            if row.code in seen:
                raise TableError(_("代码 %(code)s（%(name)s）在表中有两次") % row._asdict())
            seen.add(row.code)
            if (have := known.pop(row.code, None)) is None:
                missing[row.parent].append(row)
            else:
                self._keep(row, have)
        return [place for parent, below in missing.items() for place in self._plant(parent, below, kind)]

    def _keep(self, row: Row, have: _Known) -> None:
        self.nodes[row.code] = _Node(have.path, have.depth, have.pk)
        parent = self.nodes.get(row.parent)
        if parent is not None and not have.path.startswith(parent.path):
            self.report.elsewhere.append((row.code, row.name))
        if have.name == row.name:
            self.report.unchanged += 1
            return
        # Saved one by one: whoever waits for changes of a place is told.
        place = Place.objects.get(pk=have.pk)
        place.name = row.name
        place.save(update_fields=["name"])
        self.report.renamed.append(Renamed(row.code, have.name, row.name))

    def _plant(self, parent_code: str, rows: list[Row], kind: Kind) -> list[Place]:
        parent = self.nodes.get(parent_code)
        if parent is None and kind != Kind.PROVINCE:
            self._no_parent(rows[0])
        depth = parent.depth + 1 if parent else 1
        path = parent.path if parent else ""
        last = self._last_child(parent)
        planted = []
        for position, row in enumerate(rows, start=last + 1):
            place = Place(
                code=row.code, name=row.name, kind=kind, depth=depth, path=Place._get_path(path, depth, position)
            )
            self.nodes[row.code] = _Node(place.path, depth, new=place, last=0)
            planted.append(place)
        if parent is not None:
            parent.last = last + len(rows)
            self._count_children(parent, len(rows))
        self.report.added[kind] += len(rows)
        return planted

    def _no_parent(self, row: Row) -> None:
        raise TableError(_("%(name)s（%(code)s）的上级 %(parent)s 不在表中") % row._asdict())

    def _last_child(self, parent: _Node | None) -> int:
        if parent is not None and parent.last is not None:
            return parent.last
        if parent is None:
            siblings = Place.objects.filter(depth=1)
        else:
            # Nobody else adds a child here until the import is through.
            Place.objects.select_for_update().get(pk=parent.pk)
            siblings = Place.objects.filter(below_path(parent.path), depth=parent.depth + 1)
        path = siblings.order_by().aggregate(last=Max("path"))["last"]
        return Place._str2int(path[-Place.steplen :]) if path else 0

    def _count_children(self, parent: _Node, more: int) -> None:
        if parent.new is not None:
            parent.new.numchild += more
        else:
            Place.objects.filter(path=parent.path).update(numchild=F("numchild") + more)

    def _store(self, places: list[Place]) -> None:
        Place.objects.bulk_create(places, batch_size=_BATCH)
        for place in places:
            self.nodes[place.code].new = None

    def _tell_vanished(self, known: dict[str, _Known]) -> None:
        """What is left of the known was in no table."""
        self.report.vanished += [
            (have.code, have.name)
            for have in sorted(known.values(), key=lambda have: have.code)
            if have.code.startswith(self.under)
        ]
