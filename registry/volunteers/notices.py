"""What volunteers and organizers are told by e-mail, where their account has an address; once it is certain."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import mail
from registry.volunteers.halves import hours
from registry.volunteers.models import Certificate, Decision, HourLine, Shift, SignUp, Volunteer


@mail.letter
def promoted(sign_up: SignUp) -> None:
    """A slot became free for somebody who waited."""
    shift, activity = sign_up.shift, sign_up.shift.activity
    lines = [
        _("您候补的“%(activity)s”有名额了，已经给您报上名。") % {"activity": activity},
        *_where_and_whom(shift),
        _("来不了请在 %(cut_off)s 前退出，把名额让给下一位。") % {"cut_off": mail.moment(shift.cut_off)},
    ]
    subject = _("候补成功：%(activity)s") % {"activity": activity}
    mail.tell(_address(sign_up.volunteer), subject, "\n".join(lines), path=activity.get_absolute_url())


@mail.letter
def shift_cancelled(sign_up: SignUp, why: str) -> None:
    """A shift was called off."""
    shift, activity = sign_up.shift, sign_up.shift.activity
    lines = [
        _("您报名的“%(activity)s”，下面这一场取消了，请不用来。") % {"activity": activity},
        *_where_and_whom(shift),
        _("原因：%(why)s") % {"why": why},
    ]
    subject = _("活动取消：%(activity)s") % {"activity": activity}
    mail.tell(_address(sign_up.volunteer), subject, "\n".join(lines), path=activity.get_absolute_url())


def _where_and_whom(shift: Shift) -> list[str]:
    activity = shift.activity
    return [
        _("时间：%(when)s") % {"when": _stretch(shift)},
        _("集合地点：%(address)s") % {"address": activity.address},
        _("联系人：%(name)s　%(phone)s") % {"name": activity.contact_name, "phone": activity.contact_phone},
    ]


def _stretch(shift: Shift) -> str:
    """From when to when: the day is said once where it is one."""
    begins, ends = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
    until = f"{ends:%H:%M}" if begins.date() == ends.date() else mail.moment(ends)
    return f"{mail.moment(begins)}–{until}"


@mail.letter
def recorded(lines: Iterable[HourLine]) -> None:
    """Hours were written down: whoever gave them is asked whether they are right."""
    for line in lines:
        mail.tell(
            _address(line.volunteer),
            _("请核对志愿服务时长：%(activity)s") % {"activity": line.activity},
            _("%(day)s的“%(activity)s”，“%(organizer)s”给您记了%(kind)s %(hours)s 小时。没错请确认，有错请提出异议。")
            % _said_of(line, line.halves),
            path=reverse("volunteers:own"),
        )


@mail.letter
def objected(decision: Decision) -> None:
    """A line was objected to: the organization that recorded it is to check it."""
    line = decision.line
    organization = line.activity.organization
    if organization is None:
        return
    mail.tell(
        organization.manager_addresses(),
        _("时长有异议：%(activity)s") % {"activity": line.activity},
        _("%(day)s的“%(activity)s”，给%(name)s记了 %(hours)s 小时，本人有异议：\n%(reason)s\n请核实后更正或答复。")
        % (_said_of(line, line.halves) | {"name": line.volunteer.masked_name, "reason": decision.reason}),
        path=reverse("volunteers:organizing_line", args=[organization.number, line.pk]),
    )


@mail.letter
def ruled(line: HourLine, halves: int, reason: str) -> None:
    """An objection was checked, or a line was corrected."""
    mail.tell(
        _address(line.volunteer),
        _("志愿服务时长已核实：%(activity)s") % {"activity": line.activity},
        _("%(day)s的“%(activity)s”，核实后的时长是 %(hours)s 小时。\n核实情况：%(reason)s")
        % (_said_of(line, halves) | {"reason": reason}),
        path=reverse("volunteers:own"),
    )


def _said_of(line: HourLine, halves: int) -> dict[str, object]:
    """What a letter says of hours, for its text to pick from."""
    activity = line.activity
    return {
        "day": mail.day(line.date),
        "activity": activity,
        "organizer": activity.organizer,
        "kind": line.get_kind_display(),
        "hours": hours(halves),
    }


@mail.letter
def certificate_requested(certificate: Certificate) -> None:
    """A certificate was asked for: the organization that recorded the hours is to issue it, where it still can."""
    organization = certificate.organization
    if organization is None or not organization.is_registered:
        return
    name = certificate.volunteer.masked_name
    asked_on = mail.day(timezone.localdate(certificate.requested_at))
    lines = [
        _("%(day)s，%(name)s向“%(organization)s”申请志愿服务记录证明。")
        % {"day": asked_on, "name": name, "organization": organization},
        _("请核对时长后出具，不收任何费用；不能出具的，请写明原因。"),
    ]
    mail.tell(
        organization.manager_addresses(),
        _("有人申请志愿服务记录证明：%(name)s") % {"name": name},
        "\n".join(lines),
        path=reverse("volunteers:organizing_certificate", args=[organization.number, certificate.pk]),
    )


@mail.letter
def certificate_issued(certificate: Certificate) -> None:
    """A certificate can be downloaded."""
    mail.tell(
        _address(certificate.volunteer),
        _("志愿服务记录证明已出具"),
        _("“%(issuer)s”已出具您的志愿服务记录证明，编号：%(number)s。登录后可以下载 PDF，需要盖章的请联系出具单位。")
        % {"issuer": certificate.issuer, "number": certificate.number},
        path=reverse("volunteers:own"),
    )


@mail.letter
def certificate_refused(certificate: Certificate) -> None:
    """A certificate was refused."""
    mail.tell(
        _address(certificate.volunteer),
        _("没有出具志愿服务记录证明"),
        _("您%(day)s申请的志愿服务记录证明，“%(issuer)s”没有出具。\n原因：%(why)s")
        % {
            "day": mail.day(timezone.localdate(certificate.requested_at)),
            "issuer": certificate.issuer,
            "why": certificate.refused_why,
        },
        path=reverse("volunteers:own"),
    )


@mail.letter
def certificate_revoked(certificate: Certificate) -> None:
    """A certificate no longer holds."""
    document = certificate.document
    assert document is not None
    mail.tell(
        _address(certificate.volunteer),
        _("志愿服务记录证明已撤销：%(number)s") % {"number": document.number},
        _(
            "“%(issuer)s”撤销了您的志愿服务记录证明（编号：%(number)s，原因：%(category)s），请不要再使用。需要的可以重新申请。"
        )
        % {
            "issuer": document.issuer,
            "number": document.number,
            "category": document.get_revocation_category_display(),
        },
        path=reverse("volunteers:request_certificate"),
    )


def _address(volunteer: Volunteer) -> list[str]:
    return [volunteer.user.email] if volunteer.user is not None else []
