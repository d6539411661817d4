"""Rows changed as the site's actions change them, and workers that bring the changes to the index."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess

from django.core.management import call_command
from django.db import connections, transaction

from search import comparison, engines, outbox
from search.models import OutboxEntry, SynonymGroup

PATIENCE = 120.0


def save(words: str, meaning: str = "离婚") -> SynonymGroup:
    """Write a row as an action does: it and its line in the outbox commit together."""
    with transaction.atomic():
        row, _ = SynonymGroup.objects.update_or_create(words=words, defaults={"expansions": meaning})
        outbox.record("word", [row.pk])
    return row


def delete(row: SynonymGroup) -> None:
    """The same for a row that goes."""
    with transaction.atomic():
        outbox.record("word", [row.pk])
        row.delete()


def differing() -> list[str]:
    """The keys in which the index differs from the database."""
    return comparison.compare().differing


@contextmanager
def worker_process() -> Iterator[BaseProcess]:
    """`deliver_search --watch` in a process of its own."""
    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=_work, daemon=True)
    process.start()
    try:
        yield process
    finally:
        if process.is_alive():
            process.terminate()
        process.join(timeout=30)


def _work() -> None:
    # Nothing that talks to anybody is shared with the process that this one was made from.
    connections.close_all()
    engines._engines.clear()
    call_command("deliver_search", watch=True)
    os._exit(0)


def wait_until(reached: Callable[[], bool], what: str) -> None:
    """Look every tenth of a second, for two minutes at most."""
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def nothing_waits() -> bool:
    """Whether every change has been delivered."""
    return not OutboxEntry.objects.filter(delivered_at=None).exists()
