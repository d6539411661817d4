"""What happens to an organization that is in the register: its time ends, it is taken off, others act for it."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from registry.organizations import indexing, notices
from registry.organizations.choices import OPEN, Outcome, State, Status
from registry.organizations.models import CountySettings, Decision, Filing, Manager, Organization
from registry.organizations.models.rules import settings_for


def expire_registrations(*, by: Any = None) -> list[Organization]:
    """Say of every organization whose time is over that it is. A second run finds none."""
    found = [_expire(pk, by) for pk in list(Organization.objects.run_out().values_list("pk", flat=True))]
    return [organization for organization in found if organization is not None]


@transaction.atomic
def _expire(pk: int, by: Any) -> Organization | None:
    organization = Organization.objects.run_out().select_for_update().filter(pk=pk).first()
    if organization is None:  # renewed or taken off a moment ago
        return None
    organization.status = Status.EXPIRED
    organization.save()
    record(
        by=by,
        action="organizations.expire",
        subject=organization,
        place=organization.place,
        valid_until=organization.valid_until,
    )
    indexing.organization_changed(organization)
    notices.expired(organization)
    return organization


def remind_of_renewal(*, by: Any = None) -> list[Organization]:
    """Tell organizations, once a period, that they may now ask for renewal."""
    today = timezone.localdate()
    widest = max([CountySettings().renewal_window_days, *_windows()])
    near = Organization.objects.registered().filter(
        reminded_on=None, valid_until__lte=today + datetime.timedelta(days=widest)
    )
    reminded = []
    for organization in near.exclude(filings__state__in=OPEN).select_related("place"):
        if today < organization.renewable_from(settings_for(organization.place).renewal_window_days):
            continue
        if _remind(organization, by):
            reminded.append(organization)
    return reminded


def _windows() -> list[int]:
    return list(CountySettings.objects.values_list("renewal_window_days", flat=True))


@transaction.atomic
def _remind(organization: Organization, by: Any) -> bool:
    today = timezone.localdate()
    if not Organization.objects.filter(pk=organization.pk, reminded_on=None).update(reminded_on=today):
        return False
    record(by=by, action="organizations.remind_of_renewal", subject=organization, place=organization.place)
    notices.renewable(organization)
    return True


@transaction.atomic
def deregister(*, organization: Organization, reason: str, by: Any) -> Organization:
    """Take an organization off the register. An open filing of it ends with it; it keeps its history."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明注销原因。")})
    held: Organization = Organization.objects.select_for_update().get(pk=organization.pk)
    if held.status == Status.DEREGISTERED:
        raise ValidationError(_("这个组织已经注销。"), code="moved")
    held.status = Status.DEREGISTERED
    held.deregistered_on = timezone.localdate()
    held.deregistration_reason = reason.strip()
    held.save()
    _end_open_filing(held, by)
    record(by=by, action="organizations.deregister", subject=held, place=held.place, reason=held.deregistration_reason)
    indexing.organization_changed(held)
    notices.deregistered(held)
    return held


def _end_open_filing(organization: Organization, by: Any) -> None:
    filing = Filing.objects.select_for_update().filter(organization=organization, state__in=OPEN).first()
    if filing is None:
        return
    if filing.state == State.DRAFT:
        filing.delete()
        return
    remark = _("组织已经注销。")
    submission = filing.submissions.latest("number")
    if not Decision.objects.filter(submission=submission).exists():
        Decision.objects.create(filing=filing, submission=submission, outcome=Outcome.REFUSED, remark=remark, by=by)
    filing.state, filing.reviewer, filing.decided_at = State.REFUSED, by, timezone.now()
    filing.save()
    record(by=by, action="organizations.refuse_filing", subject=filing, place=filing.place, remark=remark)


@transaction.atomic
def add_manager(*, organization: Organization, user: User, by: Any) -> Manager:
    """Let somebody act for the organization."""
    manager, created = Manager.objects.get_or_create(organization=organization, user=user)
    if created:
        record(
            by=by,
            action="organizations.add_manager",
            subject=organization,
            place=organization.place,
            user=user.pk,
            name=str(user),
        )
    return manager


@transaction.atomic
def remove_manager(*, manager: Manager, by: Any) -> None:
    """Let somebody act for the organization no longer; the last one stays."""
    organization = Organization.objects.select_for_update().get(pk=manager.organization_id)
    if not organization.managers.exclude(pk=manager.pk).exists():
        raise ValidationError(_("至少要有一名管理员，请先加上另一位。"), code="last")
    record(
        by=by,
        action="organizations.remove_manager",
        subject=organization,
        place=organization.place,
        user=manager.user_id,
        name=str(manager.user),
    )
    manager.delete()
