"""The worker: delivers what waits in the outbox as it comes, for as long as it runs."""

import logging
import threading
from dataclasses import dataclass

from django.db import DatabaseError, close_old_connections, connection

from . import outbox
from .engines import get_engine
from .engines.base import EngineBusy, SearchUnavailable

logger = logging.getLogger(__name__)

POLL = 0.5
"""Seconds between two looks into an empty outbox; a quarter of the time in which an edit is to be found."""
BATCH = 500
"""Lines delivered in one turn: a worker that dies repeats no more, and another waits no longer."""
TURN_WAIT = 5.0
"""Seconds that a worker waits for its turn; another worker that has it does the same work."""
SLOWEST = 10.0
"""The longest pause, in seconds, while the engine or the database is away."""


@dataclass(slots=True)
class Progress:
    """What a worker has done so far."""

    delivered: int = 0
    failed: int = 0


def watch(stop: threading.Event, *, poll: float = POLL) -> Progress:
    """Deliver until told to stop. Any number of workers may run: one at a time writes, the others stand by.

    Whatever is away (the engine, the database) is waited for, longer each time up to SLOWEST seconds; the lines wait
    with it.
    """
    progress = Progress()
    pause, away = poll, ""
    logger.info("Search delivery begins; the index: %s", get_engine().status().message)
    while not stop.is_set():
        problem, more = _deliver(progress)
        pause = min(pause * 2, SLOWEST) if problem else poll
        if problem != away:
            logger.warning("Search delivery waits: %s" if problem else "Search delivery goes on%s", problem)
            away = problem
        if not more:
            stop.wait(pause)
    return progress


def _deliver(progress: Progress) -> tuple[str, bool]:
    """Deliver one batch. What keeps it from being delivered, or nothing; and whether more waits."""
    try:
        done = outbox.deliver(limit=BATCH, wait=TURN_WAIT)
    except (EngineBusy, SearchUnavailable) as reason:
        return str(reason), False
    except DatabaseError as error:
        logger.exception("Search delivery cannot read the database")
        connection.close()
        return type(error).__name__, False
    finally:
        close_old_connections()
    progress.delivered += done.delivered
    progress.failed += done.failed
    return "", bool(done.delivered) and done.left > 0
