"""What volunteers and organizers are told by e-mail, where their account has an address; once it is certain."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import mail
from registry.volunteers.halves import hours
from registry.volunteers.models import Decision, HourLine, Shift, SignUp, Volunteer


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


def shift_cancelled(sign_up: SignUp, why: str) -> None:
    """A shift was called off."""
    shift: Shift = sign_up.shift
    mail.tell(
        _address(sign_up.volunteer),
        _("活动取消：%(activity)s") % {"activity": shift.activity},
        _("您报名的“%(shift)s”已取消。\n原因：%(why)s") % {"shift": shift, "why": why},
        path=shift.activity.get_absolute_url(),
    )


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


def objected(decision: Decision) -> None:
    """A line was objected to: the organization that recorded it is to check it."""
    line = decision.line
    organization = line.activity.organization
    if organization is None:
        return
    managers = organization.managers.filter(user__is_active=True).values_list("user__email", flat=True)
    mail.tell(
        managers,
        _("时长有异议：%(activity)s") % {"activity": line.activity},
        _("有志愿者对 %(day)s “%(activity)s”的时长提出异议，请核实后更正或答复。")
        % {"day": line.date, "activity": line.activity},
        path=reverse("volunteers:organizing_line", args=[organization.number, line.pk]),
    )


def ruled(line: HourLine, halves: int, reason: str) -> None:
    """An objection was checked, or a line was corrected."""
    mail.tell(
        _address(line.volunteer),
        _("志愿服务时长已核实：%(activity)s") % {"activity": line.activity},
        _("%(day)s 的“%(activity)s”，核实后的时长是 %(hours)s 小时。\n核实情况：%(reason)s")
        % {"day": line.date, "activity": line.activity, "hours": hours(halves), "reason": reason},
        path=reverse("volunteers:own"),
    )


def _address(volunteer: Volunteer) -> list[str]:
    return [volunteer.user.email] if volunteer.user is not None else []
