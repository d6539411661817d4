"""Makes the vectors that documents lack: in a thread of the process that delivered them, or by `encode_search`.

Texts are read from the engine, never from the database: what is found by its vector is then what is found by its terms.
"""

import fcntl
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
from django.db import connections
from numpy.typing import NDArray

from search.engines.base import Engine, SearchUnavailable

from .spaces import Space, batches
from .texts import digest, texts

logger = logging.getLogger(__name__)

BATCH = 100
"""Documents encoded between two writes; what a process that dies leaves to be encoded again."""
BACKGROUND_LIMIT = 500
"""Documents that a process of the site encodes beside its work, some seconds of it; more wait for `encode_search`."""

EncodeTexts = Callable[[Sequence[str]], NDArray[np.float32]]


def catch_up(
    space: Space,
    engine: Engine,
    encode: EncodeTexts,
    *,
    most: int | None = None,
    told: Callable[[int], object] = int,
) -> int:
    """Encode the documents that lack vectors; how many lack them no more. One process at a time, the others wait.

    When more than `most` lack them, none is encoded. `told` is called with the number of documents done since its
    last call. Raises SearchUnavailable.
    """
    done = 0
    with _turn(space.kept.folder):
        # Listed before the first is written: a list that is being read must not change.
        lacking = list(space.lacking() if most is None else islice(space.lacking(), most + 1))
        if most is not None and len(lacking) > most:
            logger.warning("More than %s documents have no vectors yet: run manage.py encode_search", most)
            return 0
        for batch in batches(lacking, BATCH):
            wanted = {digest(text): text for document in engine.documents(batch).values() for text in texts(document)}
            if new := space.kept.lacking(wanted):
                vectors = encode([wanted[key] for key in new])
                space.kept.add(dict(zip(new, vectors, strict=True)))
            done += space.complete(batch)
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
            finally:
                # An engine may take its turn to write in the database.
                connections.close_all()


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One process that encodes; two would do the same work twice."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "encoding.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
