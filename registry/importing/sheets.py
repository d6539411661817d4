"""The template to fill in: headings, what belongs under them, and lists to choose from."""

import io
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from registry.importing.columns import Column
from registry.importing.models import ImportRun
from registry.importing.reading import MAX_ROWS
from registry.importing.resources import REFUSED, SheetResource

_LIST_LIMIT = 255
"""Excel takes a list of choices of so many characters at most."""
_HEADING = PatternFill("solid", fgColor="DDE7EE")
_REQUIRED = PatternFill("solid", fgColor="FBE3C8")


def template(resource: SheetResource) -> bytes:
    """An .xlsx with the headings of a resource. Text columns are formatted as text, so that Excel keeps ID numbers."""
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = str(resource.title)[:31]
    for place, column in enumerate(resource.columns.values(), 1):
        _write_column(sheet, place, column)
    sheet.freeze_panes = "A2"
    notes = workbook.create_sheet(_("填写说明"))
    notes.append([_("列"), _("必填"), _("说明"), _("可选值"), _("例子")])
    for column in resource.columns.values():
        choices = "、".join(map(str, (column.choices or {}).values()))
        notes.append(
            [str(column.heading), "✓" if column.required else "", str(column.help_text), choices, column.example]
        )
    for letter, width in zip("ABCDE", (18, 8, 60, 40, 24), strict=True):
        notes.column_dimensions[letter].width = width
    return _bytes(workbook)


def _write_column(sheet: Worksheet, place: int, column: Column) -> None:
    letter = get_column_letter(place)
    cell = sheet.cell(1, place, f"{column.heading}{'*' if column.required else ''}")
    cell.font = Font(bold=True)
    cell.fill = _REQUIRED if column.required else _HEADING
    cell.alignment = Alignment(horizontal="center", vertical="center")
    if column.help_text:
        cell.comment = Comment(str(column.help_text), "", width=260, height=90)
    sheet.column_dimensions[letter].width = max(12, 2 * len(str(column.heading)) + 4)
    sheet.column_dimensions[letter].number_format = "@"
    for row in range(2, 202):
        sheet.cell(row, place).number_format = "@"
    choices = ",".join(str(label) for label in (column.choices or {}).values())
    if choices and len(choices) <= _LIST_LIMIT:
        validation = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=not column.required)
        validation.error = _("请从列表里选择。")
        sheet.add_data_validation(validation)
        validation.add(f"{letter}2:{letter}{MAX_ROWS + 1}")


def refusals(run: ImportRun) -> bytes:
    """An .xlsx of the rows that were refused: what stands in the cell, or in all of them, and the reasons."""
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = _("错误")
    sheet.append([_("行"), _("列"), _("内容"), _("原因")])
    for outcome in run.outcomes:
        if outcome["kind"] == REFUSED:
            for heading, reason in outcome["errors"]:
                sheet.append([outcome["row"], heading, _content(outcome, heading), reason])
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if cell.data_type == "f":
                cell.data_type = "s"
    for letter, width in zip("ABCD", (8, 18, 40, 80), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    return _bytes(workbook)


def _content(outcome: dict[str, Any], heading: str) -> str:
    # Checks of an earlier version kept no cells.
    cells = outcome.get("cells", [])
    if heading:
        return str(dict(cells).get(heading, ""))
    return "；".join(f"{name}：{text}" for name, text in cells)


def _bytes(workbook: Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()
