"""Tables as .xlsx: what officials open in Excel or WPS. The same input gives the same bytes."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from .columns import Column, is_dangerous, plain
from .errors import PrintingError

FORMATS = {
    "text": "@",
    "integer": "#,##0",
    "money": "#,##0.00",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
    "percent": "0.0%",
}
_NUMERIC = {"integer", "money", "percent"}
_LONGEST_TEXT = 32_767
_MOST_ROWS = 1_048_000
_A4 = 9
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

_LINE = Side(style="thin", color="B8B8B8")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEADING_FONT = Font(name="等线", bold=True)
_BODY_FONT = Font(name="等线")
_TITLE_FONT = Font(name="等线", bold=True, size=16)
_HEADING_FILL = PatternFill("solid", start_color="E4EFE9")
_TOTALS_FILL = PatternFill("solid", start_color="F2EFE7")


@dataclass(frozen=True)
class SheetOf:
    """One sheet of several: its name, columns and rows, and a row of totals."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    totals: Sequence[Any] | None = None


def workbook(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    totals: Sequence[Any] | None = None,
    *,
    note: str = "",
    show_title: bool = True,
) -> bytes:
    """One sheet: title, a line of notes (issuer, period), a heading that stays in view, the rows, a row of totals.

    `show_title=False` begins with the heading, for tables that are filled in and imported again. Cells that a
    spreadsheet would take for a formula are kept as text. Raises PrintingError when something does not fit in Excel.
    """
    return book(title, [SheetOf(title, columns, rows, totals)], note=note, show_title=show_title)


def book(title: str, sheets: Iterable[SheetOf], *, note: str = "", show_title: bool = True) -> bytes:
    """Several sheets, each as `workbook` makes one; a sheet of another name than the title has both above it."""
    title, note = _clean(title), _clean(note)
    written = Workbook(write_only=True)
    written.properties.title, written.properties.creator = title, ""
    names: set[str] = set()
    for one in sheets:
        name = _clean(one.name)
        sheet = written.create_sheet(_unused(_sheet_name(name), names))
        heading = title if name == title else f"{title}　{name}"
        above = [text for text in (heading, note) if text] if show_title else []
        try:
            _set_up(sheet, one.columns, heading_row=len(above) + 1)
            for position, text in enumerate(above):
                _write_above(sheet, text, len(one.columns), row=position + 1)
            sheet.append([_heading(sheet, column) for column in one.columns])
            _write_rows(sheet, one.columns, one.rows, one.totals)
        except BaseException:
            # The rows are in temporary files by now.
            for begun in written.worksheets:
                begun.close()
                begun._writer.cleanup()
            raise
    target = io.BytesIO()
    written.save(target)
    return _same_each_time(target.getvalue())


def _write_rows(
    sheet: WriteOnlyWorksheet, columns: Sequence[Column], rows: Iterable[Sequence[Any]], totals: Sequence[Any] | None
) -> None:
    for count, row in enumerate(rows, start=1):
        if count > _MOST_ROWS:
            raise PrintingError(_("Excel 最多放 %(most)d 行，请用 CSV 导出。") % {"most": _MOST_ROWS})
        sheet.append([_cell(sheet, value, column) for value, column in zip(row, columns, strict=True)])
    if totals is not None:
        sheet.append([_total(sheet, value, column) for value, column in zip(totals, columns, strict=True)])


def _set_up(sheet: WriteOnlyWorksheet, columns: Sequence[Column], *, heading_row: int) -> None:
    sheet.freeze_panes = f"A{heading_row + 1}"
    sheet.print_title_rows = f"{heading_row}:{heading_row}"
    sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = _A4, 0
    sheet.page_setup.orientation = "landscape" if len(columns) > 7 else "portrait"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for position, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = column.shown_width


def _write_above(sheet: WriteOnlyWorksheet, text: str, width: int, *, row: int) -> None:
    """A line over the whole width above the heading: the title first, then the notes."""
    cell = _safe(sheet, text)
    cell.font = _TITLE_FONT if row == 1 else _BODY_FONT
    cell.alignment = Alignment(horizontal="center" if row == 1 else "left", vertical="center", wrap_text=True)
    sheet.row_dimensions[row].height = 30 if row == 1 else 18
    if width > 1:
        sheet.merged_cells.ranges.add(f"A{row}:{get_column_letter(width)}{row}")
    sheet.append([cell])


def _heading(sheet: WriteOnlyWorksheet, column: Column) -> WriteOnlyCell:
    cell = _safe(sheet, str(column.heading))
    cell.font, cell.fill, cell.border = _HEADING_FONT, _HEADING_FILL, _BORDER
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return cell


def _cell(sheet: WriteOnlyWorksheet, value: Any, column: Column) -> WriteOnlyCell:
    cell = _safe(sheet, plain(value))
    cell.font, cell.border = _BODY_FONT, _BORDER
    is_number = column.format in _NUMERIC and not isinstance(cell.value, str)
    cell.alignment = Alignment(horizontal="right" if is_number else None, vertical="center", wrap_text=True)
    cell.number_format = "@" if isinstance(cell.value, str) else FORMATS[_format_of(cell.value, column)]
    return cell


def _total(sheet: WriteOnlyWorksheet, value: Any, column: Column) -> WriteOnlyCell:
    cell = _cell(sheet, value, column)
    cell.font, cell.fill = _HEADING_FONT, _TOTALS_FILL
    return cell


def _format_of(value: Any, column: Column) -> str:
    """The column's format; for a date in a column of texts, that of dates."""
    if column.format != "text":
        return column.format
    if isinstance(value, dt.datetime):
        return "datetime"
    return "date" if isinstance(value, dt.date) else "text"


def _safe(sheet: WriteOnlyWorksheet, value: Any) -> WriteOnlyCell:
    """A cell that is what it says: no formula, no character that the format forbids."""
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    text = _clean(value)
    if len(text) > _LONGEST_TEXT:
        raise PrintingError(_("有一格文字超过 %(most)d 个字，Excel 放不下，请用 CSV 导出。") % {"most": _LONGEST_TEXT})
    cell = WriteOnlyCell(sheet, text)
    # openpyxl takes a text that begins with = for a formula, and one like #N/A for an error.
    cell.data_type = "s"
    cell.quotePrefix = is_dangerous(text)
    return cell


def _clean(text: str) -> str:
    """A text without the characters that XML forbids."""
    return str(ILLEGAL_CHARACTERS_RE.sub("", text))


def _sheet_name(title: str) -> str:
    """A name that Excel accepts for a sheet: 31 characters, without those it forbids."""
    return re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:31] or "表"


def _unused(name: str, names: set[str]) -> str:
    """The name, with a number behind it when another sheet has it; letter case aside, as Excel compares."""
    candidate, number = name, 1
    while candidate.casefold() in names:
        number += 1
        candidate = f"{name[: 31 - len(str(number)) - 1]} {number}"
    names.add(candidate.casefold())
    return candidate


def _same_each_time(content: bytes) -> bytes:
    """The archive without the moments that were written into it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as result:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _MOMENT.sub(b"1980-01-01T00:00:00Z", part)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            result.writestr(entry, part)
    return target.getvalue()
