"""What organizations are told by e-mail, once what it tells of has been committed."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import mail
from registry.organizations.choices import Outcome
from registry.organizations.models import Decision, Filing, Organization
from registry.organizations.snapshots import label_of


@mail.letter
def decided(decision: Decision) -> None:
    """Tell of a decision on a filing."""
    filing = decision.filing
    subjects = {
        Outcome.APPROVED: _("“%(name)s”的%(purpose)s申请已通过"),
        Outcome.RETURNED: _("“%(name)s”的%(purpose)s申请需要补正"),
        Outcome.REFUSED: _("“%(name)s”的%(purpose)s申请未获通过"),
    }
    about = {"name": filing.name, "purpose": filing.get_purpose_display()}
    subject = subjects[Outcome(decision.outcome)] % about
    lines = [f"{mail.day(timezone.localdate(decision.at))}，{subject}。", *_reasons(decision)]
    if decision.outcome == Outcome.APPROVED and filing.organization is not None:
        lines += [
            _("备案号：%(number)s") % {"number": filing.organization.number},
            _("有效期至：%(day)s") % {"day": mail.day(filing.organization.valid_until)},
        ]
    if decision.outcome == Outcome.RETURNED:
        lines.append(_("请按意见改好再提交，其他内容不用重填。"))
    mail.tell(_writers(filing), subject, "\n".join(lines), path=reverse("organizations:filing", args=[filing.pk]))


def _reasons(decision: Decision) -> list[str]:
    lines = [f"· {label_of(name)}：{reason}" for name, reason in decision.reasons.items()]
    if decision.remark:
        lines.append(_("说明：%(remark)s") % {"remark": decision.remark})
    return lines


@mail.letter
def expired(organization: Organization) -> None:
    """Tell that a registration has run out."""
    subject = _("“%(name)s”的备案已过期") % {"name": organization.name}
    lines = [
        _("“%(name)s”的备案于 %(day)s到期，公开页面已标明过期，服务不再显示。")
        % {"name": organization.name, "day": mail.day(organization.valid_until)},
        _("现在仍可以申请续期，上次填过的内容不用再填。"),
    ]
    mail.tell(organization.manager_addresses(), subject, "\n".join(lines), path=_desk(organization))


@mail.letter
def renewable(organization: Organization) -> None:
    """Tell that renewal may be asked for."""
    subject = _("“%(name)s”可以申请续期了") % {"name": organization.name}
    lines = [
        _("“%(name)s”的备案 %(day)s到期，现在可以申请续期，上次填过的内容不用再填。")
        % {"name": organization.name, "day": mail.day(organization.valid_until)},
        _("到期没有续期的，公开页面会标明过期，服务不再显示。"),
    ]
    mail.tell(organization.manager_addresses(), subject, "\n".join(lines), path=_desk(organization))


@mail.letter
def deregistered(organization: Organization) -> None:
    """Tell that an organization was taken off the register."""
    subject = _("“%(name)s”已注销备案") % {"name": organization.name}
    day = mail.day(organization.deregistered_on or timezone.localdate())
    reason = _("原因：%(reason)s") % {"reason": organization.deregistration_reason}
    text = f"{day}，{subject}。\n{reason}"
    mail.tell(organization.manager_addresses(), subject, text, path=_desk(organization))


def _desk(organization: Organization) -> str:
    return reverse("organizations:desk", args=[organization.number])


def _writers(filing: Filing) -> list[str]:
    managers = filing.organization.manager_addresses() if filing.organization is not None else []
    return list(dict.fromkeys([filing.applicant.email, *managers]))
