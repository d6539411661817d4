"""What becomes of the points at a year's end: carried over, reset or expired, as lines of the ledger."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from registry.places.models import Place

from ..calendar import last_day
from ..choices import Account, Category, LineKind, PeriodKind, YearEnd
from ..models import Balance, Household, LedgerLine, Period, Rules, Total
from . import ledger
from .rules import rules_of

Changes = Callable[[Household], list[tuple[LineKind, int]]]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What closing December would do, as things stand."""

    rule: YearEnd
    households: int
    taken: int
    """Points that leave the year: those carried over come back on the first day of the next."""
    forgiven: int
    """Debts that leave the year likewise."""


def forecast(*, place: Place, december: date) -> Forecast:
    """What closing a December would write. Reads alone."""
    rules = rules_of(place)
    out = [entry.points for entry in _entries(rules, december, _current(place)) if entry.dated_on.month == 12]
    return Forecast(
        rule=YearEnd(rules.year_end),
        households=len(out),
        taken=-sum(points for points in out if points < 0),
        forgiven=sum(points for points in out if points > 0),
    )


def end_year(december: Period, by: Any) -> None:
    """Write what the village's rules do with the points of the year, once: the gains first, lest a balance dip."""
    place, first = december.place, december.first_day
    rules, households = rules_of(place), _current(place)
    days = [first, _new_year(first)] if rules.year_end == YearEnd.CARRY else [first]
    ledger.lock(place=place, days=days, households=[household.pk for household in households])
    if LedgerLine.objects.filter(period=december, account=Account.YEAR_END).exists():
        return
    entries = _entries(rules, first, households)
    if entries:
        ledger.append(place=place, entries=entries, by=by)


def _current(place: Place) -> Sequence[Household]:
    return list(Household.objects.filter(village=place, closed_on=None).order_by("pk"))


def _new_year(december: date) -> date:
    return date(december.year + 1, 1, 1)


def _entries(rules: Rules, december: date, households: Sequence[Household]) -> list[ledger.Entry]:
    changes = _changes(rules, december, _sums(rules.place, until=december))
    last, new_year = last_day(december, PeriodKind.MONTH), _new_year(december)
    return [
        _entry(household, kind, points, new_year if kind == LineKind.CARRIED_IN else last)
        for household in households
        for kind, points in changes(household)
        if points
    ]


def _entry(household: Household, kind: LineKind, points: int, day: date) -> ledger.Entry:
    return ledger.Entry(
        household=household,
        kind=kind,
        account=Account.YEAR_END,
        points=points,
        title=str(kind.label),
        happened_on=day,
        dated_on=day,
    )


def _changes(rules: Rules, december: date, at_end: dict[int, int]) -> Changes:
    """For a household, the kinds and points of its lines at the year's end."""
    if rules.year_end == YearEnd.CARRY:
        return lambda household: _carried(at_end.get(household.pk, 0))
    now = dict(Balance.objects.filter(household__village=rules.place).values_list("household", "points"))
    if rules.year_end == YearEnd.RESET:
        return lambda household: [(LineKind.RESET, -_spent_later(at_end.get(household.pk, 0), now[household.pk]))]
    first_valid = december.replace(year=december.year - rules.valid_years + 1, month=1)
    fresh = _sums(rules.place, since=first_valid, until=december, accounts=[*Category.values, Account.TRANSFER])
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
