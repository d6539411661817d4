"""Where reports are, and what they say."""

import io

from django.urls import reverse
from pypdf import PdfReader

from knowledge.points.reports.spans import Span
from registry.places.models import Place

OCTOBER, SEPTEMBER = Span.parse("2026-10"), Span.parse("2026-09")


def url(place: Place, page: str = "points_report", name: str = "publicity", span: Span = SEPTEMBER) -> str:
    """The address of a screen or a file of a report."""
    return f"{reverse(page, args=[name])}?place={place.code}&span={span.slug}"


def words(document: bytes) -> str:
    """The words of a PDF."""
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages).replace("\n", "")
