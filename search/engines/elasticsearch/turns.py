"""Whose turn it is to write, over all processes on all hosts, and in which order turns were taken.

A cluster lets many write at once. That one at a time does so keeps changes in order and saves work; that an older
state never overwrites a newer one, even when a process sleeps through its turn, is the numbers' doing: each turn has
a higher number than all before it, rows are read within the turn, and Elasticsearch refuses a document whose number
is lower than that of the one it holds (decision 22).
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zlib import crc32

from asgiref.local import Local
from django.conf import settings
from django.db import connection, transaction

from search.engines.base import EngineBusy
from search.models import DeliveryClock

_POLL = 0.05

_local = Local()


def next_number(*, beyond: int = 0) -> int:
    """A number higher than every one given before and than `beyond`; microseconds since 1970 where those are higher.

    The time in it keeps the order when the database is restored from a backup: numbers given after that are higher
    than those that the lost days gave.
    """
    with transaction.atomic():
        clock, _ = DeliveryClock.objects.select_for_update().get_or_create(pk=1)
        clock.value = max(clock.value, beyond, time.time_ns() // 1000 - 1) + 1
        clock.save(update_fields=["value"])
    return clock.value


def last_number() -> int:
    """The highest number given so far, as this database remembers; 0 before the first."""
    return DeliveryClock.objects.filter(pk=1).values_list("value", flat=True).first() or 0


@contextmanager
def turn(name: str, *, wait: float) -> Iterator[None]:
    """Hold the one turn of that name over all processes of the site. Raises EngineBusy after `wait` seconds.

    The turn ends with the process or its database session, however they end. On PostgreSQL it is an advisory lock of
    the session, elsewhere (SQLite: one host) a lock on a file.
    """
    holding = _advisory_lock if connection.vendor == "postgresql" else _file_lock
    with holding(name, wait):
        yield


def _until(take: Callable[[], bool], name: str, wait: float) -> None:
    deadline = time.monotonic() + wait
    while not take():
        if time.monotonic() >= deadline:
            raise EngineBusy(f"Another process holds the turn {name!r} of the search index.")
        time.sleep(_POLL)


@contextmanager
def _advisory_lock(name: str, wait: float) -> Iterator[None]:
    keys = [crc32(b"xiangyue.search") - 2**31, crc32(name.encode()) - 2**31]
    # A session is given a lock again that it holds: that nobody takes a turn inside their own is for us to see to.
    held = _held_here()
    with connection.cursor() as cursor:

        def take() -> bool:
            if name in held:
                return False
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", keys)
            return bool(cursor.fetchone()[0])

        _until(take, name, wait)
    held.add(name)
    try:
        yield
    finally:
        held.discard(name)
        # A session that is gone took its locks along; what ended it is the exception to tell of.
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", keys)


def _held_here() -> set[str]:
    """The turns that this thread, and so its database session, holds now."""
    if not hasattr(_local, "held"):
        _local.held = set()
    held: set[str] = _local.held
    return held


@contextmanager
def _file_lock(name: str, wait: float) -> Iterator[None]:
    folder = Path(settings.SEARCH_INDEX_DIR)
    folder.mkdir(parents=True, exist_ok=True)

    def take(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    with (folder / f"{name}.lock").open("w") as file:
        _until(lambda: take(file), name, wait)
        yield
