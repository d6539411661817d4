"""How much of each item's cap households have used, for many at once."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Sum

from .calendar import first_day
from .models import CapUse, Claim, Household, Item


class Caps:
    """What is left of the caps of some items for some households.

    What is posted counts, and with `waiting` what is on its way.
    """

    def __init__(self, *, households: Collection[int], items: Collection[int], waiting: bool) -> None:
        self._used: defaultdict[tuple[int, int, date], int] = defaultdict(int)
        posted = CapUse.objects.filter(household__in=households, item__in=items)
        for household, item, begin, points in posted.values_list("household", "item", "cap_from", "points"):
            self._used[household, item, begin] += points
        if waiting:
            self._count_waiting(households, items)

    def _count_waiting(self, households: Collection[int], items: Collection[int]) -> None:
        claims = Claim.objects.open().filter(household__in=households, item__in=items).exclude(item__cap=None)
        sums = claims.order_by().values_list("household", "item", "item__cap_period", "happened_on")
        for household, item, kind, day, points in sums.annotate(sum=Sum("points")):
            self._used[household, item, first_day(day, kind)] += abs(points)

    def take(self, household: Household, item: Item, day: date, points: int) -> int | None:
        """Count these points. Returns None when they fit, else how many would."""
        if item.cap is None:
            return None
        key = (household.pk, item.pk, first_day(day, item.cap_period))
        left = max(0, item.cap - self._used[key])
        if abs(points) > left:
            return left
        self._used[key] += abs(points)
        return None
