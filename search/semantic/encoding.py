"""Keeps the vectors in step with the engine: which documents there are, and vectors for those that lack them.

Everything is read from the engine, never from the database: what is found by its vector is then what is found by its
terms. A document that changed is noted at once; its vectors follow, made by a thread of the process that delivered it
or by `manage.py encode_search`.
"""

import fcntl
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.engines.base import Engine, SearchUnavailable

from .texts import Entry, digest, entry, texts
from .vectors import VectorIndex

logger = logging.getLogger(__name__)

BATCH = 100
"""Documents encoded between two writes; what a process that dies leaves to be encoded again."""
LISTED = 1000
"""Documents read at a time where nothing is encoded."""
BACKGROUND_LIMIT = 500
"""Documents that a process of the site encodes beside its work, some seconds of it; more wait for `encode_search`."""

EncodeTexts = Callable[[Sequence[str]], NDArray[np.float32]]


def follow(index: VectorIndex, engine: Engine, keys: Iterable[str]) -> None:
    """Note these documents as the engine has them now, or that they are gone. Raises SearchUnavailable."""
    for batch in _batches(keys, LISTED):
        documents = engine.documents(batch)
        index.note(map(entry, documents.values()), (key for key in batch if key not in documents))


def relist(index: VectorIndex, engine: Engine) -> int:
    """Note all documents that the engine has, and no others; how many. Raises SearchUnavailable."""
    listed: list[Entry] = []
    for batch in _batches(engine.keys(), LISTED):
        listed += map(entry, engine.documents(batch).values())
    index.replace_documents(listed)
    return len(listed)


def catch_up(
    index: VectorIndex,
    engine: Engine,
    encode: EncodeTexts,
    *,
    most: int | None = None,
    told: Callable[[int], object] = int,
) -> int:
    """Encode the documents that lack a vector; how many. One process at a time, the others wait.

    When more than `most` lack one, none is encoded. `told` is called with the number of documents done since its last
    call. Raises SearchUnavailable.
    """
    done = 0
    with _turn(index.folder):
        missing = index.missing()
        if most is not None and len(missing) > most:
            logger.warning("%s documents have no vectors yet: run manage.py encode_search", len(missing))
            return 0
        for batch in _batches(missing, BATCH):
            wanted = {digest(text): text for document in engine.documents(batch).values() for text in texts(document)}
            if lacking := index.lacking(wanted):
                vectors = encode([wanted[key] for key in lacking])
                index.add(dict(zip(lacking, vectors, strict=True)))
            # What was changed or deleted since it was noted is noted anew, so that nothing stays missing for good.
            follow(index, engine, batch)
            done += len(batch)
            told(len(batch))
    return done


class Background:
    """A thread that encodes what changed while the process serves. It ends when nothing is left to do."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._work: Callable[[], int] | None = None

    def wake(self, work: Callable[[], int]) -> None:
        """See to it that `work` is done once more from now, in a thread, until it has nothing left to do."""
        with self._lock:
            self._work = work
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="search-encoding", daemon=True)
                self._thread.start()

    def wait(self, timeout: float | None = None) -> None:
        """Until the thread has ended, if one runs."""
        if (thread := self._thread) is not None:
            thread.join(timeout)

    def _next(self) -> Callable[[], int] | None:
        with self._lock:
            work, self._work = self._work, None
            if work is None:
                self._thread = None
            return work

    def _run(self) -> None:
        while (work := self._next()) is not None:
            try:
                while work():
                    pass
            except SearchUnavailable as reason:
                logger.warning("Vectors wait: %s", reason)
            except Exception:
                logger.exception("Vectors wait")


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One process that encodes; two would do the same work twice."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "encoding.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _batches(items: Iterable[str], size: int) -> Iterator[list[str]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
