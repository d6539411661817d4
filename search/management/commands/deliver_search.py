"""Changes that wait brought to the index."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.engines.base import EngineBusy, SearchUnavailable
from search.outbox import deliver, problems
from search.worker import watch

BATCH = 1000
"""Lines of one turn of writing: the site's own deliveries come in between."""


class Command(BaseCommand):
    """Delivers what no request could deliver after its commit: once, for a timer, or for as long as it runs."""

    help = "Bring changes that wait in the outbox to the search index."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `help` of each."""
        parser.add_argument("--retry", action="store_true", help="try again what failed too often")
        parser.add_argument("--watch", action="store_true", help="go on as changes come, until told to stop")
        parser.add_argument("--wait", type=float, default=60.0, help="seconds to wait for another writer")

    def handle(self, *args: Any, **options: Any) -> None:
        """Deliver what waits, or go on delivering until a signal says to stop."""
        if options["watch"]:
            self._watch()
        else:
            self._deliver(options)

    def _watch(self) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        done = watch(stop)
        self.stdout.write(f"{done.delivered} delivered, {done.failed} failed.")

    def _deliver(self, options: dict[str, Any]) -> None:
        """Deliver batch after batch until nothing waits, or nothing but what fails."""
        delivered = failed = 0
        try:
            while True:
                # What failed in this run is not tried a second time in it.
                done = deliver(limit=BATCH, wait=options["wait"], retry=options["retry"] and not failed)
                delivered, failed = delivered + done.delivered, failed + done.failed
                if not done.delivered:
                    break
        except (EngineBusy, SearchUnavailable) as reason:
            raise CommandError(str(reason)) from reason
        if options["verbosity"] > 0:
            self.stdout.write(f"{delivered} delivered, {failed} failed.")
        for line in problems() if failed else ():
            self.stderr.write(self.style.WARNING(f"{line}: {line.error}"))
