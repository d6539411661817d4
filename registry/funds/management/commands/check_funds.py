"""Compare every balance and stock of the funds with its lines, and every published file with its fingerprint."""

import hashlib
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from printing.errors import DamagedDocument
from registry.funds import figures
from registry.funds.models import Statement


class Command(BaseCommand):
    help = "Find balances that are not the sum of their lines, and published files that changed."

    def handle(self, *args: Any, **options: Any) -> None:
        problems = [f"{one.what}: {one.stored}, lines {one.summed}" for one in figures.discrepancies()]
        problems += [problem for row in Statement.objects.select_related("document") if (problem := _damage(row))]
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} discrepancies")
        self.stdout.write("Every balance is the sum of its lines, and every published file is what was published.")


def _damage(statement: Statement) -> str:
    try:
        with statement.csv.open("rb") as stored:
            if hashlib.sha256(stored.read()).hexdigest() != statement.csv_sha256:
                return f"{statement}: CSV"
        if statement.document is not None:
            statement.document.content()
    except (OSError, DamagedDocument) as error:
        return f"{statement}: {error}"
    return ""
