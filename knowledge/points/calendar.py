"""Months, quarters and years as the ledger counts them."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from .choices import PeriodKind

MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


def first_day(day: date, kind: str) -> date:
    """The first day of the month, quarter or year that a day stands in."""
    months = MONTHS[PeriodKind(kind)]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def last_day(day: date, kind: str) -> date:
    """The last day of the month, quarter or year that a day stands in."""
    *_, last = months_of(day, kind)
    return date(last.year, last.month, monthrange(last.year, last.month)[1])


def months_of(day: date, kind: str) -> Iterator[date]:
    """The first days of the months of the month, quarter or year that a day stands in."""
    begin = first_day(day, kind)
    for number in range(MONTHS[PeriodKind(kind)]):
        yield date(begin.year, begin.month + number, 1)


def month_before(day: date, back: int = 1) -> date:
    """The first day of the month that lies so many months back."""
    count = day.year * 12 + day.month - 1 - back
    return date(count // 12, count % 12 + 1, 1)
