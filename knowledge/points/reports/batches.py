"""A report of all villages of a township or county: one file for each, and a table of their totals."""

from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.scoping import places_for
from printing import batches, columns, xlsx
from printing.errors import PrintingError
from printing.models import Batch, BatchItem
from registry.places.models import Kind, Place

from ..models import Rules
from . import output, paper, registry
from .base import Report
from .spans import Span

PRODUCER, SUMMARY = "points.report", "points.report_summary"
ISSUE = "points.issue_report"
SUFFIXES = ("pdf", "xlsx")


def below(report: Report, place: Place) -> list[Place]:
    """The places of a report that stand at or below one: villages that keep points, or the townships above them."""
    villages = Place.objects.within([place]).filter(pk__in=Rules.objects.values("place")).order_by("path")
    if report.level == "village":
        return list(villages)
    above = {village.path[: -Place.steplen] for village in villages}
    return list(Place.objects.within([place]).of_kind(Kind.TOWNSHIP).filter(path__in=above).order_by("path"))


@transaction.atomic
def start(*, report: Report, place: Place, span: Span, suffix: str, by: Any) -> Batch:
    """Begin a batch of a report for every place below one. Raises PrintingError where there is none."""
    places = below(report, place)
    if not places:
        raise PrintingError(_("这里没有记积分的村。"))
    given = {"report": report.name, "span": span.slug, "by": by.pk}
    items = [batches.Item(one.name, PRODUCER, {**given, "place": one.code, "suffix": suffix}) for one in places]
    items.append(batches.Item(_("汇总表"), SUMMARY, {**given, "place": place.code}))
    title = _("%(place)s%(span)s%(report)s（%(count)d 份）") % {
        "place": place.name, "span": span.label, "report": report.label, "count": len(places),
    }  # fmt: skip
    batch = batches.start(title=title, items=items, by=by)
    audit.record(
        by=by, action="points.start_reports", subject=batch, place=place,
        report=report.name, span=span.slug, suffix=suffix, places=len(places),
    )  # fmt: skip
    return batch


@batches.producer(PRODUCER)
def make(*, report: str, place: str, span: str, suffix: str, by: int) -> batches.WithFigures:
    """A village's report: issued (the paper that holds, where nothing changed), or as a spreadsheet; and its totals."""
    user = get_user_model().objects.get(pk=by)
    figures = registry.get(report).proven(_place(place, by), Span.parse(span))
    made = paper.issue_unless_unchanged(figures=figures, by=user) if suffix == "pdf" else output.book(figures)
    return batches.WithFigures(made, [(str(label), _as_number(value)) for label, value in figures.summary])


def _as_number(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


@batches.producer(SUMMARY, closing=True)
def make_summary(*, report: str, place: str, span: str, by: int, batch: int) -> batches.Product:
    """The totals of each village's report, side by side; one that was not made stands there with the reason."""
    title = _("%(title)s各村合计") % {"title": registry.get(report).title(_place(place, by), Span.parse(span))}
    items = list(BatchItem.objects.filter(batch=batch, producer=PRODUCER).order_by("position"))
    places = Place.objects.in_bulk([item.arguments["place"] for item in items], field_name="code")
    labels = list(dict.fromkeys(label for item in items for label, _value in item.figures or ()))
    rows = []
    for item in items:
        said = dict(item.figures or ())
        rows.append([places[item.arguments["place"]].full_name, *(said.get(label) for label in labels), item.error])
    headings = [
        columns.Column(_("地方"), "text", 24),
        *(columns.Column(label, "integer") for label in labels),
        columns.Column(_("没有做成的原因"), "text", 40),
    ]
    return batches.Product(xlsx.workbook(title, headings, rows), f"{title}.xlsx")


def _place(code: str, by: int) -> Place:
    """The place, if who began the batch may still do this there. Raises ItemFailed."""
    user = get_user_model().objects.get(pk=by)
    found = places_for(user, ISSUE).filter(code=code).first()
    if found is None:
        raise batches.ItemFailed(_("您已经没有这里的权限。"))
    return found
