"""Spreadsheets as officials have them."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from registry.importing import reading
from registry.importing.reading import UnreadableSheetError, read

HEADINGS = ["姓名", "村", "日期"]


def xlsx(*rows, merge=()):
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    for area in merge:
        workbook.active.merge_cells(area)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def test_titles_above_the_heading_notes_in_it_and_blank_rows():
    data = xlsx(
        ["清溪镇名册"],
        [None],
        [" 姓 名* ", "村（社区）", "日期", "备注"],
        ["张三", "鲁家村", None, "x"],
        [None, " "],
        ["𠅤", "鲁家村"],
        merge=["A1:D1"],
    )
    sheet = read(data, name="a.xlsx", headings=HEADINGS, required=["姓名"])
    assert [(row.number, row.cells.get("姓名")) for row in sheet.rows] == [(4, "张三"), (6, "𠅤")]
    assert sheet.rows[0].cells["村"] == "鲁家村"
    assert sheet.unknown == ["备注"]


def test_a_cell_merged_downwards_stands_in_each_row():
    data = xlsx(["姓名", "村"], ["甲", "鲁家村"], ["乙", None], ["丙", "他村"], merge=["B2:B3"])
    assert [row.cells["村"] for row in read(data, name="a.xlsx", headings=HEADINGS).rows] == [
        "鲁家村",
        "鲁家村",
        "他村",
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_as_excel_saves_it(encoding, mark):
    data = f"姓名{mark}村\r\n张三{mark}鲁家村\r\n".encode(encoding)
    assert read(data, name="a.CSV", headings=HEADINGS).rows[0].cells == {"姓名": "张三", "村": "鲁家村"}


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"x", "a.xls", "另存为"),
        (b"not a zip", "a.xlsx", "打开"),
        ("姓名,村\n".encode(), "a.csv", "没有内容"),
        ("甲,乙\n1,2\n".encode(), "a.csv", "表头"),
        ("姓名,日期\n1,2\n".encode(), "a.csv", "缺少这些列：村"),
        ("姓名,村,姓名\n1,2,3\n".encode(), "a.csv", "两次：姓名"),
        (b"\xff\xfe\x00\x01", "a.csv", "编码"),
    ],
)
def test_what_cannot_be_read_is_told(data, name, told):
    with pytest.raises(UnreadableSheetError, match=told):
        read(data, name=name, headings=HEADINGS, required=["姓名", "村"])


def test_a_file_that_swells_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_UNPACKED", 1000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "x" * 10_000)
    with pytest.raises(UnreadableSheetError, match="太大"):
        read(buffer.getvalue(), name="a.xlsx", headings=HEADINGS)


def test_too_many_rows(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    with pytest.raises(UnreadableSheetError, match="2 行"):
        read("姓名,村\n".encode() + "甲,乙\n".encode() * 3, name="a.csv", headings=HEADINGS)
