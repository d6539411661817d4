"""A spreadsheet on its way in: checked row by row, then all of it or nothing."""

import datetime
import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts.models import Appointment, AuditLine, User
from accounts.roles import Role
from registry.importing import actions, cells, progress
from registry.importing.columns import CellWidget, Column, PlaceReader
from registry.importing.models import ImportRun
from registry.importing.resources import SheetResource, register
from registry.places.models import Place

pytestmark = pytest.mark.django_db


@register
class GridResource(SheetResource):
    """Grids below a village, for these tests."""

    key = "tests.grid"
    title = "网格"
    model = Place
    permission = "places.view_place"

    code = Column("代码", "code", cells.digits, required=True, max_length=20)
    name = Column("名称", "name", required=True, max_length=10)
    parent = Column("上级", "parent_place", required=True)
    kind = Column("层级", "kind", choices={"grid": "网格", "micro_grid": "微网格"})
    households = Column("户数", "households", cells.integer)
    confirmed_on = Column("核实日期", "confirmed_on", cells.date)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.fields["parent"].widget = CellWidget(PlaceReader(self.by, self.permission))

    def find(self, row):
        place = Place.objects.filter(code=row["code"]).first()
        if place:
            place.parent_place = place.get_parent()
        return place

    def write(self, instance, row, new):
        parent = instance.parent_place
        if new:
            instance.depth, instance.path = 99, "x" * 20
            instance.full_clean(exclude=["path", "depth"])
            parent.add_child(instance=Place(**{name: value for name, value in row.items() if name != "parent_place"}))
        else:
            instance.full_clean()
            instance.save()


@pytest.fixture
def village():
    county = Place.add_root(code="990199", name="试验县", kind="county")
    county.add_child(code="990199002", name="邻镇", kind="township")
    return county.add_child(code="990199001001", name="试验村", kind="village")


@pytest.fixture
def clerk(village):
    user = User.objects.create_user("clerk", password="x")
    Appointment.objects.create(user=user, role=Role.VILLAGE_OFFICIAL, place=village)
    return user


HEADING = ["代码", "名称", "上级", "层级", "户数", "核实日期"]


def upload(*rows, name="网格.xlsx", heading=HEADING):
    workbook = Workbook()
    for row in (heading, *rows):
        workbook.active.append(row)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return SimpleUploadedFile(name, buffer.getvalue())


GOOD = (
    ["990199001001-01", "东网格", "试验村", "网格", "５０", "2024年3月5日"],
    ["990199001001-02", "𠅤网格", "990199001001", "网格", None, None],
)


def hand_in(user, *rows, **kwargs):
    return actions.hand_in(key="tests.grid", upload=upload(*rows, **kwargs), by=user)


def test_a_check_writes_nothing_and_tells_what_would_happen(clerk):
    run = hand_in(clerk, *GOOD)
    assert run.state == ImportRun.State.READY
    assert not Place.objects.filter(kind="grid").exists()
    assert [outcome["kind"] for outcome in run.outcomes] == ["new", "new"]
    assert ["户数", "", "50"] in run.outcomes[0]["changes"]
    actions.apply(run=run, by=clerk)
    assert run.state == ImportRun.State.APPLIED
    grids = Place.objects.filter(kind="grid").order_by("code")
    assert [grid.name for grid in grids] == ["东网格", "𠅤网格"]
    line = AuditLine.objects.get(action="importing.apply")
    assert line.details["sha256"] == run.sha256
    assert line.details["rows"] == {"new": 2}


def test_the_same_file_twice_changes_nothing(clerk):
    run = hand_in(clerk, *GOOD)
    actions.apply(run=run, by=clerk)
    again = hand_in(clerk, *GOOD)
    assert [outcome["kind"] for outcome in again.outcomes] == ["skip", "skip"]


