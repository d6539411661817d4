"""Reports on paper: previews, and papers that are numbered and frozen."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import audit
from printing import actions, pdf
from printing.models import IssuedDocument
from registry.places.models import Kind, Place

from ..choices import ClaimState
from ..issuers import issuer
from ..models import Claim, Period
from .base import Figures, Report
from .spans import Span

_LANGUAGE = "zh-hans"
"""Paper speaks the language of the office, whatever its maker chose for the screen."""


def reckoned(report: Report, place: Place, span: Span) -> Figures:
    """The figures in the words of the office, as they are issued: only so are their fingerprints alike."""
    with translation.override(_LANGUAGE):
        return report.figures(place, span)


def preview(report: Report, place: Place, span: Span) -> bytes:
    """The pages as they would be issued now, each of them marked as a draft."""
    with translation.override(_LANGUAGE):
        figures = report.figures(place, span)
        return pdf.render(
            report.template,
            {**_context(figures, timezone.localdate()), "draft": True},
            title=figures.title,
            paper=report.paper,
            author=issuer(place),
            sheets=report.sheets(figures),
        )


def issue(*, report: Report, place: Place, span: Span, by: Any) -> IssuedDocument:
    """Issue a report: reckoned now, compared with the ledger, numbered, frozen.

    One of the same place and span that still holds is replaced by it, and says so when it is verified. Call it outside
    a transaction: laying pages out takes seconds. Raises PrintingError, FiguresDiffer among them.
    """
    with translation.override(_LANGUAGE):
        return _issue(report.proven(place, span), by)


def issue_unless_unchanged(*, figures: Figures, by: Any) -> IssuedDocument:
    """The paper that holds, if it has these figures, proven today; else a new one. Raises PrintingError."""
    with translation.override(_LANGUAGE):
        held = holding(figures.report, figures.place, figures.span)
        if held is not None and held.fingerprint == figures.fingerprint:
            return held
        return _issue(figures, by)


def _issue(figures: Figures, by: Any) -> IssuedDocument:
    report, place, span = figures.report, figures.place, figures.span
    paper: dict[str, Any] = {
        "kind": report.issued_kind,
        "title": figures.title,
        "template": report.template,
        "context": _context(figures, timezone.localdate()),
        "issuer": issuer(place),
        "place_code": place.code,
        "subject": report.subject(place, span),
        "facts": figures.facts,
        "fingerprint": figures.fingerprint,
        "filename": f"{figures.title}.pdf",
        "paper": report.paper,
        "sheets": report.sheets(figures),
        "by": by,
    }
    held = holding(report, place, span)
    if held is None:
        document = actions.issue(**paper)
    else:
        document = actions.replace(document=held, reason=_("重新出具：%(title)s") % {"title": figures.title}, **paper)
    with transaction.atomic():
        audit.record(
            by=by,
            action="points.issue_report",
            subject=document,
            place=place,
            report=report.name,
            span=span.slug,
            number=document.number,
            figures=figures.sha256,
            replaces=held.number if held else "",
        )
    return document


def issued(report: Report, place: Place, span: Span) -> "Sequence[IssuedDocument]":
    """What was issued of a place and span, the newest first."""
    rows = IssuedDocument.objects.of_kind(report.issued_kind).filter(
        place_code=place.code, subject=report.subject(place, span)
    )
    return list(rows.select_related("issued_by", "replaced_by").order_by("-issued_at", "-pk"))


def holding(report: Report, place: Place, span: Span) -> IssuedDocument | None:
    """The one of them that holds."""
    return next((document for document in issued(report, place, span) if document.is_valid), None)


def doubts(place: Place, span: Span) -> list[str]:
    """Why a report of this span may still change: said before it is issued."""
    found, today = [], timezone.localdate()
    if not span.is_over(today):
        found.append(_("%(span)s还没有结束。") % {"span": span.label})
    months = Period.objects.at(place).filter(first_day__range=(span.first_day, span.last_day), closed_at=None)
    villages = months.order_by().values("place").distinct().count()
    if villages and place.kind == Kind.VILLAGE:
        found.append(_("还没有结账，以后记在这一期的账会改变这张表。"))
    elif villages:
        found.append(_("有 %(count)d 个村还没有结账。") % {"count": villages})
    waiting = Claim.objects.at(place).open().filter(happened_on__range=(span.first_day, span.last_day))
    public = waiting.filter(state=ClaimState.PUBLICIZED).count()
    other = waiting.exclude(state=ClaimState.PUBLICIZED).count()
    if public:
        found.append(_("有 %(count)d 笔申报还在公示，不在这张表里。") % {"count": public})
    if other:
        found.append(_("有 %(count)d 笔申报还没有审完，不在这张表里。") % {"count": other})
    return found


def _context(figures: Figures, today: date) -> dict[str, Any]:
    report = figures.report
    return {
        "figures": figures,
        "report": report,
        "fields": figures.table.fields,
        "issuer": issuer(figures.place),
        "period": figures.span.label,
        "notes": report.notes(figures, today),
        "signers": report.signers(figures.place),
        **figures.extra,
    }
