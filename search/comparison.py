"""Whether the index equals the database, document by document, and how to make it so again."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from . import outbox
from .documents import Document, Source, sources
from .engines import get_engine
from .engines.base import Engine, TurnOvertaken
from .engines.stored import kept
from .models import OutboxEntry

CHUNK = 500
"""Documents compared at a time: what bounds the memory."""
OVERTAKEN = 10
"""How often a repair takes a later turn because the index knows later ones than the database does."""

T = TypeVar("T")


@dataclass(slots=True)
class Comparison:
    """The keys in which index and database differ."""

    compared: int = 0
    missing: list[str] = field(default_factory=list)
    """In the database, not in the index."""
    different: list[str] = field(default_factory=list)
    """In both, not the same."""
    surplus: list[str] = field(default_factory=list)
    """In the index, not in the database."""
    broken: dict[str, str] = field(default_factory=dict)
    """Documents that cannot be made, and why."""

    @property
    def differing(self) -> list[str]:
        """All keys that a repair has to deliver."""
        return [*self.missing, *self.different, *self.surplus]


def compare(*, engine: Engine | None = None, progress: Callable[[int], None] | None = None) -> Comparison:
    """Compare every document of every source with the stored one, in bounded memory.

    What changes meanwhile may be on its way to the index: whatever differs and waits in the outbox is left out, and
    the rest is looked at once more. Raises SearchUnavailable.
    """
    engine = engine or get_engine()
    found = Comparison()
    for source in sources().values():
        # Django streams no query that prefetches, and numbers alone need nothing of what the documents do.
        pks_of_all = source.queryset().prefetch_related(None).order_by("pk").values_list("pk", flat=True)
        for pks in _chunks(pks_of_all.iterator(), CHUNK):
            _compare_rows(engine, source, pks, found)
            found.compared += len(pks)
            if progress is not None:
                progress(len(pks))
    for keys in _chunks(engine.keys(), CHUNK):
        found.surplus += _without_row(keys)
    return _settled(engine, found)


def repair(comparison: Comparison) -> int:
    """Record a change for each difference and deliver them; how many were recorded.

    A document of a source that no longer exists is deleted. Raises EngineBusy and SearchUnavailable.
    """
    by_source: dict[str, list[int]] = {}
    orphans = []
    for key in comparison.differing:
        name, pk = _split(key)
        if pk is None:
            orphans.append(key)
        else:
            by_source.setdefault(name, []).append(pk)
    with outbox.held():
        for name, pks in by_source.items():
            outbox.record(name, pks)
    # Days that a restored database has forgotten may have been written by a clock that ran ahead of ours.
    for _ in range(OVERTAKEN):
        with suppress(TurnOvertaken):
            _deliver(orphans)
            break
    else:
        _deliver(orphans)
    return len(comparison.differing)


def _deliver(orphans: list[str]) -> None:
    """Delete documents of no source, and bring everything that waits to the index."""
    if orphans:
        with get_engine().writing(wait=60) as writer:
            for key in orphans:
                writer.delete(key)
    while outbox.deliver(limit=CHUNK).delivered:
        pass


def _settled(engine: Engine, first: Comparison) -> Comparison:
    """The differences that are still there and are not on their way."""
    found = Comparison(compared=first.compared, broken=first.broken)
    for keys in _chunks(iter(first.differing), CHUNK):
        by_source: dict[str, list[int]] = {}
        for key in keys:
            name, pk = _split(key)
            if pk is None:
                found.surplus.append(key)
            else:
                by_source.setdefault(name, []).append(pk)
        for name, pks in by_source.items():
            waiting = OutboxEntry.objects.filter(source=name, object_pk__in=pks, delivered_at=None)
            settled = sorted(set(pks).difference(waiting.values_list("object_pk", flat=True)))
            _compare_rows(engine, sources()[name], settled, found)
    return found


def _compare_rows(engine: Engine, source: Source, pks: list[int], found: Comparison) -> None:
    """Note how the documents of these rows differ from the stored ones."""
    wanted: dict[str, Document | None] = dict.fromkeys(map(source.key, pks))
    for row in source.queryset().filter(pk__in=pks):
        key = source.key(row.pk)
        try:
            wanted[key] = source.document(row)
        except Exception as error:  # noqa: BLE001 -- one broken row must not hide what else differs
            found.broken[key] = repr(error)
            del wanted[key]
    stored = engine.documents(wanted)
    for key, document in wanted.items():
        if document is None:
            if key in stored:
                found.surplus.append(key)
        elif key not in stored:
            found.missing.append(key)
        elif stored[key] != kept(document):
            found.different.append(key)


def _without_row(keys: list[str]) -> list[str]:
    """Which of these keys stand for nothing that is searchable."""
    by_source: dict[str, dict[int, str]] = {}
    found = []
    for key in keys:
        name, pk = _split(key)
        if pk is None:
            found.append(key)
        else:
            by_source.setdefault(name, {})[pk] = key
    for name, by_pk in by_source.items():
        rows = sources()[name].queryset().filter(pk__in=list(by_pk)).values_list("pk", flat=True)
        found += [by_pk[pk] for pk in sorted(set(by_pk).difference(rows))]
    return found


def _split(key: str) -> tuple[str, int | None]:
    """The source and primary key that a document's key is made of; no primary key when there is no such source."""
    name, _, pk = key.rpartition(":")
    return name, int(pk) if name in sources() and pk.isdecimal() else None


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
