"""What a fund had, took in and gave out, from its books; every sum follows from the lines."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.db.models.functions import TruncMonth
from django.utils import timezone

from .models import DEBIT_ACCOUNTS, MONEY_ACCOUNTS, Balance, Entry, Fund, GoodsLine, Kind, Stock
from .periods import Period, months_between

FEN = Decimal("0.01")
ZERO = Decimal("0.00")
_THOUSANDTH = Decimal("0.001")


def yuan(value: Decimal | None) -> Decimal:
    """A sum as yuan and fen: SQLite adds binary fractions, and an empty sum is none."""
    return (value or ZERO).quantize(FEN)


@dataclass(frozen=True)
class KindSum:
    """What moved by one kind of entry. A reversal counts on the side on which it moves money."""

    kind: str
    income: Decimal
    expense: Decimal
    count: int

    @property
    def label(self) -> str:
        """The kind as users read it."""
        return str(Kind(self.kind).label)


@dataclass(frozen=True)
class MonthSum:
    """A month that adds up: opening and income less expense is closing."""

    month: datetime.date
    opening: Decimal
    income: Decimal
    expense: Decimal

    @property
    def closing(self) -> Decimal:
        """What was there at the end of the month."""
        return self.opening + self.income - self.expense


@dataclass(frozen=True)
class GoodsSum:
    """What moved of one good, and what is left at the end."""

    goods: str
    unit: str
    opening: Decimal
    income: Decimal
    expense: Decimal
    value: Decimal
    """The appraised value of what is left."""

    @property
    def closing(self) -> Decimal:
        """The quantity that is left."""
        return self.opening + self.income - self.expense


@dataclass(frozen=True)
class Figures:
    """A fund's account of a period."""

    period: Period
    opening: Decimal
    kinds: list[KindSum]
    months: list[MonthSum]
    goods: list[GoodsSum] = field(default_factory=list)

    @property
    def income(self) -> Decimal:
        """All that came in."""
        return sum((one.income for one in self.kinds), ZERO)

    @property
    def expense(self) -> Decimal:
        """All that went out."""
        return sum((one.expense for one in self.kinds), ZERO)

    @property
    def closing(self) -> Decimal:
        """What was there at the end."""
        return self.opening + self.income - self.expense

    def frozen(self) -> dict[str, Any]:
        """The parts of it that a published statement keeps, as JSON holds them."""
        return {
            "kinds": [[one.kind, str(one.income), str(one.expense), one.count] for one in self.kinds],
            "months": [[str(one.month), str(one.opening), str(one.income), str(one.expense)] for one in self.months],
            "goods": [
                [one.goods, one.unit, *map(str, (one.opening, one.income, one.expense, one.value))]
                for one in self.goods
            ],
        }


def thawed(period: Period, opening: Decimal, frozen: dict[str, Any]) -> Figures:
    """The figures of a published statement, from what it keeps."""
    return Figures(
        period,
        opening,
        [KindSum(kind, Decimal(income), Decimal(expense), count) for kind, income, expense, count in frozen["kinds"]],
        [
            MonthSum(datetime.date.fromisoformat(month), *(Decimal(number) for number in numbers))
            for month, *numbers in frozen["months"]
        ],
        [GoodsSum(goods, unit, *(Decimal(number) for number in numbers)) for goods, unit, *numbers in frozen["goods"]],
    )


def of(fund: Fund, period: Period) -> Figures:
    """A fund's figures of a period, in three queries."""
    opening = balance_before(fund, period.starts_on)
    moved = (
        Entry.objects.filter(fund=fund, on__range=(period.starts_on, period.ends_on))
        .disclosed()
        .order_by()
        .annotate(month=TruncMonth("on"), comes=Case(When(debit__in=MONEY_ACCOUNTS, then=True), default=False))
        .values_list("month", "kind", "comes")
        .annotate(sum=Sum("amount"), count=Count("pk"))
    )
    rows = [(month, kind, comes, yuan(sum_), count) for month, kind, comes, sum_, count in moved]
    return Figures(period, opening, _by_kind(rows), _by_month(rows, period, opening), goods_of(fund, period))


def balance_before(fund: Fund, day: datetime.date) -> Decimal:
    """What a fund had at the end of the day before."""
    entries: QuerySet[Entry] = Entry.objects.filter(fund=fund, on__lt=day).with_change()
    return yuan(entries.aggregate(sum=Sum("change"))["sum"])