def test_changes_show_before_and_after_and_missing_columns_change_nothing(clerk):
    actions.apply(run=hand_in(clerk, *GOOD), by=clerk)
    run = hand_in(clerk, ["990199001001-01", "西网格", "试验村"], heading=HEADING[:3])
    assert run.outcomes[0]["kind"] == "update"
    assert run.outcomes[0]["changes"] == [["名称", "东网格", "西网格"]]
    actions.apply(run=run, by=clerk)
    assert Place.objects.get(code="990199001001-01").households == 50


def test_one_bad_row_refuses_the_file_with_each_reason(clerk):
    run = hand_in(
        clerk,
        GOOD[0],
        ["990199001001-03", "一二三四五六七八九十一", "邻镇", "乡", "五十", "2024年2月30日"],
        [1.23e17, None, "试验村", "网格", -5, None],
        ["=A1", "x", "试验村", None, 3, None],
    )
    assert run.state == ImportRun.State.REFUSED
    assert {heading for heading, _reason in run.outcomes[1]["errors"]} == {"名称", "上级", "层级", "户数", "核实日期"}
    assert "文本" in dict(run.outcomes[2]["errors"])["代码"]
    assert run.outcomes[3]["kind"] == "refused"
    with pytest.raises(ValidationError):
        actions.apply(run=run, by=clerk)
    assert not Place.objects.filter(kind="grid").exists()


def test_a_refused_row_shows_what_it_holds(client, clerk):
    long = "𠅤" * 50
    run = hand_in(clerk, GOOD[0], ["x-1", long, "试验村", None, 12.0, datetime.date(2024, 3, 5)])
    assert run.outcomes[0]["cells"] == []
    assert run.outcomes[1]["cells"] == [
        ["代码", "x-1"], ["名称", "𠅤" * 39 + "…"], ["上级", "试验村"], ["户数", "12"], ["核实日期", "2024-03-05"],
    ]  # fmt: skip
    client.force_login(clerk)
    page = client.get(reverse("importing_run", args=[run.pk])).content.decode()
    assert "代码：x-1" in page
    assert "𠅤" * 40 not in page


def test_a_check_of_before_rows_were_kept_is_still_shown(client, clerk):
    run = hand_in(clerk, ["x", None, "试验村", None, 3, None])
    for outcome in run.outcomes:
        del outcome["cells"]
    run.save(update_fields=["outcomes"])
    client.force_login(clerk)
    assert "不能为空" in client.get(reverse("importing_run", args=[run.pk])).content.decode()
    assert client.get(reverse("importing_download", args=[run.pk, "refused"])).status_code == 200


def test_what_changed_since_the_check_is_refused_whole(clerk, village):
    run = hand_in(clerk, *GOOD)
    Appointment.objects.all().delete()
    run = ImportRun.objects.get(pk=run.pk)
    actions.apply(run=run, by=clerk)
    assert run.state == ImportRun.State.REFUSED
    assert not Place.objects.filter(kind="grid").exists()


def test_an_error_that_nobody_foresaw_leaves_nothing_half_done(clerk, monkeypatch):
    run = hand_in(clerk, *GOOD)
    written = GridResource.write

    def fail(self, instance, row, new):
        if row["name"] == "𠅤网格":
            raise RuntimeError("disk on fire")
        written(self, instance, row, new)

    monkeypatch.setattr(GridResource, "write", fail)
    actions.apply(run=run, by=clerk)
    assert run.state == ImportRun.State.REFUSED
    assert "管理员" in run.outcomes[1]["errors"][0][1]
    assert not Place.objects.filter(kind="grid").exists()


def test_the_kept_file_is_encrypted_and_comes_back_as_it_was(client, clerk):
    sent = upload(*GOOD)
    data = sent.read()
    sent.seek(0)
    run = actions.hand_in(key="tests.grid", upload=sent, by=clerk)
    assert Path(run.file.path).read_bytes()[:2] != b"PK"
    client.force_login(clerk)
    answer = client.get(reverse("importing_download", args=[run.pk, "file"]))
    assert answer.content == data
    assert "filename*=utf-8''%E7%BD%91%E6%A0%BC.xlsx" in answer["Content-Disposition"]


