"""Which accounts of which funds are due, overdue, or want a note of correction."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max
from django.utils import timezone

from .models import Fund, Statement, Voucher
from .periods import Period, finished_periods


@dataclass(frozen=True)
class Due:
    """A period that is over and of which a fund has not given account."""

    fund: Fund
    period: Period
    due_on: datetime.date
    today: datetime.date

    @property
    def is_overdue(self) -> bool:
        """Whether the last day for it has passed."""
        return self.due_on < self.today

    @property
    def days_over(self) -> int:
        """For how many days it has been overdue; 0 while there is time."""
        return max(0, (self.today - self.due_on).days)


def due(funds: Iterable[Fund], today: datetime.date | None = None) -> list[Due]:
    """The accounts that these funds owe, those first that have been due the longest. One query."""
    today = today or timezone.localdate()
    funds = list(funds)
    published = Statement.objects.filter(fund__in=[fund.pk for fund in funds]).order_by()
    last = dict(published.values_list("fund").annotate(Max("ends_on")))
    found = [
        Due(fund, period, period.due_on(fund), today)
        for fund in funds
        for period in finished_periods(fund, last.get(fund.pk), today)
    ]
    return sorted(found, key=lambda one: (one.due_on, one.fund.code))


def overdue(funds: Iterable[Fund], today: datetime.date | None = None) -> list[Due]:
    """Those of which the last day has passed."""
    return [one for one in due(funds, today) if one.is_overdue]


def untold_reversals(funds: Iterable[Fund]) -> list[tuple[Statement, Voucher]]:
    """Published statements in which something was reversed later, without a note that says so."""
    statements = Statement.objects.filter(fund__in=[fund.pk for fund in funds]).select_related("fund")
    pairs = []
    for statement in statements.order_by("fund", "starts_on"):
        untold = Voucher.objects.correcting(statement).select_related("reverses", "fund")
        pairs += [(statement, voucher) for voucher in untold]
    return pairs
