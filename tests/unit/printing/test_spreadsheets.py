"""Tables as .xlsx and CSV."""

import csv as standard
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
import time_machine

from printing import csv, xlsx
from printing.columns import Column
from printing.errors import PrintingError

COLUMNS = [Column("姓名"), Column("积分", "integer"), Column("金额", "money"), Column("日期", "date")]
ROWS = [["𠅤小明", -5, Decimal("12.50"), dt.date(2026, 9, 1)], ["周䶮", 1200, None, None]]
DANGEROUS = ["=1+1", "+861", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "=cmd|' /C calc'!A0"]


def read(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_a_workbook_says_what_it_was_given():
    sheet = read(xlsx.workbook("石桥村积分", COLUMNS, ROWS, ["合计", 1195, Decimal("12.50"), None], note="2026年9月"))
    assert sheet.title == "石桥村积分"
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert values[0][0] == "石桥村积分"
    assert values[1][0] == "2026年9月"
    assert values[2] == ["姓名", "积分", "金额", "日期"]
    assert values[3][:3] == ["𠅤小明", -5, 12.5]
    assert values[3][3].date() == dt.date(2026, 9, 1)
    assert values[5][:3] == ["合计", 1195, 12.5]
    assert sheet["C4"].number_format == "#,##0.00"
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$3:$3"


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_becomes_a_formula(text):
    cell = read(xlsx.workbook("表", [Column("备注")], [[text]], show_title=False))["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cell.value.replace("_x000D_", "\r").strip() == text.strip()
    line = csv.table([Column("备注")], [[text]]).decode("utf-8-sig")
    [[_heading], [value]] = standard.reader(io.StringIO(line, newline=""))
    assert value == f"'{text}"


def test_headings_and_titles_are_no_formulas_either():
    sheet = read(xlsx.workbook("=1+1", [Column("=2+2")], []))
    assert [row[0].data_type for row in sheet.iter_rows()] == ["s", "s"]
    assert b"'=2+2" in csv.table([Column("=2+2")], [])


def test_the_same_rows_give_the_same_bytes():
    with time_machine.travel("2026-09-01 08:00"):
        first = xlsx.workbook("表", COLUMNS, ROWS)
    with time_machine.travel("2027-01-01 08:00"):
        assert xlsx.workbook("表", COLUMNS, ROWS) == first


def test_long_numbers_keep_their_last_digits():
    sheet = read(xlsx.workbook("表", [Column("证件", "integer")], [[330109199001011234]], show_title=False))
    assert sheet["A2"].value == "330109199001011234"


def test_moments_are_local():
    moment = dt.datetime(2026, 9, 1, 23, 30, tzinfo=dt.UTC)
    assert b"2026-09-02 07:30" in csv.table([Column("时间", "datetime")], [[moment]])
    sheet = read(xlsx.workbook("表", [Column("时间", "datetime")], [[moment]], show_title=False))
    assert sheet["A2"].value == dt.datetime(2026, 9, 2, 7, 30)  # noqa: DTZ001


def test_control_characters_are_left_out_and_what_is_too_long_is_refused():
    assert read(xlsx.workbook("表\x07", [Column("甲")], [["a\x00b\x0bc"]], show_title=False))["A2"].value == "abc"
    with pytest.raises(PrintingError, match="32767"):
        xlsx.workbook("表", [Column("甲")], [["长" * 32_768]])


def test_a_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError):
        xlsx.workbook("表", COLUMNS, [["少"]])
    with pytest.raises(ValueError):
        csv.table(COLUMNS, [["少"]])


def test_csv_opens_in_excel():
    content = csv.table(COLUMNS, ROWS, ["合计", 1195, Decimal("12.50"), None])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").split("\r\n") == [
        "姓名,积分,金额,日期",
        "𠅤小明,-5,12.50,2026-09-01",
        "周䶮,1200,,",
        "合计,1195,12.50,",
        "",
    ]


def test_a_book_of_several_sheets_keeps_their_names_apart():
    sheets = [
        xlsx.SheetOf("石桥村积分", COLUMNS, ROWS),
        xlsx.SheetOf("荣誉", COLUMNS[:1], [["周䶮"]], ["合计"]),
        xlsx.SheetOf("荣誉", COLUMNS[:1], []),
    ]
    content = xlsx.book("石桥村积分", sheets, note="2026年9月")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["石桥村积分", "荣誉", "荣誉 2"]
    assert [sheet["A1"].value for sheet in book] == ["石桥村积分", "石桥村积分　荣誉", "石桥村积分　荣誉"]
    assert [row[0].value for row in book["荣誉"].iter_rows(min_row=3)] == ["姓名", "周䶮", "合计"]
    assert content == xlsx.book("石桥村积分", sheets, note="2026年9月")


def test_a_book_that_cannot_be_written_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    sheets = [xlsx.SheetOf("甲", COLUMNS[:1], [["好"]]), xlsx.SheetOf("乙", COLUMNS[:1], [["长" * 40_000]])]
    with pytest.raises(PrintingError):
        xlsx.book("两张", sheets)
    assert not list(tmp_path.iterdir())
