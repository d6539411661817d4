"""What a search gives back: plain values that templates render and tests compare."""

import datetime
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a search is narrowed to. Within one facet any of the values may hold; every facet named must."""

    kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    life_events: tuple[str, ...] = ()
    law_kinds: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text, and whether the query matched it. Rendered as `<mark>` when it did."""

    text: str
    matched: bool = False


@dataclass(slots=True, kw_only=True)
class Hit:
    """One document that a search found."""

    key: str
    kind: str
    title: tuple[Segment, ...]
    url: str
    score: float
    label: str = ""
    heading: str = ""
    summary: str = ""
    passage: tuple[Segment, ...] = ()
    topics: tuple[str, ...] = ()
    law_kind: str = ""
    place: str = ""
    date: datetime.date | None = None
    promoted: bool = False
    extra: Any = None
    """What the source adds for its card (see Source.extras)."""

    @property
    def pk(self) -> int:
        """The primary key of the row that the document was made of."""
        return int(self.key.rpartition(":")[2])


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and how many documents of this search have it."""

    value: str
    count: int
    selected: bool = False


@dataclass(slots=True, kw_only=True)
class Results:
    """One page of a search."""

    text: str
    """The query as it was asked, cleaned (no control characters, no surrogates, cut at the limit)."""
    hits: list[Hit] = field(default_factory=list)
    keys: tuple[str, ...] = ()
    """The keys of everything that was found, in order, over all pages."""
    total: int = 0
    page: int = 1
    page_count: int = 0
    facets: dict[str, list[FacetValue]] = field(default_factory=dict)
    """By facet name, as in Filters: kinds, topics, life_events, law_kinds, places."""
    took: float = 0.0
    """Seconds from the query to the results."""
    cut: bool = False
    """Whether the query was too long and only its beginning was searched."""
    did_you_mean: str = ""
    excluded: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    older: bool = False
    """Whether an index answered that may not know the latest changes, because the usual one is away."""
