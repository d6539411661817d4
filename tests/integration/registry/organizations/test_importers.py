"""Members as they are handed in: a spreadsheet, a list typed into a box."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from registry.organizations import importers

from . import makers

pytestmark = pytest.mark.django_db


def xlsx(*rows: tuple[object, ...], name: str = "名册.xlsx") -> SimpleUploadedFile:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return SimpleUploadedFile(name, buffer.getvalue())


def test_the_template_can_be_filled_in_and_read(client):
    response = client.get(reverse("organizations:members_template"))
    workbook = load_workbook(io.BytesIO(response.content))
    sheet = workbook.worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["姓名*", "手机", "职务或身份"]
    sheet["A2"], sheet["B2"], sheet["C2"] = "𠅤生", 13800001234, "会计"
    buffer = io.BytesIO()
    workbook.save(buffer)
    found = importers.read_sheet(SimpleUploadedFile("名册.xlsx", buffer.getvalue()))
    assert found.errors == []
    assert [(one.name, one.phone, one.duty) for one in found.people] == [("𠅤生", "13800001234", "会计")]


def test_a_csv_as_excel_in_china_saves_it():
    content = "姓名,手机,职务或身份\n赵淑芬,13800001234,会计\n钱多,,\n".encode("gb18030")
    found = importers.read_sheet(SimpleUploadedFile("名册.csv", content))
    assert [one.name for one in found.people] == ["赵淑芬", "钱多"]


def test_each_row_that_cannot_be_is_told_with_its_number():
    found = importers.read_sheet(
        xlsx(
            ("清溪镇舞龙队会员名册",), ("姓名", "手机"), ("赵淑芬", "13800001234"), (None, "13800005678"), ("<b>", "1")
        )
    )
    assert any(error.startswith("第 4 行") for error in found.errors)
    assert any(error.startswith("第 5 行：姓名") for error in found.errors)
    assert any(error.startswith("第 5 行：手机") for error in found.errors)


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("名册.xls", b"\xd0\xcf\x11\xe0"),
        SimpleUploadedFile("名册.xlsx", b"no zip"),
        SimpleUploadedFile("名册.csv", b"a,b\n1,2\n"),
        SimpleUploadedFile("名册.pdf", makers.PDF),
    ],
    ids=["xls", "broken", "no heading", "pdf"],
)
def test_a_file_that_is_no_list_of_members_is_refused(writing, village, writer, upload):
    filing = makers.a_draft(village, writer)
    response = writing.post(reverse("organizations:step", args=[filing.pk, "members"]), {"text": "", "sheet": upload})
    assert response.context["form"].errors["sheet"]
    assert filing.members.count() == 10


def test_a_sheet_is_added_to_what_is_typed_and_twice_changes_nothing(writing, village, writer):
    filing = makers.a_draft(village, writer, members=0)
    address = reverse("organizations:step", args=[filing.pk, "members"])
    rows = (("姓名", "手机", "职务或身份"), ("赵淑芬", "13800001234", "会计"), ("钱多", "", ""))
    writing.post(address, {"text": "孙里，13800007777，理事\n赵淑芬 13800001234 会计", "sheet": xlsx(*rows)})
    first = list(filing.members.values_list("name", "duty"))
    assert first == [("孙里", "理事"), ("赵淑芬", "会计"), ("钱多", "")]
    shown = writing.get(address).context["form"]["text"].value()
    writing.post(address, {"text": shown, "sheet": xlsx(*rows)})
    assert list(filing.members.values_list("name", "duty")) == first


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("李四", ("李四", "", "")),
        ("李四 13800001234 会计", ("李四", "13800001234", "会计")),
        ("李四，会计，138 0000 1234", ("李四", "13800001234", "会计")),
        ("John Smith, 13800001234", ("John Smith", "13800001234", "")),
        ("李四\t１３８００００１２３４\t队长", ("李四", "13800001234", "队长")),
        ("李四、队长", ("李四", "", "队长")),
    ],
)
def test_a_line_is_read_as_it_was_meant(line, read):
    found = importers.read_lines(line)
    assert found.errors == []
    assert [(one.name, one.phone, one.duty) for one in found.people] == [read]
