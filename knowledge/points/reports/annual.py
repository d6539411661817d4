"""The annual assessment: what each household had, got and gave in a year, its rank and its grade."""

from collections import defaultdict
from collections.abc import Mapping
from math import ceil
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from registry.places.models import Place

from ..actions.rules import rules_of
from ..choices import Account, Category, LineKind, PeriodKind
from ..models import Honour, Household, LedgerLine, Nomination, Rules, Total
from . import households
from .base import Column, Figures, Report, Table, by_account
from .registry import register
from .spans import Span


class Annual(Report):
    """Household by household, for the village's own files: names are whole."""

    name = "annual"
    label = _("年度评定")
    about = _("每户全年的年初、得分、扣分、兑换、结转和年末余额，名次、荣誉和等次；内部存档。")
    icon = "success"
    position = 7
    prefix = "积评"
    kinds = (PeriodKind.YEAR,)
    paper = "a4-landscape"
    template = "points/reports/dense.html"
    per_page = 22
    first_page = 15
    ending = 12
    em = 85

    columns = (
        Column("code", _("户号"), 4.6),
        Column("head", _("户主"), 8),
        Column("opening", _("年初"), 4.4, "integer", summed=True),
        *(
            Column(category.value, category.label, 4, "integer", summed=True, group=_("全年积分"))
            for category in Category
        ),
        Column("earned", _("小计"), 4.4, "integer", summed=True, group=_("全年积分")),
        Column("taken", _("其中扣分"), 4, "integer", summed=True, group=_("全年积分")),
        Column(Account.REDEMPTION.value, _("兑换"), 4.4, "integer", summed=True),
        Column(Account.TRANSFER.value, _("分并户"), 4, "integer", summed=True),
        Column("year_end", _("年终处理"), 4.4, "integer", summed=True),
        Column("closing", _("年末"), 4.4, "integer", summed=True),
        Column("months", _("有分月数"), 3.6, "integer"),
        Column("rank", _("名次"), 3.6, "integer"),
        Column("honours", _("荣誉"), 8),
        Column("grade", _("等次"), 4, align="center"),
    )

    def figures(self, place: Place, span: Span) -> Figures:
        """Every household of the year, by its code."""
        year = _Year(place, span)
        rows = [year.row(household) for household in households.of_span(place, span)]
        _grade(rows, rules_of(place))
        table = Table(self.columns, rows)
        totals, carried = table.totals, sum(year.carried_in.values())
        grades = [(grade, sum(1 for row in rows if row["grade"] == grade)) for grade in _grades()]
        return Figures(
            report=self,
            place=place,
            span=span,
            tables=[table],
            accounts={
                **by_account(rows, [*Category.values, Account.REDEMPTION.value, Account.TRANSFER.value]),
                Account.YEAR_END.value: carried + int(totals["year_end"]),
            },
            summary=[
                (_now("户数"), len(rows)),
                (_now("年初"), totals["opening"]),
                *((str(category.label), totals[category]) for category in Category),
                (_now("全年积分"), totals["earned"]),
                (_now("兑换"), totals[Account.REDEMPTION.value]),
                (_now("分并户"), totals[Account.TRANSFER.value]),
                (_now("年终处理"), totals["year_end"]),
                (_now("年末"), totals["closing"]),
                *grades,
            ],
            remarks=[
                _now(
                    "年末＝年初＋全年积分＋兑换＋分并户＋年终处理。年初含上年结转；年终处理是年底的结转、清零或作废。"
                    "扣分已计入各类积分。名次按全年积分。"
                ),
                _grading(rules_of(place)),
            ],
        )


class _Year:
    """What is known of the households of a village in a year; a query each."""

    def __init__(self, place: Place, span: Span) -> None:
        self.points = households.points_of(place, span)
        self.before = households.opening(place, span.first_day)
        self.months = _months(place, span)
        self.taken = _taken(place, span)
        self.honours = _honours(place, span)
        january = Total.objects.filter(period__place=place, period__first_day=span.first_day, account=Account.YEAR_END)
        self.carried_in: Mapping[int, int] = dict(january.values_list("household", "points"))

    def row(self, household: Household) -> dict[str, Any]:
        """A household's line, without rank and grade."""
        of = self.points.get(household.pk, {})
        earned, carried = households.earned(of), self.carried_in.get(household.pk, 0)
        opening = self.before.get(household.pk, 0) + carried
        other = {account.value: of.get(account, 0) for account in (Account.REDEMPTION, Account.TRANSFER)}
        year_end = of.get(Account.YEAR_END, 0) - carried
        return {
            "code": household.code,
            "head": household.head,
            "opening": opening,
            **earned,
            "earned": sum(earned.values()),
            "taken": self.taken.get(household.pk, 0),
            **other,
            "year_end": year_end,
            "closing": opening + sum(earned.values()) + sum(other.values()) + year_end,
            "months": self.months.get(household.pk, 0),
            "honours": "、".join(self.honours.get(household.pk, ())),
        }


def _months(place: Place, span: Span) -> Mapping[int, int]:
    """In how many months a line of an item stood for a household."""
    rows = Total.objects.filter(
        period__place=place,
        period__first_day__range=(span.first_day, span.last_day),
        account__in=Category.values,
    )
    return dict(rows.order_by().values_list("household").annotate(Count("period", distinct=True)))


def _taken(place: Place, span: Span) -> Mapping[int, int]:
    """What was taken for items, less what of it was reversed. The totals do not tell it from what was given."""
    lines = LedgerLine.objects.filter(place=place, dated_on__range=(span.first_day, span.last_day)).earned()
    taken = Q(kind=LineKind.AWARD, points__lt=0) | Q(kind=LineKind.REVERSAL, points__gt=0)
    return dict(lines.filter(taken).order_by().values_list("household").annotate(Sum("points")))


def _honours(place: Place, span: Span) -> Mapping[int, list[str]]:
    awarded = Nomination.objects.filter(
        honour__place=place,
        honour__state=Honour.State.AWARDED,
        honour__awarded_on__range=(span.first_day, span.last_day),
        awarded=True,
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for household, name in awarded.order_by("honour__awarded_on", "pk").values_list("household", "honour__name"):
        found[household].append(name)
    return found


def _grades() -> list[str]:
    return [_now("优秀"), _now("良好"), _now("合格"), _now("待提高"), _now("没有积分")]


def _grade(rows: list[dict[str, Any]], rules: Rules) -> None:
    """Write rank and grade into each row.

    Excellent and good are shares of all households, by rank, equals alike; nobody with nothing is among them. Below
    zero is to be improved; a household without a line of an item has no points rather than a bad grade.
    """
    ranks = households.ranks(row["earned"] for row in rows)
    excellent, good, passed, below, none = _grades()
    last_excellent = ceil(len(rows) * rules.excellent_percent / 100)
    last_good = ceil(len(rows) * (rules.excellent_percent + rules.good_percent) / 100)
    for row in rows:
        rank = row["rank"] = ranks[row["earned"]]
        if row["earned"] > 0:
            row["grade"] = excellent if rank <= last_excellent else good if rank <= last_good else passed
        else:
            row["grade"] = below if row["earned"] < 0 else passed if row["months"] else none


def _grading(rules: Rules) -> str:
    return _now(
        "等次：全年积分为正的户，名次在全村前 %(excellent)d%% 的优秀，其后 %(good)d%% 的良好，其余合格；"
        "积分为负的待提高。"
    ) % {"excellent": rules.excellent_percent, "good": rules.good_percent}


register(Annual())
