"""Whether balances, totals, caps and stocks are what the lines say."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from knowledge.points.models import LedgerLine
from knowledge.points.verification import differences


class Command(BaseCommand):
    help = "Compare the balances, totals, caps and stocks of points with the lines; end with 1 where they differ."

    def handle(self, *args: Any, **options: Any) -> None:
        found = differences()
        for text in found:
            self.stdout.write(text)
        if found:
            raise CommandError(f"{len(found)} 处不符。")
        self.stdout.write(self.style.SUCCESS(f"{LedgerLine.objects.count()} 行，全部相符。"))
