"""A report of all villages of a township or county: one file for each, and a table of their totals."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.scoping import places_for
from printing import batches, columns, xlsx
from printing.errors import PrintingError
from printing.models import Batch, IssuedDocument
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
def make(*, report: str, place: str, span: str, suffix: str, by: int) -> IssuedDocument | batches.Product:
    """A village's report: issued (the paper that holds, where nothing changed), or as a spreadsheet."""
    kind, where, user = registry.get(report), _place(place, by), get_user_model().objects.get(pk=by)
    if suffix == "pdf":
        return paper.issue_unless_unchanged(report=kind, place=where, span=Span.parse(span), by=user)
    return output.spreadsheet(kind, where, Span.parse(span))


@batches.producer(SUMMARY)
def make_summary(*, report: str, place: str, span: str, by: int) -> batches.Product:
    """The totals of each village, side by side; one whose figures are refused stands there with the reason."""
    kind, where, when = registry.get(report), _place(place, by), Span.parse(span)
    with translation.override("zh-hans"):
        rows = list(_totals(kind, below(kind, where), when))
        title = _("%(title)s各村合计") % {"title": kind.title(where, when)}
        labels = list(dict.fromkeys(label for _name, pairs, _why in rows for label, _value in pairs))
        table = [[name, *(dict(pairs).get(label) for label in labels), why] for name, pairs, why in rows]
        headings = [
            columns.Column(_("地方"), "text", 24),
            *(columns.Column(label, "integer") for label in labels),
            columns.Column(_("没有做成的原因"), "text", 40),
        ]
        return batches.Product(xlsx.workbook(title, headings, table), f"{title}.xlsx")


def _totals(report: Report, places: Iterable[Place], span: Span) -> Iterable[tuple[str, list[tuple[str, Any]], str]]:
    for place in places:
        try:
            figures = report.proven(place, span)
        except (PrintingError, ValidationError) as error:
            yield place.full_name, [], str(error)
        else:
            yield place.full_name, list(figures.summary), ""


def _place(code: str, by: int) -> Place:
    """The place, if who began the batch may still do this there. Raises ItemFailed."""
    user = get_user_model().objects.get(pk=by)
    found = places_for(user, ISSUE).filter(code=code).first()
    if found is None:
        raise batches.ItemFailed(_("您已经没有这里的权限。"))
    return found
