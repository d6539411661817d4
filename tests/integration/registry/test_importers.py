"""The registers' own spreadsheets: grids, volunteers, hours, donations."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from accounts.roles import Role
from registry.funds.models import Voucher
from registry.importing import actions
from registry.importing.models import ImportRun
from registry.importing.resources import resource
from registry.places.models import Place
from registry.volunteers.models import HourLine, Volunteer
from tests.integration.registry.funds.makers import make_fund
from tests.integration.registry.volunteers.factories import a_volunteer, an_activity, at, resident_number

pytestmark = pytest.mark.django_db


def upload(key, user, *rows):
    workbook = Workbook()
    workbook.active.append([str(column.heading) for column in resource(key)(by=user).columns.values()])
    for row in rows:
        workbook.active.append(row)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return actions.hand_in(key=key, upload=SimpleUploadedFile("表.xlsx", buffer.getvalue()), by=user)


def kinds(run):
    return [outcome["kind"] for outcome in run.outcomes]


def reasons(run, row=0):
    return dict(run.outcomes[row]["errors"])


def take(run, user):
    assert run.state == ImportRun.State.READY, run.outcomes
    actions.apply(run=run, by=user)
    assert run.state == ImportRun.State.APPLIED, run.outcomes


class TestGrids:
    ROWS = (
        ["990100001201-01", "东网格", "柳河村", "１２０", 40, "2026年3月5日"],
        ["990100001201-01-01", "东一微网格", "990100001201-01", None, None, None],
    )

    def test_a_village_draws_its_grids(self, village, township, appoint):
        user = appoint(township, Role.TOWNSHIP_OFFICIAL)
        take(upload("places.grid", user, self.ROWS[0]), user)
        take(upload("places.grid", user, *self.ROWS), user)
        assert Place.objects.get(code="990100001201-01").population == 120
        assert Place.objects.get(code="990100001201-01-01").kind == "micro_grid"
        assert kinds(upload("places.grid", user, *self.ROWS)) == ["skip", "skip"]

    def test_anothers_village_is_not_there(self, village, other_township, appoint):
        user = appoint(other_township, Role.TOWNSHIP_OFFICIAL)
        run = upload("places.grid", user, self.ROWS[0])
        assert "范围" in reasons(run)["上级"]


def volunteer_row(number, name="张𠅤", **changes):
    row = {
        "name": name, "type": "居民身份证", "number": number, "born": None, "phone": "138 0000 1234", "place": "柳河村",
        "skills": "急救，摄影", "consented": "2026年1月5日", "guardian": None, "guardian_phone": None, "agreed": None,
    } | changes  # fmt: skip
    return list(row.values())


class TestVolunteers:
    def test_new_ones_the_same_again_and_a_change(self, village, appoint):
        user, number = appoint(village), resident_number()
        take(upload("volunteers.volunteer", user, volunteer_row(f" {number[:6]} {number[6:]}")), user)
        volunteer = Volunteer.objects.get()
        assert (volunteer.name, volunteer.phone, volunteer.place) == ("张𠅤", "13800001234", village)
        assert sorted(volunteer.skills.names()) == ["急救", "摄影"]
        assert kinds(upload("volunteers.volunteer", user, volunteer_row(number))) == ["skip"]
        run = upload("volunteers.volunteer", user, volunteer_row(number, phone=13900001234, skills="木工"))
        assert kinds(run) == ["update"]
        assert ["手机", "138****1234", "139****1234"] in run.outcomes[0]["changes"]
        take(run, user)
        assert list(Volunteer.objects.get().skills.names()) == ["木工"]

    def test_no_number_stands_in_what_is_kept_of_the_check(self, village, appoint):
        user, number = appoint(village), resident_number()
        long_phone = "138000012345"
        run = upload(
            "volunteers.volunteer",
            user,
            volunteer_row(number),
            volunteer_row(number[:-1] + "A", phone=long_phone),
            volunteer_row(f"{number[:6]} {number[6:]}", phone=13800001234, place="𠅤山村"),
            volunteer_row("13800001234"),
        )
        assert kinds(run) == ["new", "refused", "refused", "refused"]
        assert dict(run.outcomes[1]["cells"])["手机"] == "138****2345"
        kept = str(run.outcomes).replace(" ", "")
        assert not [secret for secret in (number[:-1], "13800001234", long_phone) if secret in kept]
        assert "138001" not in kept

    def test_refusals_name_the_column(self, village, appoint):
        user = appoint(village)
        run = upload(
            "volunteers.volunteer",
            user,
            volunteer_row(1.23e17),
            volunteer_row("110101199003051234"),
            volunteer_row(resident_number(), place="𠅤山村", phone="12345"),
            volunteer_row(resident_number(), consented="明天", name=None),
            volunteer_row(resident_number(timezone.localdate() - timedelta(days=3650))),
        )
        assert "文本" in reasons(run)["证件号码"]
        assert run.outcomes[1]["errors"]
        assert {"居住地", "手机"} <= set(reasons(run, 2))
        assert {"姓名", "本人同意日期"} <= set(reasons(run, 3))
        assert "监护人" in str(run.outcomes[4]["errors"])
        assert not Volunteer.objects.exists()

    def test_the_same_number_twice_in_one_file(self, village, appoint):
        user, number = appoint(village), resident_number()
        run = upload("volunteers.volunteer", user, volunteer_row(number), volunteer_row(number, name="李四"))
        take(run, user)
        assert Volunteer.objects.get().name == "李四"


class TestHours:
    @pytest.fixture
    def given(self, village, appoint):
        user = appoint(village)
        number = resident_number()
        volunteer = a_volunteer(village, id_number=number, name="王芳")
        an_activity(village, by=user, title="清理河道")
        begins = at(9, days=-3)
        row = [
            number,
            "王芳",
            "清理河道",
            f"{begins:%Y-%m-%d %H:%M}",
            f"{begins + timedelta(hours=3):%Y-%m-%d %H:%M}",
            2.5,
            None,
        ]
        return user, volunteer, row

    def test_hours_are_recorded_once_and_corrected_by_a_reversal(self, given):
        user, _volunteer, row = given
        take(upload("volunteers.hours", user, row), user)
        assert HourLine.objects.total() == 5
        assert kinds(upload("volunteers.hours", user, row)) == ["skip"]
        take(upload("volunteers.hours", user, [*row[:5], 1.5, "早退"]), user)
        assert HourLine.objects.total() == 3
        assert HourLine.objects.count() == 3

    def test_of_activities_of_one_name_the_day_tells_or_the_number(self, given, village):
        user, _volunteer, row = given
        other = an_activity(village, by=user, title="清理河道", published=False)
        run = upload("volunteers.hours", user, row)
        assert "编号" in str(run.outcomes[0]["errors"])
        take(upload("volunteers.hours", user, [*row[:2], other.pk, *row[3:]]), user)
        assert HourLine.objects.get().activity == other

    def test_refusals(self, given):
        user, _volunteer, row = given
        run = upload(
            "volunteers.hours",
            user,
            [*row[:5], 2.3, None],
            [row[0], "别人", *row[2:]],
            [*row[:2], "没有的活动", *row[3:]],
            [resident_number(), *row[1:]],
            [*row[:3], "2099-01-01 9:00", "2099-01-01 10:00", 1, None],
            [*row[:5], 20, None],
        )
        assert kinds(run) == ["refused"] * 6
        assert "半小时" in reasons(run)["时长（小时）"]
        for place in range(1, 6):
            assert "系统出错" not in str(run.outcomes[place]["errors"])
        assert not HourLine.objects.exists()


class TestDonations:
    def test_two_equal_gifts_are_two_and_the_file_again_is_none(self, village, township, appoint):
        fund = make_fund(village)
        user = appoint(village)
        day = f"{timezone.localdate() - timedelta(days=3):%Y年%m月%d日}"
        row = [fund.name, day, "个人", "陆𠅤明", "否", "是", "爱心捐款", "¥1,200.50", "银行存款"]
        kinds_of_account = [
            str(label) for label in dict(resource("funds.donation")(by=user).columns["account"].choices).values()
        ]
        row[-1] = kinds_of_account[0]
        run = upload("funds.donation", user, row, row)
        take(run, user)
        assert [voucher.amount for voucher in Voucher.objects.all()] == [Decimal("1200.50")] * 2
        assert kinds(upload("funds.donation", user, row, row)) == ["skip", "skip"]
        assert kinds(upload("funds.donation", user, row, row, row)) == ["skip", "skip", "new"]

    def test_goods(self, village, appoint):
        fund = make_fund(village)
        user = appoint(village)
        day = timezone.localdate() - timedelta(days=3)
        row = [fund.code, day, "个人", None, "否", None, "过冬物资", "大米", "公斤", "50.5", 250]
        run = upload("funds.goods", user, [*row[:2], "匿名", *row[3:]])
        if run.state != ImportRun.State.READY:
            run = upload("funds.goods", user, row)
        take(run, user)
        assert Voucher.objects.get().quantity == Decimal("50.5")

    def test_anothers_fund_is_not_there(self, village, sibling, appoint):
        fund = make_fund(village)
        run = upload("funds.donation", appoint(sibling), [fund.name, "20260305", "个人", "x", "否", "是", "x", 1, "x"])
        assert "范围" in reasons(run)["基金"]
