"""What a searchable thing looks like, and the register of what is searchable.

An app declares one `Source` for each kind of thing in its `search_documents.py` and registers it. The search knows no
other app: whatever it needs of a law or a guide is in the `Document` that the source makes of it.
"""

import datetime
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One searchable thing, as every engine takes it.

    Texts are plain (no markup), in the script they were written in; the analysis folds them.
    Facet values (`kind`, `topics`, `life_event`, `law_kind`, `place`) are what filters compare and counts are kept by.
    """

    key: str
    """Unique over all sources: `<source name>:<primary key>`."""
    kind: str
    """The name of the source: article, law, guide, question, story, lesson, covenant, page."""
    title: str
    url: str
    """The address within the site; it begins with a slash."""
    body: str = ""
    """The text that is searched and that passages are cut from; paragraphs are separated by newlines."""
    heading: str = ""
    """Where it stands in a whole: an article's law, part, chapter and section."""
    names: tuple[str, ...] = ()
    """What else people call it: a law's short names, the other ways that residents put a question."""
    summary: str = ""
    """A short answer, which a result shows in place of a passage of the body. Searched like the body."""
    topics: tuple[str, ...] = ()
    life_event: str = ""
    law_kind: str = ""
    law: str = ""
    """The slug of the law that an article belongs to; empty for everything else."""
    place: str = ""
    date: datetime.date | None = None
    """The day it took effect, was published or will take place."""
    prior: float = 1.0
    """How much likelier this answers a question than another thing with the same words. Multiplies the score."""
    suggest: tuple[str, ...] = ()
    """The phrases that the search box offers for it while someone types."""
    label: str = ""
    """The short line above the title of a result: for an article "民法典 第一千零七十九条"."""
    cites: tuple[str, ...] = ()
    """The keys of the documents that it rests on; a source whose documents have any says so (`Source.cites`)."""


class Source(ABC):
    """One kind of searchable thing."""

    name: str
    """The kind; ASCII, stable, part of each document's key and of addresses (`?kind=article`)."""
    label: str | Promise
    """The kind as users read it."""
    model: type[Model]
    answers: bool = False
    """Whether a thing of this kind answers a resident in plain words, where others only hold the text."""
    cites: bool = False
    """Whether things of this kind answer questions by resting on others (`Document.cites`)."""
    order: int = 100
    """The place of this kind in the filter panel; smaller comes first."""

    @abstractmethod
    def queryset(self) -> "QuerySet[Any]":
        """All that is searchable of this kind, with what `document` needs fetched along."""

    @abstractmethod
    def document(self, obj: Any) -> Document:
        """The document of one row of `queryset()`."""

    def key(self, pk: int) -> str:
        """The key of the document of the row with this primary key."""
        return f"{self.name}:{pk}"

    def documents(self, pks: Iterable[int] | None = None) -> Iterator[Document]:
        """The documents of these rows, or of all; a row that is not searchable (any more) yields nothing."""
        rows = self.queryset() if pks is None else self.queryset().filter(pk__in=list(pks))
        for row in rows.iterator(chunk_size=500):
            yield self.document(row)

    def locate(self, references: Sequence[Mapping[str, str]]) -> list[int | None]:
        """The primary keys of the rows that references from outside name, as judged questions do; None for unknown."""
        return [None] * len(references)

    def extras(self, pks: list[int]) -> dict[int, Any]:
        """What a result's card shows beyond the document, by primary key; for one page of hits, in few queries."""
        return {}


_sources: dict[str, Source] = {}


def register(source: Source) -> Source:
    """Make a kind of thing searchable. Raises ValueError when the name is taken by another model."""
    known = _sources.get(source.name)
    if known is not None and known.model is not source.model:
        raise ValueError(f"search source {source.name!r} is registered twice")
    _sources[source.name] = source
    return source


def sources() -> dict[str, Source]:
    """All registered sources by name, in the order of the filter panel."""
    return dict(sorted(_sources.items(), key=lambda item: (item[1].order, item[0])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """What readers call the values of a facet that are codes in documents: `marriage` is 婚姻家庭."""

    labels: Callable[[], Mapping[str, str | Promise]]
    """All values there can be, in the order of the filter panel, and their labels."""
    url: Callable[[str], str] | None = None
    """The address of the page about a value, where there is one."""


_facets: dict[str, Facet] = {}


def register_facet(name: str, facet: Facet) -> Facet:
    """Name the values of a facet; `name` as in `search.results.Filters`: life_events, law_kinds, topics, places."""
    _facets[name] = facet
    return facet


def facet_values(name: str) -> dict[str, str]:
    """All values of a facet and their labels; none where its values are what readers read (topics)."""
    if name == "kinds":
        return {source.name: str(source.label) for source in sources().values()}
    return {value: str(label) for value, label in _facets[name].labels().items()} if name in _facets else {}


def facet_url(name: str, value: str) -> str:
    """The address of the page about this value, or nothing."""
    facet = _facets.get(name)
    return facet.url(value) if facet and facet.url else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a query is when it is not a question but a name: a citation such as 民法典1079条.

    With a `url` the search goes straight there. Without one, `message` says what is unknown, and `nearest` holds
    (title, url) of what comes closest.
    """

    url: str = ""
    message: str = ""
    nearest: tuple[tuple[str, str], ...] = ()


Resolver = Callable[[str], Resolution | None]
_resolvers: list[Resolver] = []


def register_resolver(resolver: Resolver) -> Resolver:
    """Let an app recognize queries that name one of its things. The first resolver with an answer wins."""
    if resolver not in _resolvers:
        _resolvers.append(resolver)
    return resolver


def resolve(text: str) -> Resolution | None:
    """What this query names, or None when it is a question or plain words."""
    for resolver in _resolvers:
        if (resolution := resolver(text)) is not None:
            return resolution
    return None