def test_of_a_refused_file_the_page_shows_first_what_is_wrong(client, clerk):
    run = hand_in(clerk, GOOD[0], ["x", "坏网格", "试验村", None, 3, None], GOOD[1])
    client.force_login(clerk)
    address = reverse("importing_run", args=[run.pk])
    assert [one["row"] for one in client.get(address).context["page"]] == [3]
    assert len(client.get(f"{address}?kind=").context["page"].object_list) == 3


def test_pages_show_it_and_nobody_else_sees_it(client, clerk, village):
    client.force_login(clerk)
    assert "网格" in client.get(reverse("importing_index")).content.decode()
    answer = client.post(reverse("importing_upload", args=["tests.grid"]), {"file": upload(*GOOD)})
    run = ImportRun.objects.get()
    assert answer.url == reverse("importing_run", args=[run.pk])
    page = client.get(answer.url).content.decode()
    assert "东网格" in page
    assert "检查通过" in page
    assert "东网格" not in client.get(answer.url + "?kind=refused").content.decode()
    assert client.get(reverse("importing_progress", args=[run.pk])).json()["over"]
    client.post(answer.url)
    assert Place.objects.filter(kind="grid").count() == 2
    other = User.objects.create_user("other")
    Appointment.objects.create(user=other, role=Role.VILLAGE_OFFICIAL, place=village)
    client.force_login(other)
    for url in (answer.url, reverse("importing_download", args=[run.pk, "file"])):
        assert client.get(url).status_code == 404


def test_what_is_no_spreadsheet_is_refused_beside_the_field(client, clerk):
    client.force_login(clerk)
    for name, content in (
        ("a.xlsx", b"<html>"),
        ("a.csv", "甲,乙\n1,2".encode()),
        ("a.xls", b"\xd0\xcf\x11\xe0"),
        ("空.csv", b""),
    ):
        answer = client.post(
            reverse("importing_upload", args=["tests.grid"]), {"file": SimpleUploadedFile(name, content)}
        )
        assert answer.status_code == 422
        assert answer.context["form"].errors["file"]
    assert not ImportRun.objects.exists()


def test_a_kind_that_one_may_not_import(client, village):
    user = User.objects.create_user("reviewer")
    Appointment.objects.create(user=user, role=Role.POINTS_REVIEWER, place=village)
    client.force_login(user)
    assert client.get(reverse("importing_upload", args=["tests.grid"])).status_code == 302
    assert client.get(reverse("importing_upload", args=["tests.nothing"])).status_code == 404


def test_the_template_has_the_headings_and_the_lists(client, clerk):
    client.force_login(clerk)
    answer = client.get(reverse("importing_template", args=["tests.grid"]))
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["代码*", "名称*", "上级*", "层级", "户数", "核实日期"]
    assert sheet.data_validations.dataValidation[0].formula1 == '"网格,微网格"'
    assert sheet["A2"].number_format == "@"


def test_a_long_file_gets_a_process_of_its_own(clerk, settings, monkeypatch):
    started = []
    monkeypatch.setattr(actions.subprocess, "Popen", lambda command, **_: started.append(command))
    settings.IMPORT_INLINE_ROWS = 1
    run = hand_in(clerk, *GOOD)
    assert run.state == ImportRun.State.CHECKING
    assert started[0][-2:] == ["run_import", str(run.pk)]
    assert progress.of(run.pk) == (0, 2)
    actions.work_on(run=run)
    assert run.state == ImportRun.State.READY
    assert progress.of(run.pk) == (0, 0)


def test_refusals_come_as_a_spreadsheet_without_formulas(client, clerk):
    typed = SimpleUploadedFile("网格.csv", ",".join(HEADING).encode() + b"\n=HYPERLINK(),x,=cmd,,,\n")
    run = actions.hand_in(key="tests.grid", upload=typed, by=clerk)
    client.force_login(clerk)
    answer = client.get(reverse("importing_download", args=[run.pk, "refused"]))
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["行", "列", "内容", "原因"]
    assert [sheet["A2"].value, sheet["B2"].value, sheet["C2"].value] == [2, "上级", "=cmd"]
    assert "=cmd" in sheet["D2"].value
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
