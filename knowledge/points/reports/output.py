"""Reports as spreadsheets."""

from django.utils import translation
from django.utils.translation import gettext as _

from printing import xlsx
from printing.batches import Product
from registry.places.models import Place

from ..issuers import issuer
from .base import Figures, Report, Table
from .spans import Span


def spreadsheet(report: Report, place: Place, span: Span) -> Product:
    """The same figures as on paper, as .xlsx: one sheet for each table. Raises FiguresDiffer."""
    with translation.override("zh-hans"):
        return book(report.proven(place, span))


def book(figures: Figures) -> Product:
    """The spreadsheet of figures that were compared with the ledger."""
    said = [issuer(figures.place), figures.span.label, f"{_('数据指纹')} {figures.fingerprint}", *figures.remarks]
    sheets = [_sheet(table, figures.title) for table in figures.tables]
    return Product(xlsx.book(figures.title, sheets, note="　".join(said)), f"{figures.title}.xlsx")


def _sheet(table: Table, title: str) -> xlsx.SheetOf:
    columns = [column.cell for column in table.columns]
    rows = (table.values(row) for row in table.rows)
    return xlsx.SheetOf(table.caption or title, columns, rows, _totals(table))


def _totals(table: Table) -> list[object] | None:
    if not table.totals:
        return None
    cells: list[object] = [table.totals.get(column.name, "") for column in table.columns]
    if table.columns[0].name not in table.totals:
        cells[0] = _("合计")
    return cells