def lifetime(fund: Fund) -> Figures:
    """All that ever moved."""
    return of(fund, Period(fund.started_on, fund.closed_on or timezone.localdate()))


def recent_months(figures: Figures, count: int) -> list[MonthSum]:
    """The last months, those in which nothing moved included."""
    return figures.months[-count:]


def goods_of(fund: Fund, period: Period) -> list[GoodsSum]:
    """What moved and what is left of each good; a good of which nothing was there and nothing moved is left out."""
    before, inside = Q(lines__on__lt=period.starts_on), Q(lines__on__range=(period.starts_on, period.ends_on))
    until = Q(lines__on__lte=period.ends_on)
    comes, goes = Q(lines__incoming=True), Q(lines__incoming=False)
    stocks = Stock.objects.filter(fund=fund).annotate(
        came_before=Sum("lines__quantity", filter=before & comes),
        went_before=Sum("lines__quantity", filter=before & goes),
        came=Sum("lines__quantity", filter=inside & comes),
        went=Sum("lines__quantity", filter=inside & goes),
        value_in=Sum("lines__value", filter=until & comes),
        value_out=Sum("lines__value", filter=until & goes),
    )
    sums = []
    for stock in stocks:
        opening = _quantity(stock.came_before) - _quantity(stock.went_before)
        value = yuan(stock.value_in) - yuan(stock.value_out)
        came, went = _quantity(stock.came), _quantity(stock.went)
        if opening or came or went:
            sums.append(GoodsSum(stock.goods, stock.unit, opening, came, went, value))
    return sums


@dataclass(frozen=True)
class Discrepancy:
    """A balance that is not the sum of its lines: the database was changed from outside."""

    what: str
    stored: Decimal
    summed: Decimal


def discrepancies() -> list[Discrepancy]:
    """Every balance and stock that differs from its lines; none, unless somebody got around the triggers."""
    return [*_wrong_balances(), *_wrong_stocks()]


def _wrong_balances() -> Iterable[Discrepancy]:
    sums: dict[tuple[int, str], Decimal] = {}
    for side, sign in (("debit", 1), ("credit", -1)):
        rows = Entry.objects.order_by().values_list("fund", side).annotate(sum=Sum("amount"))
        for fund, account, sum_ in rows:
            signed = sign if account in DEBIT_ACCOUNTS else -sign
            sums[fund, account] = sums.get((fund, account), ZERO) + signed * yuan(sum_)
    for balance in Balance.objects.select_related("fund"):
        summed = sums.pop((balance.fund_id, balance.account), ZERO)
        if balance.amount != summed:
            yield Discrepancy(f"{balance.fund} {balance.get_account_display()}", balance.amount, summed)
    for (fund, account), summed in sums.items():
        yield Discrepancy(f"{Fund.objects.get(pk=fund)} {account}", ZERO, summed)


def _wrong_stocks() -> Iterable[Discrepancy]:
    signed = Case(When(incoming=True, then=F("quantity")), default=-F("quantity"))
    sums = dict(GoodsLine.objects.order_by().values_list("stock").annotate(sum=Sum(signed)))
    for stock in Stock.objects.select_related("fund"):
        summed = _quantity(sums.get(stock.pk))
        if stock.quantity != summed:
            yield Discrepancy(f"{stock.fund} {stock.goods}", stock.quantity, summed)


Row = tuple[datetime.date, str, bool, Decimal, int]


def _by_kind(rows: Iterable[Row]) -> list[KindSum]:
    sums: dict[str, list[Any]] = {}
    for _month, kind, comes, amount, count in rows:
        one = sums.setdefault(kind, [ZERO, ZERO, 0])
        one[0 if comes else 1] += amount
        one[2] += count
    order = list(Kind.values)
    return [KindSum(kind, *sums[kind]) for kind in sorted(sums, key=order.index)]


def _by_month(rows: Iterable[Row], period: Period, opening: Decimal) -> list[MonthSum]:
    income: dict[datetime.date, Decimal] = {}
    expense: dict[datetime.date, Decimal] = {}
    for month, _kind, comes, amount, _count in rows:
        side = income if comes else expense
        side[month] = side.get(month, ZERO) + amount
    months = []
    for month in months_between(period.starts_on, period.ends_on):
        one = MonthSum(month, opening, income.get(month, ZERO), expense.get(month, ZERO))
        months.append(one)
        opening = one.closing
    return months


def _quantity(value: Decimal | None) -> Decimal:
    return (value or ZERO).quantize(_THOUSANDTH)
