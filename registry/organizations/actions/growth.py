"""What helps an organization grow, what is bought from it, and what it reports."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from registry.organizations.choices import Status
from registry.organizations.models import AnnualReport, Nurture, Organization, PurchasedService, Support


@transaction.atomic
def record_stage(*, nurture: Nurture, by: Any) -> Nurture:
    """Note that an organization reached a stage of incubation."""
    _save(nurture, "record_stage", by, stage=nurture.stage)
    return nurture


@transaction.atomic
def record_support(*, support: Support, by: Any) -> Support:
    """Note support that an organization received."""
    _save(support, "record_support", by, kind=support.kind)
    return support


@transaction.atomic
def award_contract(*, contract: PurchasedService, by: Any) -> PurchasedService:
    """Note a contract by which a public body buys a service, or correct what was noted."""
    _save(contract, "award_contract", by, number=contract.number, amount=str(contract.amount))
    return contract


@transaction.atomic
def evaluate_contract(
    *, contract: PurchasedService, rating: str, evaluation: str, evaluated_on: datetime.date | None = None, by: Any
) -> PurchasedService:
    """Judge the work under a contract."""
    contract.rating = rating
    contract.evaluation = evaluation
    contract.evaluated_on = evaluated_on or timezone.localdate()
    _save(contract, "evaluate_contract", by, number=contract.number, rating=rating)
    return contract


def _save(row: Any, verb: str, by: Any, **details: Any) -> None:
    row.full_clean()
    row.save()
    organization: Organization = row.organization
    record(
        by=by,
        action=f"organizations.{verb}",
        subject=row,
        place=organization.place,
        organization=organization.number,
        **details,
    )


@transaction.atomic
def file_annual_report(*, report: AnnualReport, by: Any) -> AnnualReport:
    """Report on a year, or correct the report while no official has confirmed it."""
    organization = Organization.objects.select_for_update().get(pk=report.organization_id)
    if organization.status == Status.DEREGISTERED:
        raise ValidationError(_("这个组织已经注销。"), code="deregistered")
    last = timezone.localdate().year
    if not organization.registered_on.year <= report.year <= last:
        raise ValidationError(
            {
                "year": _("只能报送 %(first)s 至 %(last)s 年度。")
                % {"first": organization.registered_on.year, "last": last}
            }
        )
    kept = AnnualReport.objects.select_for_update().filter(organization=organization, year=report.year).first()
    if kept is not None:
        if kept.confirmed_at:
            raise ValidationError({"year": _("这一年度的报告已经确认，不能再改。")})
        report.pk = kept.pk
        report._state.adding = False
    report.filed_at, report.filed_by = timezone.now(), by
    _save(report, "file_annual_report", by, year=report.year)
    return report


@transaction.atomic
def confirm_annual_report(*, report: AnnualReport, by: Any) -> AnnualReport:
    """Confirm a report: from now on it stays as it is."""
    held: AnnualReport = AnnualReport.objects.select_for_update().get(pk=report.pk)
    if held.confirmed_at:
        raise ValidationError(_("这份报告已经确认过。"), code="moved")
    held.confirmed_at, held.confirmed_by = timezone.now(), by
    held.save()
    record(
        by=by,
        action="organizations.confirm_annual_report",
        subject=held,
        place=held.organization.place,
        year=held.year,
    )
    return held
