"""An engine that answers while another is away."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TypeVar

from search.documents import Document

from .base import Engine, Rebuild, Request, Response, SearchUnavailable, Status, Writer

logger = logging.getLogger(__name__)

T = TypeVar("T")


class FallbackEngine(Engine):
    """Reads from the first engine, and from the second when the first is unavailable; writes to the first alone.

    The second knows what it was last built from: `rebuild_search --engine` brings it up to date. Answers to searches
    say that they are its.
    """

    def __init__(self, first: Engine, second: Engine) -> None:
        self.name, self.vectors = first.name, first.vectors
        self.first, self.second = first, second
        self._away = False

    def later(self, call: Callable[[], T]) -> Future[T]:
        """As the first engine does it."""
        return self.first.later(call)

    def search(self, request: Request) -> Response:
        """The documents that match, by whichever engine can say. Raises SearchUnavailable when neither can."""
        return self._read(lambda: self.first.search(request), lambda: replace(self.second.search(request), older=True))

    def facets(self, request: Request, names: Sequence[str]) -> dict[str, dict[str, int]]:
        """For each facet its values and how many matching documents have them. Raises SearchUnavailable."""
        return self._read(lambda: self.first.facets(request, names), lambda: self.second.facets(request, names))

    def documents(self, keys: Iterable[str]) -> dict[str, Document]:
        """The stored documents with these keys. Raises SearchUnavailable."""
        wanted = list(keys)
        return self._read(lambda: self.first.documents(wanted), lambda: self.second.documents(wanted))

    def frequencies(self, terms: Sequence[str]) -> tuple[list[int], int]:
        """In how many bodies each term stands, and how many documents there are. Raises SearchUnavailable."""
        return self._read(lambda: self.first.frequencies(terms), lambda: self.second.frequencies(terms))

    def usual_frequencies(self, terms: Sequence[str]) -> tuple[list[int], int]:
        """As of the last minutes, of either engine."""
        return self._read(lambda: self.first.usual_frequencies(terms), lambda: self.second.usual_frequencies(terms))

    def keys(self) -> Iterator[str]:
        """The keys of all documents in the first engine: who asks for all of them compares it with the database."""
        return self.first.keys()

    def writing(self, *, wait: float = 0.0) -> AbstractContextManager[Writer]:
        """The one writer of the first engine; changes that it cannot take wait for it."""
        return self.first.writing(wait=wait)

    def rebuilding(self) -> AbstractContextManager[Rebuild]:
        """A new index of the first engine."""
        return self.first.rebuilding()

    def roll_back(self) -> None:
        """The first engine's index from before its last rebuild."""
        self.first.roll_back()

    def status(self) -> Status:
        """The state of the first engine, and what answers while it is away; never raises."""
        status = self.first.status()
        if status.available:
            return status
        other = self.second.status()
        if other.available:
            built = f", built {other.built_at:%Y-%m-%d %H:%M}" if other.built_at else ""
            note = f"Searches are answered from the {self.second.name} index{built}."
        else:
            note = f"Nothing answers searches: the {self.second.name} index is unavailable too. {other.message}"
        return replace(status, message=f"{status.message} {note}")

    def _read(self, ask_first: Callable[[], T], ask_second: Callable[[], T]) -> T:
        try:
            answer = ask_first()
        except SearchUnavailable as reason:
            self._note(away=True, why=str(reason))
            try:
                return ask_second()
            except SearchUnavailable:
                raise reason from None
        self._note(away=False)
        return answer

    def _note(self, *, away: bool, why: str = "") -> None:
        """Tell the log when the first engine goes and when it comes back, not at each search between."""
        if away != self._away:
            self._away = away
            if away:
                logger.warning("The %s index answers searches: %s", self.second.name, why)
            else:
                logger.warning("The %s index answers searches again", self.first.name)
