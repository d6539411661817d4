"""What officials do with a submitted filing. Two of them on one filing: the second is told, and changes nothing."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from registry.organizations import indexing, notices
from registry.organizations.choices import Outcome, Purpose, State, Status
from registry.organizations.completeness import conflicts
from registry.organizations.models import Decision, Filing, Manager, Organization
from registry.organizations.models.rules import settings_for
from registry.organizations.snapshots import FIELDS, LISTS
from registry.places.models import Kind, Place


def _waiting(filing: Filing) -> Filing:
    """The filing, locked, when an opinion on it is due."""
    locked: Filing = Filing.objects.select_for_update().get(pk=filing.pk)
    if not locked.is_waiting:
        raise ValidationError(
            _("这份申请现在是“%(state)s”，可能别的同事刚刚处理过，请刷新后再看。"),
            code="moved",
            params={"state": locked.get_state_display()},
        )
    return locked


@transaction.atomic
def take_into_review(*, filing: Filing, by: Any) -> Filing:
    """Begin the review. A colleague may take it over; the audit lines tell."""
    taken = _waiting(filing)
    if taken.state == State.IN_REVIEW and taken.reviewer_id == by.pk:
        return taken
    taken.state = State.IN_REVIEW
    taken.reviewer = by
    taken.save()
    record(by=by, action="organizations.take_into_review", subject=taken, place=taken.place)
    return taken


@transaction.atomic
def return_filing(*, filing: Filing, reasons: Mapping[str, str], remark: str = "", by: Any) -> Decision:
    """Send a filing back to be put right, with the reasons by field."""
    if not reasons and not remark:
        raise ValidationError(_("请至少对一项写明退回的理由。"), code="reasons")
    return _decide(filing, Outcome.RETURNED, State.RETURNED, reasons, remark, by)


@transaction.atomic
def refuse_filing(*, filing: Filing, reasons: Mapping[str, str] | None = None, remark: str, by: Any) -> Decision:
    """Refuse a filing, with the reason: that is the end of it."""
    if not remark:
        raise ValidationError({"remark": _("请写明不予备案的理由。")})
    return _decide(filing, Outcome.REFUSED, State.REFUSED, reasons or {}, remark, by)


@transaction.atomic
def approve_filing(*, filing: Filing, remark: str = "", by: Any) -> Organization:
    """Put the organization into the register, or keep it there for another period."""
    waiting = _waiting(filing)
    if found := conflicts(waiting):
        raise ValidationError(found)
    organization = _renewed(waiting) if waiting.purpose == Purpose.RENEWAL else _entered(waiting)
    waiting.organization = organization
    waiting.save(update_fields=["organization"])
    _decide(waiting, Outcome.APPROVED, State.APPROVED, {}, remark, by)
    Manager.objects.get_or_create(organization=organization, user=waiting.applicant)
    indexing.organization_changed(organization)
    return organization


def _decide(
    filing: Filing, outcome: Outcome, state: State, reasons: Mapping[str, str], remark: str, by: Any
) -> Decision:
    waiting = _waiting(filing)
    unknown = set(reasons) - {*FIELDS, *LISTS}
    if unknown:
        raise ValueError(f"no fields of a filing: {sorted(unknown)}")
    submission = waiting.submissions.latest("number")
    decision = Decision.objects.create(
        filing=waiting, submission=submission, outcome=outcome, reasons=dict(reasons), remark=remark, by=by
    )
    waiting.state = state
    waiting.reviewer = by
    waiting.decided_at = decision.at if outcome != Outcome.RETURNED else None
    waiting.save()
    record(
        by=by,
        action=_DECIDING[outcome],
        subject=waiting,
        place=waiting.place,
        reasons=dict(reasons),
        remark=remark,
    )
    notices.decided(decision)
    return decision


_DECIDING = {
    Outcome.APPROVED: "organizations.approve_filing",
    Outcome.RETURNED: "organizations.return_filing",
    Outcome.REFUSED: "organizations.refuse_filing",
}


def _entered(filing: Filing) -> Organization:
    """A new organization, as its filing says."""
    today = timezone.localdate()
    organization = Organization(
        filing=filing,
        number=_next_number(filing.place, today.year),
        registered_on=today,
        valid_from=today,
        valid_until=_last_day(today, settings_for(filing.place).validity_years),
    )
    organization.copy_particulars(filing)
    organization.save()
    return organization


def _renewed(filing: Filing) -> Organization:
    """The organization, as its renewal says, from the end of its time on, or from today when that is over."""
    assert filing.organization_id is not None
    organization: Organization = Organization.objects.select_for_update().get(pk=filing.organization_id)
    if organization.status == Status.DEREGISTERED:
        raise ValidationError(_("这个组织已经注销，不能续期。"), code="deregistered")
    period = renewed_period(organization, filing)
    organization.copy_particulars(filing)
    organization.filing = filing
    organization.status = Status.REGISTERED
    organization.valid_from, organization.valid_until = period
    organization.reminded_on = None
    organization.save()
    return organization


def renewed_period(organization: Organization, filing: Filing) -> tuple[datetime.date, datetime.date]:
    """The first and the last day for which a renewal that is approved today keeps an organization in the register."""
    first = max(timezone.localdate(), organization.valid_until + datetime.timedelta(days=1))
    return first, _last_day(first, settings_for(filing.place).validity_years)


def _last_day(first: datetime.date, years: int) -> datetime.date:
    """The last day of so many years that begin with this day."""
    try:
        anniversary = first.replace(year=first.year + years)
    except ValueError:  # 29 February
        anniversary = first.replace(year=first.year + years, month=3, day=1)
    return anniversary - datetime.timedelta(days=1)


def _next_number(place: Place, year: int) -> str:
    """The next number of the county in this year: the county's code, the year, and four digits.

    The county's row is locked, so that two approvals at once get two numbers.
    """
    county = place.above(Kind.COUNTY)
    if county is None:
        raise ValidationError({"place": _("所在地不在任何区县之下，不能备案。")})
    Place.objects.select_for_update().get(pk=county.pk)
    prefix = f"{county.code[:6]}{year}"
    last = Organization.objects.filter(number__startswith=prefix).order_by("-number").first()
    return f"{prefix}{int(last.number[len(prefix) :]) + 1 if last else 1:04d}"
