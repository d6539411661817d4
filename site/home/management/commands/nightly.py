"""All that is done once a night, behind one line of a timer."""

import logging
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

logger = logging.getLogger(__name__)

TASKS = (
    "sync_groups",
    "post_points",
    "expire_filings",
    "print_fund_statements",
    "forget_queries",
    "verify_points",
    "check_funds",
    "verify_documents",
    "verify_search",
)
"""First what the new day changes, then what is to be forgotten, then whether all that is kept is right."""


class Command(BaseCommand):
    help = "Do what is due once a night; one task that fails keeps no other from being done."

    def handle(self, *args: Any, **options: Any) -> None:
        failed = [task for task in TASKS if not self._done(task, options["verbosity"])]
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}")

    def _done(self, task: str, verbosity: int) -> bool:
        close_old_connections()
        try:
            call_command(task, verbosity=verbosity, stdout=self.stdout, stderr=self.stderr)
        except CommandError as error:
            self.stderr.write(f"{task}: {error}")
        except Exception:
            logger.exception("%s failed", task)
        else:
            return True
        return False
