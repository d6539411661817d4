"""Closing months, quarters and years, and what becomes of the points at a year's end."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from registry.places.models import Place

from ..calendar import last_day, months_of
from ..choices import Account, Category, LineKind, YearEnd
from ..models import Balance, Household, LedgerLine, Period, Rules, Total
from ..verification import differences
from . import ledger
from .rules import rules_of


@transaction.atomic
def close(*, place: Place, day: date, kind: str, by: Any) -> list[Period]:
    """Close the month, quarter or year that a day stands in; December closes with the year's end.

    Raises ValidationError while the period lasts, while an earlier month is open, and where the totals that the
    database keeps are not those of the lines.
    """
    if last_day(day, kind) >= timezone.localdate():
        raise ValidationError(_("这个账期还没有结束，不能结账。"))
    closed = []
    for first in months_of(day, kind):
        period = Period.of(place, first)
        if period.closed_at is None:
            closed.append(_close_month(period, by))
    if not closed:
        raise ValidationError(_("这个账期已经结过账。"))
    return closed


def _close_month(period: Period, by: Any) -> Period:
    if period.first_day.month == 12:
        _end_year(period, by)
    period = Period.objects.select_for_update().select_related("place").get(pk=period.pk)
    if period.closed_at is not None:
        raise ValidationError(_("%(period)s 已经结账。") % {"period": period})
    earlier = Period.objects.filter(place=period.place, first_day__lt=period.first_day, closed_at=None).first()
    if earlier is not None:
        raise ValidationError(_("%(period)s 还没有结账，请按顺序结账。") % {"period": earlier})
    found = differences(place=period.place)
    if found:
        raise ValidationError([_("账不平，不能结账："), *found[:10]])
    period.closed_at, period.closed_by = timezone.now(), by
    period.save(update_fields=["closed_at", "closed_by"])
    audit.record(
        by=by, action="points.close_period", subject=period, place=period.place, period=str(period), lines=period.lines
    )
    return period


def _end_year(december: Period, by: Any) -> None:
    """What the village's rules do with the points of the year, as lines: the gains first, lest a balance dip."""
    place = december.place
    rules = rules_of(place)
    households = list(Household.objects.filter(village=place, closed_on=None).order_by("pk"))
    new_year = december.last_day + timedelta(days=1)
    days = [december.first_day, new_year] if rules.year_end == YearEnd.CARRY else [december.first_day]
    ledger.lock(place=place, days=days, households=[household.pk for household in households])
    if LedgerLine.objects.filter(period=december, account=Account.YEAR_END).exists():
        return
    at_end = _sums(place, until=december.first_day)
    changes = _changes(rules, december, at_end)
    entries = [
        _year_end(household, kind, points, new_year if kind == LineKind.CARRIED_IN else december.last_day)
        for household in households
        for kind, points in changes(household)
        if points
    ]
    if entries:
        ledger.append(place=place, entries=entries, by=by)


def _year_end(household: Household, kind: LineKind, points: int, day: date) -> ledger.Entry:
    return ledger.Entry(
        household=household,
        kind=kind,
        account=Account.YEAR_END,
        points=points,
        title=str(kind.label),
        happened_on=day,
        dated_on=day,
    )


def _changes(rules: Rules, december: Period, at_end: dict[int, int]) -> Any:
    """For a household, the kinds and points of its lines at the year's end."""
    if rules.year_end == YearEnd.CARRY:
        return lambda household: _carried(at_end.get(household.pk, 0))
    now = dict(Balance.objects.filter(household__village=rules.place).values_list("household", "points"))
    if rules.year_end == YearEnd.RESET:
        return lambda household: [(LineKind.RESET, -_spent_later(at_end.get(household.pk, 0), now[household.pk]))]
    first_valid = december.first_day.replace(year=december.first_day.year - rules.valid_years + 1, month=1)
    fresh = _sums(
        rules.place, since=first_valid, until=december.first_day, accounts=[*Category.values, Account.TRANSFER]
    )
    return lambda household: [
        (
            LineKind.EXPIRY,
            -max(0, _spent_later(at_end.get(household.pk, 0) - max(0, fresh.get(household.pk, 0)), now[household.pk])),
        )
    ]


def _spent_later(points: int, now: int) -> int:
    """Points of the year's end that are still there: those redeemed since are not taken a second time."""
    return min(points, max(0, now)) if points > 0 else points


def _carried(points: int) -> list[tuple[LineKind, int]]:
    pair = [(LineKind.CARRIED_IN, points), (LineKind.CARRIED_OUT, -points)]
    return pair if points > 0 else pair[::-1]


def _sums(place: Place, *, until: date, since: date | None = None, accounts: list[str] | None = None) -> dict[int, int]:
    """What each household's months add up to, by the totals."""
    totals = Total.objects.filter(period__place=place, period__first_day__lte=until)
    if since is not None:
        totals = totals.filter(period__first_day__gte=since)
    if accounts is not None:
        totals = totals.filter(account__in=accounts)
    return dict(totals.order_by().values_list("household").annotate(Sum("points")))


def open_months(place: Place) -> list[Period]:
    """The months of a village that have ended and are not closed, the earliest first."""
    ended = Period.objects.filter(place=place, closed_at=None, last_day__lt=timezone.localdate())
    return list(ended.order_by("first_day"))
