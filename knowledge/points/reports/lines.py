"""Lines of the ledger as reports list them, and what moved between two balances."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from registry.places.models import Place

from ..choices import ACCOUNTS, Account, Category, LineKind
from ..models import LedgerLine, Total
from ..models.ledger import evidence_number
from .base import Column, Row
from .spans import Span

_NAMES = dict(ACCOUNTS)
_READ = (
    "number", "kind", "account", "points", "title", "dated_on", "reason", "household_id", "household__code",
    "household__head", "reversal_of__number", "reversal_of__dated_on", "reversed_by__number", "reversed_by__dated_on",
)  # fmt: skip


def signed(value: Any) -> str:
    """Points as they move a balance: +5, -3."""
    return f"{value:+,}" if value else "0"


def _month_and_day(value: date) -> str:
    """09-22: the year stands in the evidence number beside it."""
    return f"{value:%m-%d}"


# In characters of a table that is 49 of them wide: a page's rows are reckoned by them.
EVIDENCE = Column("number", _("凭证号"), 7.4)
DAY = Column("dated_on", _("日期"), 4, "date", align="center", show=_month_and_day)
TITLE = Column("title", _("事由"), 10)
ACCOUNT = Column("account", _("类别"), 5.3, align="center")
POINTS = Column("points", _("积分"), 3.8, "integer", summed=True, show=signed)
NOTE = Column("note", _("备注"), 7, show=str)


def of_span(place: Place, span: Span, household: int | None = None) -> list[dict[str, Any]]:
    """The lines of a village dated in a span, of one household or of all, in the order of their evidence numbers."""
    found = LedgerLine.objects.filter(place=place, dated_on__range=(span.first_day, span.last_day))
    if household is not None:
        found = found.filter(household=household)
    return [_row(line) for line in found.order_by("period__first_day", "number").values(*_READ)]


def accounts_of(place: Place, span: Span, household: int | None = None) -> dict[str, int]:
    """What every account of the ledger comes to in a span, by the totals."""
    rows = _totals(place, household).filter(period__first_day__range=(span.first_day, span.last_day))
    sums = dict(rows.values_list("account").annotate(Sum("points")))
    return {account: sums.get(account, 0) for account in _NAMES}


def opening(place: Place, day: date, household: int | None = None) -> int:
    """What a village's households, or one of them, had when a month began, by the totals."""
    rows = _totals(place, household).filter(period__first_day__lt=day)
    return rows.aggregate(sum=Sum("points"))["sum"] or 0


def movement(opening: int, accounts: Mapping[str, int]) -> list[tuple[str, int]]:
    """From what there was to what is left: earned, redeemed, the year's end, splits and mergers."""
    earned = sum(accounts[category] for category in Category.values)
    others = [(str(account.label), accounts[account]) for account in Account]
    closing = opening + earned + sum(points for _label, points in others)
    return [(_now("期初余额"), opening), (_now("本期积分"), earned), *others, (_now("期末余额"), closing)]


def _totals(place: Place, household: int | None) -> Any:
    rows = Total.objects.filter(period__place=place).order_by()
    return rows if household is None else rows.filter(household=household)


def _row(line: Row) -> dict[str, Any]:
    return {
        "number": evidence_number(line["dated_on"], line["number"]),
        "dated_on": line["dated_on"],
        "household": line["household_id"],
        "code": line["household__code"],
        "head": line["household__head"],
        "title": line["title"],
        "account": str(_NAMES[line["account"]]),
        "points": line["points"],
        "note": _note(line),
    }


def _note(line: Row) -> str:
    """What a line undoes and why, or what undid it."""
    if line["kind"] == LineKind.REVERSAL:
        undone = evidence_number(line["reversal_of__dated_on"], line["reversal_of__number"])
        return _now("冲正 %(number)s：%(reason)s") % {"number": undone, "reason": line["reason"]}
    if line["reversed_by__number"] is not None:
        undoing = evidence_number(line["reversed_by__dated_on"], line["reversed_by__number"])
        return _now("已由 %(number)s 冲正") % {"number": undoing}
    return str(line["reason"])
