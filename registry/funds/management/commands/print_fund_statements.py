"""Print what was published and has no PDF yet: after an interruption, or after the demo was set up."""

from typing import Any

from django.core.management.base import BaseCommand

from registry.funds import actions
from registry.funds.models import Correction, Statement


class Command(BaseCommand):
    help = "Print the PDFs of published statements and corrections that have none yet."

    def handle(self, *args: Any, **options: Any) -> None:
        statements = Statement.objects.filter(document=None).select_related("fund__manager", "fund__place")
        for statement in statements.order_by("ends_on", "pk"):
            document = actions.print_statement(statement=statement, by=statement.published_by)
            self.stdout.write(f"{document.number} {statement}")
        for note in Correction.objects.filter(document=None).select_related("statement__fund"):
            document = actions.print_correction(correction=note, by=note.published_by)
            self.stdout.write(f"{document.number} {note}")
