"""The kinds of documents that are numbered; each app registers its own."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Kind:
    """A kind of document, and how its numbers read: 志服证〔2026〕000123号."""

    name: str
    label: str | Promise
    prefix: str
    digits: int
    per_place: bool
    """Whether each place counts for itself; its code then stands in the number."""

    def number(self, year: int, sequence: int, series: str = "") -> str:
        """The number as printed."""
        place = f"{series}-" if series else ""
        return f"{self.prefix}〔{year}〕{place}{sequence:0{self.digits}d}号"


_kinds: dict[str, Kind] = {}


def register(name: str, *, label: str | Promise, prefix: str, digits: int = 6, per_place: bool = False) -> Kind:
    """Make a kind known, once: `name` is "app.thing". Numbers of a kind run by year, by place too with `per_place`."""
    kind = Kind(name, label, prefix, digits, per_place)
    if _kinds.get(name, kind) != kind:
        raise ValueError(f"{name} is registered twice, differently")
    if any(other.prefix == prefix and other.name != name for other in _kinds.values()):
        raise ValueError(f"the prefix {prefix} belongs to another kind: numbers would collide")
    _kinds[name] = kind
    return kind


def get(name: str) -> Kind:
    """The kind of that name. Raises KeyError."""
    return _kinds[name]


def label(name: str) -> str:
    """What users call a kind; of one that is no longer known, its name."""
    return str(_kinds[name].label) if name in _kinds else name


def all_kinds() -> Iterator[Kind]:
    """Every kind that is known."""
    return iter(_kinds.values())
