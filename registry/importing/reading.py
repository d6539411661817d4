"""A spreadsheet as officials have it, read into rows.

.xlsx or .csv, with merged cells, titles above the heading and blank rows.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from registry.importing.cells import narrow

MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_UNPACKED = 300 * 2**20
"""Bytes that a workbook may unpack to: one that swells more than that is no list of people."""
_SEARCHED_FOR_HEADING = 10
_EXCEL_ERRORS = frozenset(["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"])


class UnreadableSheetError(Exception):
    """The file as a whole cannot be read; the text says why, for the user."""


@dataclass(slots=True)
class Row:
    """One row of a sheet: its number as Excel counts, and its cells by heading."""

    number: int
    cells: dict[str, Any]


@dataclass(slots=True)
class Sheet:
    """The rows below the heading, blank ones left out, and headings that nobody asked for."""

    rows: list[Row] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def plain_heading(value: Any) -> str:
    """A heading without what people put around it: spaces, a star, a note in brackets."""
    found = narrow(value) or ""
    return re.sub(r"\(.*?\)|[*\s::]", "", found).lower()


def read(data: bytes, *, name: str, headings: Sequence[str], required: Sequence[str] = ()) -> Sheet:
    """The rows of a file under these headings.

    Raises UnreadableSheetError where the file is no spreadsheet, has no heading, lacks a required column, names one
    twice, or is too large.
    """
    suffix = name.rpartition(".")[2].lower()
    if suffix == "xlsx":
        lines = _xlsx(data)
    elif suffix == "csv":
        lines = _csv(data)
    else:
        raise UnreadableSheetError(_("请上传 .xlsx 或 .csv 文件；旧的 .xls 请先在 Excel 里另存为 .xlsx。"))
    return _below_heading(lines, headings, required)


def _below_heading(lines: Iterable[tuple[int, list[Any]]], headings: Sequence[str], required: Sequence[str]) -> Sheet:
    known = {plain_heading(heading): heading for heading in headings}
    columns: dict[int, str] = {}
    sheet = Sheet()
    for number, cells in lines:
        if not columns:
            if number > _SEARCHED_FOR_HEADING:
                break
            found = [known.get(plain_heading(cell)) for cell in cells]
            if sum(name is not None for name in found) < min(2, len(known)):
                continue
            columns = {place: name for place, name in enumerate(found) if name}
            sheet.unknown = [str(cell) for cell, name in zip(cells, found, strict=True) if narrow(cell) and not name]
            _check_columns(list(columns.values()), required)
            continue
        if all(narrow(cell) is None for cell in cells):
            continue
        if len(sheet.rows) == MAX_ROWS:
            raise UnreadableSheetError(_("一次最多导入 %(limit)d 行，请分成几个文件。") % {"limit": MAX_ROWS})
        sheet.rows.append(Row(number, {name: cells[place] for place, name in columns.items() if place < len(cells)}))
    if not columns:
        wanted = "、".join(required or headings)
        raise UnreadableSheetError(_("前 10 行里没有找到表头。表头应当有：%(headings)s。") % {"headings": wanted})
    if not sheet.rows:
        raise UnreadableSheetError(_("表头下面没有内容。"))
    return sheet


def _check_columns(found: Sequence[str], required: Sequence[str]) -> None:
    if twice := sorted({name for name in found if found.count(name) > 1}):
        raise UnreadableSheetError(_("这些列出现了两次：%(columns)s。") % {"columns": "、".join(twice)})
    if missing := [name for name in required if name not in found]:
        raise UnreadableSheetError(_("缺少这些列：%(columns)s。") % {"columns": "、".join(missing)})


def _xlsx(data: bytes) -> Iterator[tuple[int, list[Any]]]:
    """The rows of the first visible sheet. A merged cell's value stands in each of its rows."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise UnreadableSheetError(_("文件太大：请删去图片和空行，或者分成几个文件。"))
        # Cached values instead of formulas. Not read-only: merged cells are known only to the whole sheet.
        workbook = load_workbook(io.BytesIO(data), data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise UnreadableSheetError(_("这不是能打开的 .xlsx 文件：可能设了密码，或者已经损坏。")) from error
    sheet = next((one for one in workbook.worksheets if one.sheet_state == "visible"), None)
    if sheet is None:
        raise UnreadableSheetError(_("文件里没有工作表。"))
    merged = _merged(sheet)
    for number, cells in enumerate(
        sheet.iter_rows(max_col=min(sheet.max_column or 1, MAX_COLUMNS), values_only=True), 1
    ):
        yield number, [merged.get((number, column), value) for column, value in enumerate(cells, 1)]


def _merged(sheet: Worksheet) -> dict[tuple[int, int], Any]:
    """The value of each cell that was merged downwards. A title merged across columns is left where it is."""
    values = {}
    for area in sheet.merged_cells.ranges:
        if area.min_col != area.max_col or area.size["rows"] > MAX_ROWS:
            continue
        value = sheet.cell(area.min_row, area.min_col).value
        for row in range(area.min_row + 1, area.max_row + 1):
            values[row, area.min_col] = value
    return values


def _csv(data: bytes) -> Iterator[tuple[int, list[Any]]]:
    """The rows of a .csv, in UTF-8 or as Excel in China saves it (GB 18030)."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise UnreadableSheetError(_("认不出这个 .csv 文件的编码：请另存为“CSV UTF-8”。"))
    if "\0" in content:
        raise UnreadableSheetError(_("这不是 .csv 文件。"))
    try:
        dialect: Any = csv.Sniffer().sniff(content[:4096], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(content, newline=""), dialect), 1):
            yield number, [cell or None for cell in cells[:MAX_COLUMNS]]
    except csv.Error as error:
        raise UnreadableSheetError(_("这个 .csv 文件读不下去：%(reason)s") % {"reason": error}) from error


def is_error(value: Any) -> bool:
    """Whether a cell holds what Excel shows for a formula that failed."""
    return isinstance(value, str) and value.strip() in _EXCEL_ERRORS
