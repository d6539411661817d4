"""The summary of a township or county: what stands below it, side by side, and how it came to that."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from printing import charts
from registry.places.models import Kind, Place

from ..choices import Category
from ..models import Rules, Total
from . import households
from .base import Column, Figures, Report, Table, by_account, per, percent, share
from .registry import register
from .spans import Span, back_from

_TREND = 12
_CHART = 320
"""A third of a page across."""
_HIGHEST = 420
"""What leaves room for the signatures on a page of charts."""


class Summary(Report):
    """Villages of a township, or townships of a county: households, participation, points, and the span before."""

    name = "summary"
    label = _("积分汇总")
    about = _("乡镇各村（区县各乡镇）并列：户数、参与率、各类积分、户均、与上期比，附趋势图。")
    icon = "table"
    position = 6
    level = "above"
    prefix = "积汇"
    paper = "a4-landscape"
    template = "points/reports/across.html"
    per_page = 18
    first_page = 14
    ending = 0
    em = 74

    columns = (
        Column("name", _("村、社区"), 9),
        Column("households", _("户数"), 4.6, "integer", summed=True),
        Column("taking_part", _("参与户"), 4.6, "integer", summed=True),
        Column("participation", _("参与率"), 4.8, "percent", show=percent),
        *(
            Column(category.value, category.label, 5, "integer", summed=True, group=_("本期积分"))
            for category in Category
        ),
        Column("earned", _("合计"), 5, "integer", summed=True, group=_("本期积分")),
        Column("average", _("户均"), 4.6, "money"),
        Column("before", _("上期合计"), 5, "integer", summed=True),
        Column("change", _("增减"), 5.6, "integer", summed=True, show=lambda value: f"{value:+,}" if value else "0"),
    )

    def figures(self, place: Place, span: Span) -> Figures:
        """The places below, in their order; those of a county are its townships."""
        units = _units(place)
        counts = _counts(place, span, units)
        points, before = _points(place, span, units), _points(place, span.before, units)
        rows = [
            _row(units.names[path], counts[path], points.get(path, {}), before.get(path, {})) for path in units.names
        ]
        table = Table(self._columns(place), rows)
        table = Table(table.columns, rows, overall=_overall(table.totals))
        return Figures(
            report=self,
            place=place,
            span=span,
            tables=[table],
            accounts=by_account(rows, Category.values),
            summary=[
                (str(table.columns[0].heading), len(rows)),
                (_now("户数"), table.totals["households"]),
                (_now("参与户"), table.totals["taking_part"]),
                (_now("参与率"), percent(table.totals["participation"])),
                *((str(category.label), table.totals[category]) for category in Category),
                (_now("合计"), table.totals["earned"]),
                (_now("户均"), table.totals["average"]),
            ],
            charts=_charts(place, span, table),
            remarks=[_now("参与户：本期有积分记录的户。户均＝合计÷户数。")],
        )

    def _columns(self, place: Place) -> list[Column]:
        if place.kind == Kind.TOWNSHIP:
            return list(self.columns)
        return [Column("name", _("乡镇、街道"), 9), *self.columns[1:]]


class _Units:
    """The places that are compared, and in which of them each village stands."""

    def __init__(self, names: Mapping[str, str], of: Callable[[str], str]) -> None:
        self.names = names
        """By path, in their order."""
        self.of = of
        """From a village's path."""

    def gathered(self, rows: Iterable[tuple[str, int]]) -> dict[str, int]:
        """Figures of villages, put together."""
        found: defaultdict[str, int] = defaultdict(int)
        for path, figure in rows:
            found[self.of(path)] += figure
        return found


def _units(place: Place) -> _Units:
    kept = Place.objects.within([place]).filter(pk__in=Rules.objects.values("place")).order_by("path")
    villages = dict(kept.values_list("path", "name"))
    if place.kind == Kind.TOWNSHIP:
        return _Units(villages, lambda path: path)
    townships = Place.objects.within([place]).of_kind(Kind.TOWNSHIP)
    above = {path[: -Place.steplen] for path in villages}
    names = dict(townships.filter(path__in=above).order_by("path").values_list("path", "name"))
    return _Units(names, lambda path: path[: -Place.steplen])


def _counts(place: Place, span: Span, units: _Units) -> Mapping[str, tuple[int, int]]:
    """How many households there were, and for how many of them a line of an item stands."""
    there = households.of_span(place, span).order_by().values_list("village__path").annotate(Count("pk"))
    totals = _totals(place, span).values_list("period__place__path").annotate(Count("household", distinct=True))
    of, scored = units.gathered(there), units.gathered(totals)
    return {path: (of.get(path, 0), scored.get(path, 0)) for path in units.names}


def _points(place: Place, span: Span, units: _Units) -> Mapping[str, Mapping[str, int]]:
    found: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    sums = _totals(place, span).values_list("period__place__path", "account").annotate(Sum("points"))
    for path, account, points in sums:
        found[units.of(path)][account] += points
    return found


def _totals(place: Place, span: Span) -> Any:
    """The totals of items of the villages below, in the months of a span."""
    return (
        Total.objects.at(place)
        .filter(period__first_day__range=(span.first_day, span.last_day), account__in=Category.values)
        .order_by()
    )


def _row(name: str, counts: tuple[int, int], points: Mapping[str, int], before: Mapping[str, int]) -> dict[str, Any]:
    there, scored = counts
    earned = households.earned(points)
    whole, last = sum(earned.values()), sum(households.earned(before).values())
    return {
        "name": name,
        "households": there,
        "taking_part": scored,
        "participation": share(scored, there),
        **earned,
        "earned": whole,
        "average": per(whole, there),
        "before": last,
        "change": whole - last,
    }


def _overall(totals: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "participation": share(totals["taking_part"], totals["households"]),
        "average": per(totals["earned"], totals["households"]),
    }


def _charts(place: Place, span: Span, table: Table) -> list[Any]:
    spans = back_from(span, _TREND)
    months = dict(
        Total.objects.at(place)
        .filter(period__first_day__range=(spans[0].first_day, span.last_day), account__in=Category.values)
        .order_by()
        .values_list("period__first_day")
        .annotate(Sum("points"))
    )
    known = [one for one in spans if not months or one.last_day >= min(months)]
    trend = [(_short(one), sum(months.get(month, 0) for month in one.months)) for one in known]
    averages = [(str(row["name"]), row["average"] or 0) for row in table.rows]
    shares = [(str(row["name"]), (row["participation"] or 0) * 100) for row in table.rows]
    return [
        charts.columns(trend, title=_now("积分趋势"), unit=_now("分"), width=_CHART, height=130),
        charts.bars(averages, title=_now("户均积分"), unit=_now("分"), width=_CHART, height=_HIGHEST),
        charts.bars(shares, title=_now("参与率"), unit="%", width=_CHART, height=_HIGHEST),
    ]


def _short(span: Span) -> str:
    return span.slug[2:].replace("-", ".") if "-" in span.slug else span.slug


register(Summary())
