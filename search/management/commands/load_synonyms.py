"""Load the synonyms that the project brings, or another list of the same form."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import actions
from search.importers import SEED_FILE, read_synonyms


class Command(BaseCommand):
    """Loading again changes nothing, and never what an editor changed."""

    help = "Load synonyms from a tab-separated file (lay, legal, field). Never overwrites an editor's change."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file; without it, the project's own list."""
        parser.add_argument("file", nargs="?", type=Path, default=SEED_FILE)

    def handle(self, *, file: Path, **options: Any) -> None:
        """Read, load, report."""
        try:
            read = read_synonyms(file)
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise CommandError(str(error)) from error
        report = actions.load_synonyms(lines=read.lines)
        for problem in [*read.problems, *report.problems]:
            self.stderr.write(f"{file.name} {problem}")
        self.stdout.write(
            f"Synonyms: {report.created} created, {report.updated} updated, {report.unchanged} unchanged, "
            f"{report.kept} kept as editors left them."
        )
