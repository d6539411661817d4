"""What volunteers and organizers are told by e-mail, where their account has an address; once it is certain."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import mail
from registry.volunteers.halves import hours
from registry.volunteers.models import Certificate, Decision, HourLine, Shift, SignUp, Volunteer


@mail.letter
def promoted(sign_up: SignUp) -> None:
    """A slot became free for somebody who waited."""
    shift = sign_up.shift
    mail.tell(
        _address(sign_up.volunteer),
        _("候补成功：%(activity)s") % {"activity": shift.activity},
        _("有人退出，名额轮到您了：%(shift)s，集合地点：%(address)s。来不了请在报名截止前退出。")
        % {"shift": shift, "address": shift.activity.address},
        path=shift.activity.get_absolute_url(),
    )


@mail.letter
def shift_cancelled(sign_up: SignUp, why: str) -> None:
    """A shift was called off."""
    shift: Shift = sign_up.shift
    mail.tell(
        _address(sign_up.volunteer),
        _("活动取消：%(activity)s") % {"activity": shift.activity},
        _("您报名的“%(shift)s”已取消。\n原因：%(why)s") % {"shift": shift, "why": why},
        path=shift.activity.get_absolute_url(),
    )


@mail.letter
def recorded(lines: Iterable[HourLine]) -> None:
    """Hours were written down: whoever gave them is asked whether they are right."""
    for line in lines:
        mail.tell(
            _address(line.volunteer),
            _("请核对志愿服务时长：%(activity)s") % {"activity": line.activity},
            _("%(day)s 的“%(activity)s”，组织方给您记了 %(hours)s 小时。没错请确认，有错请提出异议。")
            % {"day": line.date, "activity": line.activity, "hours": hours(line.halves)},
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
        _("有志愿者对 %(day)s “%(activity)s”的时长提出异议，请核实后更正或答复。")
        % {"day": line.date, "activity": line.activity},
        path=reverse("volunteers:organizing_line", args=[organization.number, line.pk]),
    )


@mail.letter
def ruled(line: HourLine, halves: int, reason: str) -> None:
    """An objection was checked, or a line was corrected."""
    mail.tell(
        _address(line.volunteer),
        _("志愿服务时长已核实：%(activity)s") % {"activity": line.activity},
        _("%(day)s 的“%(activity)s”，核实后的时长是 %(hours)s 小时。\n核实情况：%(reason)s")
        % {"day": line.date, "activity": line.activity, "hours": hours(halves), "reason": reason},
        path=reverse("volunteers:own"),
    )


@mail.letter
def certificate_requested(certificate: Certificate) -> None:
    """A certificate was asked for: the organization that recorded the hours is to issue it."""
    organization = certificate.organization
    if organization is None:
        return
    mail.tell(
        organization.manager_addresses(),
        _("有人申请志愿服务记录证明：%(name)s") % {"name": certificate.volunteer.name},
        _("%(name)s 向“%(organization)s”申请志愿服务记录证明。请核对时长后出具，不收任何费用；不能出具的，请写明原因。")
        % {"name": certificate.volunteer.name, "organization": organization},
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
        _("您 %(day)s 申请的志愿服务记录证明，“%(issuer)s”没有出具。\n原因：%(why)s")
        % {
            "day": date_format(timezone.localdate(certificate.requested_at), "Y年n月j日"),
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
