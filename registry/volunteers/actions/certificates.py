"""Asking for a certificate, issuing, refusing and revoking one."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import printing.actions
from accounts import audit
from accounts.scoping import rows_for
from printing.errors import PrintingError
from registry.organizations.models import Organization
from registry.places.models import Place
from registry.volunteers import notices, reports
from registry.volunteers.choices import CertificateState
from registry.volunteers.models import Certificate, Volunteer


@transaction.atomic
def request_certificate(
    *,
    volunteer: Volunteer,
    place: Place,
    by: Any,
    organization: Organization | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Certificate:
    """Ask who keeps the record for a certificate, of a period or of all.

    Raises ValidationError when there are no hours to certify, or when the last request is not decided.
    """
    if since and until and until < since:
        raise ValidationError({"until": _("结束日期不能早于开始日期。")})
    Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer.pk)
    certificate = Certificate(volunteer=volunteer, place=place, organization=organization, since=since, until=until)
    if not reports.certified_lines(certificate).exists():
        raise ValidationError(_("这段时间没有可以证明的时长。"))
    open_requests = volunteer.certificates.filter(state=CertificateState.REQUESTED)
    same = {"organization": organization} if organization else {"organization": None, "place": place}
    if open_requests.filter(**same).exists():
        raise ValidationError(_("已经申请过，正在办理。"))
    certificate.save(force_insert=True)
    notices.certificate_requested(certificate)
    audit.record(by=by, action="volunteers.request_certificate", subject=certificate, place=place)
    return certificate


@transaction.atomic
def issue_certificate(*, certificate: Certificate, by: Any) -> Certificate:
    """Print, number and freeze the certificate of a request. Raises ValidationError, with nothing issued.

    Nobody certifies their own service, and an organization that is no longer registered certifies none: its place does.
    """
    stored = _open(certificate, by)
    if stored.volunteer.user_id is not None and stored.volunteer.user_id == by.pk:
        raise ValidationError(_("这是您自己的证明，请由别人出具。"))
    report = reports.certificate_report(stored, handler=str(by))
    if not report.lines:
        raise ValidationError(_("这段时间没有可以证明的时长。"))
    try:
        stored.document = printing.actions.issue(**report.paper(), by=by)
    except PrintingError as error:
        raise ValidationError(str(error)) from error
    stored.state, stored.decided_at, stored.decided_by = CertificateState.ISSUED, timezone.now(), by
    stored.service_halves, stored.training_halves = report.service_halves, report.training_halves
    stored.save()
    notices.certificate_issued(stored)
    audit.record(
        by=by,
        action="volunteers.issue_certificate",
        subject=stored,
        place=stored.place,
        number=stored.document.number,
    )
    return stored


@transaction.atomic
def refuse_certificate(*, certificate: Certificate, why: str, by: Any) -> Certificate:
    """Refuse a request, and say why. Raises ValidationError."""
    if not why.strip():
        raise ValidationError({"why": _("请写明不予出具的原因。")})
    stored = _open(certificate, by)
    stored.state, stored.refused_why = CertificateState.REFUSED, why.strip()
    stored.decided_at, stored.decided_by = timezone.now(), by
    stored.save()
    notices.certificate_refused(stored)
    audit.record(by=by, action="volunteers.refuse_certificate", subject=stored, place=stored.place, why=why.strip())
    return stored


@transaction.atomic
def revoke_certificate(*, certificate: Certificate, category: str, why: str, by: Any) -> Certificate:
    """Declare that an issued certificate no longer holds; its public page says so from now on.

    Raises ValidationError.
    """
    document = certificate.document
    if document is None:
        raise ValidationError(_("还没有出具，不能撤销。"))
    if not why.strip():
        raise ValidationError({"why": _("请写明撤销的原因。")})
    _check_who_speaks(certificate, by)
    try:
        printing.actions.revoke(document=document, category=category, reason=why, by=by)
    except PrintingError as error:
        raise ValidationError(str(error)) from error
    notices.certificate_revoked(certificate)
    audit.record(
        by=by,
        action="volunteers.revoke_certificate",
        subject=certificate,
        place=certificate.place,
        number=document.number,
        category=category,
    )
    return certificate


def _open(certificate: Certificate, by: Any) -> Certificate:
    stored: Certificate = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("volunteer__user", "place", "organization")
        .get(pk=certificate.pk)
    )
    if stored.state != CertificateState.REQUESTED:
        raise ValidationError(_("这份申请已经办理。"))
    _check_who_speaks(stored, by)
    return stored


def _check_who_speaks(certificate: Certificate, by: Any) -> None:
    """Who is no longer registered decides nothing; the officials of its place do, in the place's name."""
    if certificate.organization_id is None:
        return
    # Held until the end: nobody strikes it off between the check and the paper.
    certificate.organization = Organization.objects.select_for_update(no_key=True).get(pk=certificate.organization_id)
    if certificate.organization.is_registered:
        return
    if not rows_for(Certificate, by, "issue").filter(pk=certificate.pk).exists():
        raise ValidationError(_("组织现在不在册，不能以它的名义出具或撤销证明；请所在的村、社区办理。"))
