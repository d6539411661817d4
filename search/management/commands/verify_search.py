"""Compare the search index with the database, document by document, and mend what differs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import comparison
from search.engines.base import EngineBusy, SearchUnavailable

SHOWN = 20


class Command(BaseCommand):
    """Exit status 0 when the index equals the database (after a repair, too), 1 when it does not."""

    help = "Compare the search index with the database document by document; with --repair, mend what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        """--repair."""
        parser.add_argument("--repair", action="store_true", help="deliver what differs, then compare again")

    def handle(self, *, repair: bool, **options: Any) -> None:
        """Compare, tell, repair, compare again."""
        try:
            found = self._compare()
            if found.differing and repair:
                self.stdout.write(f"Delivering {comparison.repair(found)} documents …")
                found = self._compare()
        except (EngineBusy, SearchUnavailable) as reason:
            raise CommandError(str(reason)) from reason
        if found.differing or found.broken:
            advice = "" if repair else " manage.py verify_search --repair delivers them."
            raise CommandError(f"The index differs from the database in {len(found.differing)} documents.{advice}")

    def _compare(self) -> comparison.Comparison:
        found = comparison.compare()
        self.stdout.write(f"{found.compared} documents compared.")
        for title in ("missing", "different", "surplus"):
            keys = getattr(found, title)
            if keys:
                more = f" … and {len(keys) - SHOWN} more" if len(keys) > SHOWN else ""
                self.stdout.write(f"  {title}: {len(keys)} ({', '.join(keys[:SHOWN])}{more})")
        for key, error in list(found.broken.items())[:SHOWN]:
            self.stderr.write(f"  {key} cannot be made into a document: {error}")
        if not found.differing:
            self.stdout.write("The index equals the database.")
        return found
