"""Check or import one spreadsheet that was handed in; the back office starts this for long ones."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from registry.importing import actions
from registry.importing.models import ImportRun


class Command(BaseCommand):
    help = "Check or import one spreadsheet that was handed in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        run = ImportRun.objects.select_related("uploaded_by").get(pk=options["run"])
        if run.is_under_way:
            actions.work_on(run=run)
        self.stdout.write(run.get_state_display())
