"""What managers of organizations read in their mailbox, word for word."""

from collections.abc import Iterator

import pytest
import time_machine

from registry.organizations import actions

from . import makers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _that_sunday() -> Iterator[None]:
    with time_machine.travel("2026-11-22 10:00+08:00", tick=False):
        yield


def of_the_desk(organization) -> str:
    return f"查看详情：https://xiangyue.example/organizations/mine/{organization.number}/"


def test_a_filing_was_returned_and_then_approved(sent, village, writer, reviewer):
    filing = makers.a_submitted(village, writer, name="柳河村舞龙队")
    where = f"查看详情：https://xiangyue.example/organizations/filings/{filing.pk}/"
    with sent() as letters:
        actions.return_filing(filing=filing, reasons={"aims": "写明每月几次"}, remark="其余都好", by=reviewer)
    assert letters == [
        (
            ["lin@example.org"],
            "“柳河村舞龙队”的新备案申请需要补正 - 乡约",
            "2026年11月22日，“柳河村舞龙队”的新备案申请需要补正。\n"
            "· 宗旨和业务范围：写明每月几次\n"
            "说明：其余都好\n"
            "请按意见改好再提交，其他内容不用重填。\n\n" + where,
        )
    ]
    actions.submit(filing=filing, by=writer)
    with sent() as letters:
        organization = actions.approve_filing(filing=filing, by=reviewer)
    assert letters == [
        (
            ["lin@example.org"],
            "“柳河村舞龙队”的新备案申请已通过 - 乡约",
            "2026年11月22日，“柳河村舞龙队”的新备案申请已通过。\n"
            f"备案号：{organization.number}\n"
            "有效期至：2029年11月21日\n\n" + where,
        )
    ]


def test_a_filing_was_refused(sent, village, writer, reviewer):
    filing = makers.a_submitted(village, writer, name="柳河村舞龙队")
    with sent() as letters:
        actions.refuse_filing(filing=filing, remark="不在本镇活动", by=reviewer)
    assert letters == [
        (
            ["lin@example.org"],
            "“柳河村舞龙队”的新备案申请未获通过 - 乡约",
            "2026年11月22日，“柳河村舞龙队”的新备案申请未获通过。\n说明：不在本镇活动\n\n"
            f"查看详情：https://xiangyue.example/organizations/filings/{filing.pk}/",
        )
    ]


def test_a_registration_can_be_renewed_runs_out_and_ends(sent, organization, reviewer):
    assert f"{organization.valid_until}" == "2029-11-21"
    with time_machine.travel("2029-11-10 10:00+08:00"), sent() as letters:
        actions.remind_of_renewal()
    assert letters == [
        (
            ["lin@example.org"],
            "“柳河村舞龙队”可以申请续期了 - 乡约",
            "“柳河村舞龙队”的备案 2029年11月21日到期，现在可以申请续期，上次填过的内容不用再填。\n"
            "到期没有续期的，公开页面会标明过期，服务不再显示。\n\n" + of_the_desk(organization),
        )
    ]
    with time_machine.travel("2029-11-22 10:00+08:00"), sent() as letters:
        actions.expire_registrations()
    assert letters == [
        (
            ["lin@example.org"],
            "“柳河村舞龙队”的备案已过期 - 乡约",
            "“柳河村舞龙队”的备案于 2029年11月21日到期，公开页面已标明过期，服务不再显示。\n"
            "现在仍可以申请续期，上次填过的内容不用再填。\n\n" + of_the_desk(organization),
        )
    ]
    with time_machine.travel("2029-12-01 10:00+08:00"), sent() as letters:
        actions.deregister(organization=organization, reason="自行解散", by=reviewer)
    assert letters == [
        (
            ["lin@example.org"],
            "“柳河村舞龙队”已注销备案 - 乡约",
            "2029年12月1日，“柳河村舞龙队”已注销备案。\n原因：自行解散\n\n" + of_the_desk(organization),
        )
    ]
