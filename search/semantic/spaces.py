"""Where the vectors of an engine's documents are compared with a question: in files of this machine, or in the engine.

An engine on one machine leaves it to the files: exact, and quick up to some hundred thousand documents. A cluster has
its own search for the nearest, so that no server of the site holds the vectors of a million documents. Either way a
text is encoded once and its vector kept by its hash.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from search.engines.base import Engine, EngineBusy, Request, SearchUnavailable
from search.engines.vectors import EngineVectors, Near

from .texts import Entry, entry
from .vectors import VectorIndex

logger = logging.getLogger(__name__)

LISTED = 1000
"""Documents read at a time where nothing is encoded."""
WRITE_WAIT = 60.0
"""Seconds that vectors wait for the turn to write them to an engine."""
COUNTS_KEPT = 30.0
"""Seconds for which the number of documents with vectors is taken for known."""

Vector = NDArray[np.float32]


class Space(Protocol):
    """The vectors of the documents of one engine. Everything here raises SearchUnavailable when the engine does."""

    kept: VectorIndex

    def compare(self, vector: Vector) -> Callable[[Request, int], list[Near]]:
        """Compare with a question: a function for the nearest documents that meet a request's conditions."""

    def counts(self) -> tuple[int, int]:
        """How many documents there are, and how many have vectors."""

    def relist(self) -> None:
        """The engine has other documents than before, all of them."""

    def follow(self, keys: Sequence[str]) -> None:
        """These documents were written to the engine or deleted from it."""

    def lacking(self) -> Iterator[str]:
        """The documents without vectors."""

    def complete(self, keys: Sequence[str]) -> int:
        """The vectors of these documents' texts are kept now; how many of the documents lack them no more."""


class LocalSpace:
    """Vectors compared one by one, exactly, in files that all processes of this machine share."""

    def __init__(self, kept: VectorIndex, engine: Engine) -> None:
        self.kept, self.engine = kept, engine

    def compare(self, vector: Vector) -> Callable[[Request, int], list[Near]]:
        """Compared with all documents once; conditions that the files do not know are the engine's to check."""
        view = self.kept.view()
        cosines = view.cosines(vector)

        def nearest(request: Request, k: int) -> list[Near]:
            found = view.nearest(cosines, k, request.filters.kinds)
            near = [Near(one.key, one.kind, one.group, one.section, one.prior, cosine) for one, cosine in found]
            others = replace(request.filters, kinds=())
            if not near or not (others or request.phrases or request.excluded):
                return near
            keys = tuple(one.key for one in near)
            conditions = replace(request, terms=(), needed=(), keys=keys, limit=len(keys), offset=0)
            fitting = {candidate.key for candidate in self.engine.search(conditions).candidates}
            return [one for one in near if one.key in fitting]

        return nearest

    def counts(self) -> tuple[int, int]:
        """As the files know it."""
        view = self.kept.view()
        return len(view.entries), len(view.keys)

    def relist(self) -> None:
        """Note all documents that the engine has, and no others; drop the vectors that none of them uses."""
        listed: list[Entry] = []
        for batch in batches(self.engine.keys(), LISTED):
            listed += map(entry, self.engine.documents(batch).values())
        self.kept.replace_documents(listed)
        self.kept.prune()

    def follow(self, keys: Sequence[str]) -> None:
        """Note these documents as the engine has them now, or that they are gone."""
        for batch in batches(keys, LISTED):
            documents = self.engine.documents(batch)
            self.kept.note(map(entry, documents.values()), (key for key in batch if key not in documents))

    def lacking(self) -> Iterator[str]:
        """As the files know it."""
        return iter(self.kept.missing())

    def complete(self, keys: Sequence[str]) -> int:
        """What was changed or deleted since it was noted is noted anew, so that nothing is lacking for good."""
        self.follow(keys)
        return len(keys)


class EngineSpace:
    """Vectors that go along with the documents of an engine, and are compared there."""

    def __init__(self, kept: VectorIndex, engine: Engine, vectors: EngineVectors, model: str) -> None:
        self.kept, self.engine, self.vectors, self.model = kept, engine, vectors, model
        self._counts, self._counted = (0, 0), float("-inf")

    def compare(self, vector: Vector) -> Callable[[Request, int], list[Near]]:
        """Each call asks the engine. While it is away, nothing is near: another engine may stand in, by words."""
        numbers = [round(number, 6) for number in vector.tolist()]

        def nearest(request: Request, k: int) -> list[Near]:
            try:
                return self.vectors.nearest(numbers, self.model, request, k)
            except SearchUnavailable as reason:
                logger.warning("Searching by words alone: %s", reason)
                return []

        return nearest

    def counts(self) -> tuple[int, int]:
        """As the engine told within the last COUNTS_KEPT seconds."""
        if time.monotonic() - self._counted > COUNTS_KEPT:
            self._counts, self._counted = self.vectors.counts(self.model), time.monotonic()
        return self._counts

    def relist(self) -> None:
        """The engine knows its documents itself."""
        self._counted = float("-inf")

    def follow(self, keys: Sequence[str]) -> None:
        """The documents took along the vectors that were kept; the engine knows which lack them."""
        self._counted = float("-inf")

    def lacking(self) -> Iterator[str]:
        """As the engine tells."""
        self._counted = float("-inf")
        documents, encoded = self.counts()
        return self.vectors.lacking(self.model) if encoded < documents else iter(())

    def complete(self, keys: Sequence[str]) -> int:
        """Write the documents once more, as the engine has them: the vectors go along.

        In a turn of its own, so that nothing newer is overwritten.
        """
        self._counted = float("-inf")
        try:
            with self.engine.writing(wait=WRITE_WAIT) as writer:
                documents = self.engine.documents(keys)
                for document in documents.values():
                    writer.add(document)
        except EngineBusy as reason:
            raise SearchUnavailable(str(reason)) from reason
        for key, problem in writer.refused.items():
            logger.warning("The vectors of %s are not taken: %s", key, problem)
        return len(documents.keys() - writer.refused.keys())


def batches(items: Iterable[str], size: int) -> Iterator[list[str]]:
    """The items in lists of at most this size."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
