"""What an engine is asked and what it answers."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from search.documents import Document
from search.results import Filters

if TYPE_CHECKING:
    from .vectors import EngineVectors

T = TypeVar("T")


class SearchUnavailable(Exception):  # noqa: N818 -- what it means to the caller, not that something went wrong
    """There is no index that can be searched: missing, damaged, or made by another version.

    `str()` of it says why and what an operator does about it. The site goes on without search.
    """


class EngineBusy(Exception):  # noqa: N818
    """Another process writes to the index, and did so for longer than the caller wanted to wait."""


class TurnOvertaken(EngineBusy):
    """The index holds documents of a later turn than this one, which were kept; the next turn is later than those."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a query and how much it counts beside the others."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A search in an engine's own words: terms, not text."""

    terms: tuple[Term, ...] = ()
    """Any of them may match; the more and the rarer, the higher a document stands."""
    needed: tuple[str, ...] = ()
    """If any are named, at least one of these terms must stand in the document."""
    phrases: tuple[tuple[str, ...], ...] = ()
    """Each must stand in the document, its terms side by side."""
    excluded: tuple[tuple[str, ...], ...] = ()
    """None of these phrases may stand in the document."""
    filters: Filters = field(default_factory=Filters)
    keys: tuple[str, ...] = ()
    """Only these documents, if any are named."""
    called: str = ""
    """Only documents with exactly this name, as `search.engines.fields.name` folds it."""
    limit: int = 10
    offset: int = 0
    newest_first: bool = False
    """By date instead of relevance; documents without a date last."""


@dataclass(slots=True)
class Candidate:
    """A document that an engine found: enough to rank and to group it, without its texts."""

    key: str
    kind: str
    score: float
    group: int = 0
    """The same for all articles of one law, 0 for what belongs to no law."""
    section: int = 0
    """The same for all articles below one heading of a law; see `search.engines.fields`."""

    def scored(self, score: float) -> "Candidate":
        """The same document with another score; for the thousands of a page `dataclasses.replace` is too slow."""
        return Candidate(self.key, self.kind, score, self.group, self.section)


@dataclass(slots=True)
class Response:
    """What an engine found, best first."""

    candidates: list[Candidate]
    total: int
    """How many match; an engine may stop counting at 1,000."""
    older: bool = False
    """Whether an engine answered that stands in for another, and may not know the latest changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The state of an index, for `search_status`, the system check and the health page."""

    available: bool
    message: str
    documents: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    size: int = 0
    """Bytes on disk."""
    built_at: datetime | None = None
    location: str = ""


class Writer(Protocol):
    """Takes changes; they are seen when the context that gave the writer ends without an exception."""

    @property
    def refused(self) -> Mapping[str, str]:
        """The documents that the engine would not store after all, by key, and why; complete after the context."""

    def add(self, document: Document) -> None:
        """Store a document, in place of the one with the same key. Raises ValueError on one that cannot be stored."""

    def delete(self, key: str) -> None:
        """Forget the document with this key, if there is one."""


class Rebuild(Protocol):
    """A new index that grows beside the one in use."""

    def add(self, document: Document) -> None:
        """Store a document in the new index. Raises ValueError on one that cannot be stored."""

    @property
    def refused(self) -> Mapping[str, str]:
        """The documents that the engine would not store after all, by key, and why; complete while swapping."""

    def swapping(self) -> AbstractContextManager[Writer]:
        """Hold every other writer off, take the last changes, and put the new index in the place of the old."""


class Engine(ABC):
    """Keeps documents and finds them again."""

    name: str
    vectors: "EngineVectors | None" = None
    """Where the engine compares vectors itself; otherwise files of the site's own hold them (`search.semantic`)."""

    def later(self, call: Callable[[], T]) -> Future[T]:
        """The answer to a call that asks this engine something, to be waited for when it is needed.

        Here it is asked at once, and what goes wrong is raised at once; an engine that works elsewhere is asked several
        things at the same time. A call must not wait for another's answer.
        """
        answer: Future[T] = Future()
        answer.set_result(call())
        return answer

    @abstractmethod
    def search(self, request: Request) -> Response:
        """The documents that match. Raises SearchUnavailable."""

    @abstractmethod
    def facets(self, request: Request, names: Sequence[str]) -> dict[str, dict[str, int]]:
        """For each facet its values and how many matching documents have them. Raises SearchUnavailable."""

    @abstractmethod
    def documents(self, keys: Iterable[str]) -> dict[str, Document]:
        """The stored documents with these keys; one that is no longer there is left out. Raises SearchUnavailable."""

    @abstractmethod
    def frequencies(self, terms: Sequence[str]) -> tuple[list[int], int]:
        """In how many bodies each term stands, and how many documents there are. Raises SearchUnavailable."""

    def usual_frequencies(self, terms: Sequence[str]) -> tuple[list[int], int]:
        """The same as of the last minutes, which is enough to tell rare terms from frequent ones.

        An engine that answers from elsewhere remembers them. Raises SearchUnavailable.
        """
        return self.frequencies(terms)

    @abstractmethod
    def keys(self) -> Iterator[str]:
        """The keys of all stored documents, changes that were just written included. Raises SearchUnavailable."""

    @abstractmethod
    def writing(self, *, wait: float = 0.0) -> AbstractContextManager[Writer]:
        """The one writer over all processes. Waits so many seconds for its turn, then raises EngineBusy.

        Raises SearchUnavailable when there is no index to write to.
        """

    @abstractmethod
    def rebuilding(self) -> AbstractContextManager[Rebuild]:
        """A new index; dropped when the context ends without a swap. Raises EngineBusy when one is being built."""

    @abstractmethod
    def roll_back(self) -> None:
        """Let the index before the last rebuild serve again, and keep the present one in its place.

        It lacks what changed since. Raises SearchUnavailable when there is none, EngineBusy during a rebuild.
        """

    @abstractmethod
    def status(self) -> Status:
        """The state of the index; never raises."""

    def problem(self) -> str:
        """Why an index that is there cannot be searched, as far as that shows without a network; mostly nothing."""
        return ""
