"""Whether the tree of places holds together, found in one pass over the table in the order of its paths."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.places.models import Kind, Place

_COLUMNS = ("path", "depth", "numchild", "code", "name", "kind")
_BATCH = 5000


@dataclass(slots=True)
class _Above:
    """A place above the one that is read, and how many stand right below it so far."""

    path: str
    numchild: int
    code: str
    name: str
    rank: int
    found: int = 0

    def miscounted(self) -> Iterator[str]:
        if self.found != self.numchild:
            yield _("%(place)s：记着下级 %(kept)d 个，实有 %(found)d 个。") % {
                "place": f"{self.code} {self.name}",
                "kept": self.numchild,
                "found": self.found,
            }


def problems() -> Iterator[str]:
    """What is wrong with the tree, in words: paths, depths and counts of what is below, codes and levels.

    Treebeard's own check asks the database several questions for each place; this one reads each row once and keeps
    only those above it, so that a country takes seconds and no memory.
    """
    ranks = {kind.value: kind.rank for kind in Kind}
    above: list[_Above] = []
    rows = Place.objects.order_by("path").values_list(*_COLUMNS)
    for path, depth, numchild, code, name, kind in rows.iterator(chunk_size=_BATCH):
        while above and not path.startswith(above[-1].path):
            yield from above.pop().miscounted()
        row = _Above(path, numchild, code, name, ranks.get(kind, -1))
        yield from _misplaced(row, depth, above[-1] if above else None)
        if above:
            above[-1].found += 1
        above.append(row)
    while above:
        yield from above.pop().miscounted()


def _misplaced(row: _Above, depth: int, parent: _Above | None) -> Iterator[str]:
    """What is wrong between a place and the one that it stands in."""
    place = f"{row.code} {row.name}"
    if len(row.path) != depth * Place.steplen:
        yield _("%(place)s：路径 %(path)s 与层数 %(depth)d 不符。") % {"place": place, "path": row.path, "depth": depth}
    if row.path[: -Place.steplen] != (parent.path if parent else ""):
        yield _("%(place)s：路径 %(path)s 的上级不在表里。") % {"place": place, "path": row.path}
    if parent is None:
        return
    if row.rank <= parent.rank:
        yield _("%(place)s：层级不低于上级 %(parent)s。") % {"place": place, "parent": f"{parent.code} {parent.name}"}
    if not row.code.startswith(parent.code):
        yield _("%(place)s：代码不以上级 %(parent)s 的代码开头。") % {
            "place": place,
            "parent": f"{parent.code} {parent.name}",
        }
