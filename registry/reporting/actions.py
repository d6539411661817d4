"""Saving, sharing and deleting reports."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.scoping import places_for
from registry.places.models import Place
from registry.reporting import datasets, definition
from registry.reporting.definition import Definition
from registry.reporting.models import Report


@transaction.atomic
def save_report(
    *,
    report: Report | None,
    title: str,
    stated: Definition,
    by: Any,
    description: str = "",
    shared_at: Place | None = None,
) -> Report:
    """Save a report: a new one, one's own changed, or a copy of somebody else's.

    Raises ValidationError for what cannot be shown or shared, PermissionDenied for rows that one may not see.
    """
    source = datasets.dataset(stated.dataset)
    if not by.has_perm(source.permission):
        raise PermissionDenied
    definition.check(stated, source)
    if shared_at and not places_for(by, "places.view_place").filter(pk=shared_at.pk).exists():
        raise ValidationError({"shared_at": _("只能共享给您管理范围里的地方。")})
    if report is None or report.owner_id != by.pk:
        report = Report(owner=by)
    report.title, report.description, report.shared_at = title, description, shared_at
    report.dataset, report.definition = source.key, stated.as_json()
    report.full_clean()
    report.save()
    audit.record(by=by, action="reporting.save_report", subject=report, place=shared_at)
    return report


@transaction.atomic
def delete_report(*, report: Report, by: Any) -> None:
    """Delete one's own report. Raises PermissionDenied for another's."""
    if report.owner_id != by.pk:
        raise PermissionDenied
    audit.record(by=by, action="reporting.delete_report", subject=report)
    report.delete()
