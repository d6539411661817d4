"""The worker that prints batches."""

import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils.crypto import get_random_string
from django_tasks import task_backends
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.management.commands.db_worker import Worker

from printing import batch_runner

_QUEUE = "batches"


class Command(BaseCommand):
    """Works through the queue `batches`, and goes on with what an earlier worker left unfinished."""

    help = "Print batches in the background: what waits, or with --watch for as long as it runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `help` of each."""
        parser.add_argument("--watch", action="store_true", help="go on as batches come, until told to stop")
        parser.add_argument("--interval", type=float, default=2.0, help="seconds between two looks at the queue")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take what waits; a signal to stop lets the documents in hand be finished."""
        if not isinstance(task_backends[_QUEUE], DatabaseBackend):
            raise CommandError(f"TASKS[{_QUEUE!r}] is not kept in the database: there is nothing to work through.")
        worker = Worker(
            queue_names=[_QUEUE],
            interval=options["interval"],
            batch=True,
            backend_name=_QUEUE,
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )

        def stop(*_: object) -> None:
            worker.running = False
            batch_runner.stopping.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        while worker.running:
            close_old_connections()
            batch_runner.resume()
            worker.run()
            if not options["watch"]:
                break
            _sleep(options["interval"])


def _sleep(seconds: float) -> None:
    """Sleep, but not past a signal: Python resumes an interrupted sleep."""
    until = time.monotonic() + seconds
    while not batch_runner.stopping.is_set() and (left := until - time.monotonic()) > 0:
        time.sleep(min(0.2, left))
