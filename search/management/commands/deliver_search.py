"""Changes that wait brought to the index."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.engines.base import EngineBusy, SearchUnavailable
from search.outbox import deliver, problems

BATCH = 1000
"""Lines of one turn of writing: the site's own deliveries come in between."""


class Command(BaseCommand):
    """Delivers what no request could deliver after its commit; for a timer, and after an import."""

    help = "Bring changes that wait in the outbox to the search index."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `help` of each."""
        parser.add_argument("--retry", action="store_true", help="try again what failed too often")
        parser.add_argument("--wait", type=float, default=60.0, help="seconds to wait for another writer")

    def handle(self, *args: Any, **options: Any) -> None:
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
