"""What several reports say of the households of a village: which there were, what they got, how they are named."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from accounts.sensitive import mask_name
from registry.places.models import Place

from ..choices import Category
from ..models import Household, Succession, Total
from .base import Column
from .spans import Span

Points = Mapping[int, Mapping[str, int]]
"""By household and account; nothing where no line stands."""

EARNED = tuple(
    Column(category.value, category.label, 5.2, "integer", summed=True, group=_("本期积分")) for category in Category
)
"""A column for each category."""
UNNAMED = "—"


def points_of(place: Place, span: Span) -> Points:
    """What each household of a village got and gave in a span, by account; one query over the totals."""
    rows = Total.objects.filter(period__place=place, period__first_day__range=(span.first_day, span.last_day))
    return _by_household(rows.order_by().values_list("household", "account").annotate(Sum("points")))


def opening(place: Place, day: date) -> Mapping[int, int]:
    """What each household of a village had when a month began."""
    rows = Total.objects.filter(period__place=place, period__first_day__lt=day).order_by()
    return dict(rows.values_list("household").annotate(Sum("points")))


def of_span(place: Place, span: Span) -> "QuerySet[Household]":
    """The households that the villages at a place had in a span, in the order of their codes.

    Those that a line of the span stands for are always among them: the sums are the ledger's.
    """
    totals = Total.objects.filter(household=OuterRef("pk"), period__first_day__range=(span.first_day, span.last_day))
    later = Succession.objects.filter(later=OuterRef("pk"), kind=Succession.Kind.SPLIT, on__gt=span.last_day)
    there = (Q(closed_on=None) | Q(closed_on__gte=span.first_day)) & ~Exists(later)
    return Household.objects.at(place).filter(there | Exists(totals)).order_by("code")


def _by_household(rows: Iterable[tuple[int, str, int]]) -> Points:
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for household, account, points in rows:
        found[household][account] = points
    return found


def earned(points: Mapping[str, int]) -> dict[str, int]:
    """By category, every category in its order."""
    return {category: points.get(category, 0) for category in Category.values}


def ranks(points: Iterable[int]) -> dict[int, int]:
    """The rank of each sum: as many points, as high a rank; the next rank counts those before it."""
    ordered = sorted(points, reverse=True)
    found: dict[int, int] = {}
    for number, one in enumerate(ordered, start=1):
        found.setdefault(one, number)
    return found


def posted_name(household: Household, figures: Iterable[int]) -> str:
    """How a household is named on a notice board, beside its code.

    By its whole name where it agreed to that, else by the first character. Beside a figure below zero stands no name,
    whatever was agreed to: nobody is shamed (decision 62).
    """
    if any(figure < 0 for figure in figures):
        return UNNAMED
    return household.head if household.consent_on else mask_name(household.head)
