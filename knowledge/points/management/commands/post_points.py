"""What the night does: months begin, publicity ends in the ledger, pages whose items turned go into the search."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from knowledge.points import indexing
from knowledge.points.actions import periods
from knowledge.points.actions.posting import post_due
from knowledge.points.models import Claim
from registry.places.models import Place


class Command(BaseCommand):
    help = "Post the points whose publicity is over and that nobody objects to; once a day, after midnight."

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        periods.begin_months(today)
        due = Claim.objects.due(today).order_by().values("place")
        for place in Place.objects.filter(pk__in=due).order_by("code"):
            self.stdout.write(f"{place}：{len(post_due(place=place, by=None))} 行")
        with transaction.atomic():
            indexing.day_began(today)
