"""A report as a spreadsheet and on paper."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from printing import pdf, xlsx
from printing.columns import Column
from printing.fields import Field, Fields
from printing.tables import Sheets
from registry.reporting.facts import Kind
from registry.reporting.query import Heading, Result

MOST_ROWS = 20_000
"""What a spreadsheet of a report holds at most; MOST_ON_PAPER of them a PDF."""
MOST_ON_PAPER = 3_000

_FORMATS = {
    Kind.DATE: "date",
    Kind.MOMENT: "datetime",
    Kind.INTEGER: "integer",
    Kind.MONEY: "money",
    Kind.HALVES: "money",
}
_RIGHT = frozenset({Kind.INTEGER, Kind.MONEY, Kind.HALVES})


def as_xlsx(title: str, result: Result, *, note: str = "") -> bytes:
    """The lines with a row of totals, as .xlsx."""
    columns = [Column(heading.label, _format(heading, result, place)) for place, heading in enumerate(result.headings)]
    totals = _totals(result)
    return xlsx.workbook(title, columns, [line.cells for line in result.lines], totals, note=note)


def as_pdf(title: str, result: Result, *, issuer: str, note: str = "") -> bytes:
    """The lines with subtotals on each page and a total, on A4 across."""
    fields = Fields(
        Field("#", _("序号"), 3, "center"),
        *(
            Field(f"c{place}", heading.label, _width(heading), "right" if heading.kind in _RIGHT else "left")
            for place, heading in enumerate(result.headings)
        ),
    )
    rows = [{f"c{place}": cell for place, cell in enumerate(line.cells)} for line in result.lines]
    summed = [f"c{place}" for place, total in enumerate(result.totals) if total is not None]
    sheets = Sheets(rows, per_page=20, first_page=15, ending=4, totals=summed, lines=fields.line_counter(80))
    context = {
        "fields": fields,
        "issuer": issuer,
        "note": note,
        "seal": False,
        "period": f"{timezone.localdate():%Y-%m-%d}",
    }
    return pdf.render("reporting/report_pdf.html", context, title=title, paper="a4-landscape", sheets=sheets)


def _format(heading: Heading, result: Result, place: int) -> Any:
    """A group by time is a text ("2026-03"), not a day."""
    texts = any(isinstance(line.cells[place], str) for line in result.lines[:1])
    return "text" if texts else _FORMATS.get(heading.kind, "text")


def _width(heading: Heading) -> float:
    return {Kind.INTEGER: 6, Kind.MONEY: 8, Kind.HALVES: 7, Kind.DATE: 7, Kind.BOOLEAN: 5}.get(heading.kind, 12)


def _totals(result: Result) -> Sequence[Any] | None:
    if not any(total is not None for total in result.totals):
        return None
    shown = list(result.totals)
    if shown[0] is None:
        shown[0] = _("合计")
    return ["" if total is None else total for total in shown]
