"""What volunteers and managers read in their mailbox, word for word."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import User
from registry.volunteers import actions
from registry.volunteers.models import Activity, Shift, SignUp, Volunteer

from .factories import a_volunteer, an_activity, at

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def _that_sunday(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def activity(village, organization, manager) -> Activity:
    """One shift tomorrow with one slot."""
    return an_activity(village, by=manager, organization=organization, slots=1)


@pytest.fixture
def person(village) -> Volunteer:
    return a_volunteer(village, user=User.objects.create_user("zhang@example.org", "zhang@example.org", "x"))


def shift_of(activity: Activity) -> Shift:
    found: Shift = activity.shifts.get()
    return found


def recorded(person: Volunteer, activity: Activity, by: User) -> Any:
    return actions.record_hours(
        volunteer=person, activity=activity, starts_at=at(9, days=-2), ends_at=at(11, days=-2), halves=3, by=by
    )


def test_a_slot_became_free(sent, activity, person, village):
    first = actions.sign_up(shift=shift_of(activity), volunteer=a_volunteer(village, name="李小云"), by=None)
    actions.sign_up(shift=shift_of(activity), volunteer=person, by=None)
    with sent() as letters:
        actions.withdraw(sign_up=first, by=None)
    assert letters == [
        (
            ["zhang@example.org"],
            "候补成功：清理河道 - 乡约",
            "您候补的“清理河道”有名额了，已经给您报上名。\n"
            "时间：2026年11月23日 09:00–11:00\n"
            "集合地点：村委会门口\n"
            "联系人：李主任　13800005678\n"
            "来不了请在 2026年11月23日 09:00 前退出，把名额让给下一位。\n\n"
            f"查看详情：https://xiangyue.example/volunteer/activities/{activity.pk}/",
        )
    ]


def test_a_shift_was_called_off(sent, activity, person, manager):
    night = actions.open_shift(activity=activity, starts_at=at(20, days=5), ends_at=at(2, days=6), slots=3, by=manager)
    actions.sign_up(shift=night, volunteer=person, by=None)
    with sent() as letters:
        actions.cancel_shift(shift=night, why="台风", by=manager)
    assert letters == [
        (
            ["zhang@example.org"],
            "活动取消：清理河道 - 乡约",
            "您报名的“清理河道”，下面这一场取消了，请不用来。\n"
            "时间：2026年11月27日 20:00–2026年11月28日 02:00\n"
            "集合地点：村委会门口\n"
            "联系人：李主任　13800005678\n"
            "原因：台风\n\n"
            f"查看详情：https://xiangyue.example/volunteer/activities/{activity.pk}/",
        )
    ]
    assert SignUp.objects.get().state == "withdrawn"


def test_hours_were_recorded_objected_to_and_checked(sent, activity, person, manager, organization):
    own = "查看详情：https://xiangyue.example/volunteer/mine/"
    with sent() as letters:
        line = recorded(person, activity, manager)
    assert letters == [
        (
            ["zhang@example.org"],
            "请核对志愿服务时长：清理河道 - 乡约",
            "2026年11月20日的“清理河道”，“柳河村舞龙队”给您记了志愿服务 1.5 小时。没错请确认，有错请提出异议。\n\n"
            + own,
        )
    ]
    with sent() as letters:
        actions.object_to_hours(line=line, reason="我到 11 点才走", by=person.user)
    assert letters == [
        (
            ["lin@example.org"],
            "时长有异议：清理河道 - 乡约",
            "2026年11月20日的“清理河道”，给张**记了 1.5 小时，本人有异议：\n我到 11 点才走\n请核实后更正或答复。\n\n"
            f"查看详情：https://xiangyue.example/volunteer/organizing/{organization.number}/hours/{line.pk}/",
        )
    ]
    with sent() as letters:
        actions.correct_hours(line=line, halves=4, reason="签退是 11 点", by=manager)
    assert letters == [
        (
            ["zhang@example.org"],
            "志愿服务时长已核实：清理河道 - 乡约",
            "2026年11月20日的“清理河道”，核实后的时长是 2 小时。\n核实情况：签退是 11 点\n\n" + own,
        )
    ]


def test_a_certificate_was_asked_for_issued_and_revoked(sent, activity, person, manager, organization):
    recorded(person, activity, manager)
    with sent() as letters:
        asked = actions.request_certificate(
            volunteer=person, place=organization.place, organization=organization, by=person.user
        )
    assert letters == [
        (
            ["lin@example.org"],
            "有人申请志愿服务记录证明：张** - 乡约",
            "2026年11月22日，张**向“柳河村舞龙队”申请志愿服务记录证明。\n"
            "请核对时长后出具，不收任何费用；不能出具的，请写明原因。\n\n"
            f"查看详情：https://xiangyue.example/volunteer/organizing/{organization.number}/certificates/{asked.pk}/",
        )
    ]
    with sent() as letters:
        issued = actions.issue_certificate(certificate=asked, by=manager)
    assert letters == [
        (
            ["zhang@example.org"],
            "志愿服务记录证明已出具 - 乡约",
            f"“柳河村舞龙队”已出具您的志愿服务记录证明，编号：{issued.number}。"
            "登录后可以下载 PDF，需要盖章的请联系出具单位。\n\n"
            "查看详情：https://xiangyue.example/volunteer/mine/",
        )
    ]
    with sent() as letters:
        actions.revoke_certificate(certificate=issued, category="error", why="只给办公室看", by=manager)
    assert letters == [
        (
            ["zhang@example.org"],
            f"志愿服务记录证明已撤销：{issued.number} - 乡约",
            f"“柳河村舞龙队”撤销了您的志愿服务记录证明（编号：{issued.number}，原因：内容有误），"
            "请不要再使用。需要的可以重新申请。\n\n"
            "查看详情：https://xiangyue.example/volunteer/mine/certificates/",
        )
    ]


def test_a_certificate_was_refused(sent, activity, person, manager, organization):
    recorded(person, activity, manager)
    asked = actions.request_certificate(
        volunteer=person, place=organization.place, organization=organization, by=person.user
    )
    with sent() as letters:
        actions.refuse_certificate(certificate=asked, why="请先核对时长", by=manager)
    assert letters == [
        (
            ["zhang@example.org"],
            "没有出具志愿服务记录证明 - 乡约",
            "您2026年11月22日申请的志愿服务记录证明，“柳河村舞龙队”没有出具。\n原因：请先核对时长\n\n"
            "查看详情：https://xiangyue.example/volunteer/mine/",
        )
    ]


def test_who_has_no_account_or_no_address_is_not_written_to(sent, activity, village, manager):
    with sent() as letters:
        recorded(a_volunteer(village), activity, manager)
        recorded(a_volunteer(village, user=User.objects.create_user("nobody")), activity, manager)
    assert letters == []
