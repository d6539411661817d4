"""Write all grants in the shape of the 360Giving Data Standard."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from registry.funds import giving


class Command(BaseCommand):
    help = "Write all grants of money as 360Giving 1.4 JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the file to write; - for the standard output")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        text = json.dumps(giving.package(), ensure_ascii=False, indent=2)
        if str(path) == "-":
            self.stdout.write(text)
            return
        path.write_text(text + "\n", encoding="utf-8")
        self.stdout.write(f"{len(giving.grants())} grants: {path}")
