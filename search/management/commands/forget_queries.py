"""What people asked long ago is forgotten."""

from typing import Any

from django.core.management.base import BaseCommand

from search import querylog


class Command(BaseCommand):
    """For a timer, once a night; see the settings SEARCH_QUERY_DAYS and WAGTAILSEARCH_HITS_MAX_AGE."""

    help = "Forget unanswered queries that nobody asked for long, and the daily counts of old queries."

    def handle(self, **options: Any) -> None:
        """Delete and tell."""
        forgotten = querylog.forget()
        if options["verbosity"] > 0:
            self.stdout.write(f"{forgotten} unanswered queries forgotten.")
