"""Proves that the tree of places holds together."""

from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from registry.places.checking import problems
from registry.places.models import Place


class Command(BaseCommand):
    """Says what is wrong with paths, counts, codes and levels, and fails when anything is."""

    help = "Check the tree of places: paths, counts of what is below, codes and levels"

    def add_arguments(self, parser: CommandParser) -> None:
        """How much to say."""
        parser.add_argument("--most", type=int, default=50, help="how many problems to print (50)")

    def handle(self, *args: Any, most: int, **options: Any) -> None:
        """Read the table once."""
        found = problems()
        shown = list(islice(found, most))
        for problem in shown:
            self.stdout.write(problem)
        total = len(shown) + sum(1 for _problem in found)
        if total:
            raise CommandError(_("共 %(total)d 个问题。") % {"total": total})
        self.stdout.write(_("%(count)d 个地方，没有问题。") % {"count": Place.objects.count()})
