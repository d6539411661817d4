"""Turns: one process at a time, on one machine, and none that dies keeps its turn."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.engines.base import EngineBusy

PAUSE = 0.02
"""Seconds between two attempts to get a turn."""


@contextmanager
def turn(path: Path, *, wait: float) -> Iterator[None]:
    """Hold the lock on this file; raises EngineBusy when another holds it for longer than `wait` seconds.

    The kernel keeps the lock and takes it back from a process that ends, however it ends. The file stays: deleting it
    would let two processes hold locks on two files of the same name.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait
    # A file of its own for each turn: two threads of one process keep each other off as well.
    with path.open("a") as file:
        while not _locked(file.fileno()):
            if time.monotonic() >= deadline:
                raise EngineBusy(f"another process has held {path.name} for {wait:g} seconds")
            time.sleep(PAUSE)
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
