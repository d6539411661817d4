"""What pages and reports say of points: read from the totals that the database keeps, never summed over the ledger."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from registry.places.models import Place

from .calendar import first_day, month_before
from .choices import Category
from .models import Household, Period, Total


@dataclass(frozen=True, slots=True)
class Month:
    """What a village's households earned in a month."""

    first_day: date
    points: int
    households: int

    @property
    def label(self) -> str:
        """9月, with the year in January."""
        return f"{self.first_day.year}年1月" if self.first_day.month == 1 else f"{self.first_day.month}月"


def earned(place: Place, since: date, until: date) -> "QuerySet[Total]":
    """The totals of a village's items in the months between two days, both included."""
    return Total.objects.filter(
        period__place=place,
        period__first_day__gte=first_day(since, "month"),
        period__first_day__lte=until,
        account__in=Category.values,
    )


def trend(place: Place, *, until: date, months: int = 12) -> list[Month]:
    """Month by month up to the one that a day stands in; months without a line are nothing."""
    since = month_before(until, months - 1)
    rows = earned(place, since, until).order_by().values_list("period__first_day")
    sums = rows.annotate(Sum("points"), Count("household", distinct=True))
    found = {first: (points, households) for first, points, households in sums}
    firsts = [month_before(until, back) for back in range(months - 1, -1, -1)]
    return [Month(first, *found.get(first, (0, 0))) for first in firsts]


def by_category(place: Place, *, since: date, until: date) -> dict[str, int]:
    """Points by category, every category in its order."""
    rows = earned(place, since, until).order_by().values_list("account").annotate(Sum("points"))
    sums = dict(rows)
    return {category: sums.get(category, 0) for category in Category.values}


def ranking(place: Place, *, since: date, until: date, only: Collection[int] | None = None) -> "QuerySet[Household]":
    """A village's households by what they earned between two days: `earned`, the highest first, code by code."""
    periods = list(
        Period.objects.filter(place=place, first_day__gte=first_day(since, "month"), first_day__lte=until).values_list(
            "pk", flat=True
        )
    )
    # Asked household by household through the totals' own index: no other month is read, however many there are.
    own = Total.objects.filter(household=OuterRef("pk"), period__in=periods, account__in=Category.values)
    sums = own.order_by().values("household").annotate(sum=Sum("points")).values("sum")
    households = Household.objects.current().of_village(place)
    if only is not None:
        households = households.filter(pk__in=only)
    return households.annotate(earned=Coalesce(Subquery(sums), 0)).order_by("-earned", "code")


def top(place: Place, *, count: int, since: date, until: date) -> "list[Household]":
    """The households that earned most, of those that agreed to be named; none with nothing."""
    if not count:
        return []
    named = ranking(place, since=since, until=until).named().filter(earned__gt=0)  # type: ignore[attr-defined]
    return list(named[:count])


def ranks(rows: Iterable[Household]) -> list[tuple[int, Household]]:
    """Households in the order of what they earned, with their ranks: as many points, as high a rank."""
    ranked: list[tuple[int, Household]] = []
    for number, household in enumerate(rows, start=1):
        same = ranked and ranked[-1][1].earned == household.earned  # type: ignore[attr-defined]
        ranked.append((ranked[-1][0] if same else number, household))
    return ranked
