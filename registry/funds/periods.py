"""The periods in which a fund gives account: blocks of one, two or three months of the calendar."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Fund

QUARTER = 3


@dataclass(frozen=True, order=True)
class Period:
    """From the first to the last day, both included."""

    starts_on: date
    ends_on: date

    @property
    def title(self) -> str:
        """In words: 2026年第1季度, 2026年3月; of a part of a block, its days."""
        start, end = self.starts_on, self.ends_on
        if start.day == 1 and end == _block_end(start, 1):
            return _("%(year)s年%(month)s月") % {"year": start.year, "month": start.month}
        if start.day == 1 and start.month % QUARTER == 1 and end == _block_end(start, QUARTER):
            return _("%(year)s年第%(quarter)s季度") % {"year": start.year, "quarter": start.month // QUARTER + 1}
        return _("%(start)s至%(end)s") % {"start": _day(start), "end": _day(end)}

    def due_on(self, fund: Fund) -> date:
        """The last day on which the fund's account of this period is in time."""
        return self.ends_on + timedelta(days=fund.disclosure_days)


def next_period(fund: Fund, after: date | None) -> Period | None:
    """The period that follows the last one published; the first of the fund where there is none. None after its end."""
    start = after + timedelta(days=1) if after else fund.started_on
    end = _block_end(start, fund.disclosure_months)
    if fund.closed_on:
        end = min(end, fund.closed_on)
    return Period(start, end) if start <= end else None


def finished_periods(fund: Fund, after: date | None, today: date | None = None) -> Iterator[Period]:
    """The periods since the last one published that are over, the oldest first."""
    today = today or timezone.localdate()
    while (period := next_period(fund, after)) is not None and period.ends_on < today:
        yield period
        after = period.ends_on


def months_between(first: date, last: date) -> Iterator[date]:
    """The first days of the months from one day to another."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = _block_end(month, 1) + timedelta(days=1)


def _block_end(day: date, months: int) -> date:
    """The last day of the block of months that a day lies in, counted from January."""
    month = (day.month - 1) // months * months + months
    return day.replace(month=month, day=calendar.monthrange(day.year, month)[1])


def _day(day: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日") % {"year": day.year, "month": day.month, "day": day.day}
