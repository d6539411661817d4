"""What is done with official documents: issued, revoked, replaced."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import codes, filenames, kinds, numbering, pdf
from .errors import PrintingError
from .models import IssuedDocument, NumberReservation
from .stamps import Stamp
from .tables import Sheets

Reason = IssuedDocument.Reason


@dataclass(frozen=True)
class Withdrawal:
    """Which document ceases to hold, and why."""

    document: IssuedDocument
    category: str
    reason: str


def issue(
    *,
    kind: str,
    title: str,
    template: str,
    context: Mapping[str, Any],
    issuer: str,
    place_code: str,
    facts: Iterable[tuple[str, object]],
    filename: str,
    by: Any | None,
    subject: str = "",
    fingerprint: str = "",
    paper: str = "a4",
    sheets: Sheets | None = None,
    instead_of: Withdrawal | None = None,
) -> IssuedDocument:
    """Print, number and freeze a document; all of it or nothing.

    `kind` is registered in `printing.kinds`; `issuer` and `place_code` say who issues it; `subject` and `facts` (pairs
    of label and value) are public, masked by the caller; `fingerprint` is of the data, as the caller reckons it;
    `filename` ends in .pdf; `by` is a user, None for the site itself. The template is given `stamp` beside the context.
    `instead_of`: see `replace`.
    Raises PrintingError with a text for the user.
    """
    spec, now = kinds.get(kind), timezone.now()
    year = timezone.localtime(now).year
    series_code = place_code if spec.per_place else ""
    reservation = numbering.reserve(kind=kind, year=year, place_code=series_code)
    try:
        number = spec.number(year, reservation.value, series_code)
        stamp = Stamp(number, codes.new_code(), now, issuer, title, str(spec.label))
        content = pdf.render(
            template, {**context, "stamp": stamp}, title=title, paper=paper, author=issuer, created=now, sheets=sheets
        )
        document = IssuedDocument(
            kind=kind,
            year=year,
            series_code=series_code,
            sequence=reservation.value,
            number=number,
            title=title,
            issuer=issuer,
            place_code=place_code,
            subject=subject,
            facts=[[str(label), str(value)] for label, value in facts],
            fingerprint=fingerprint,
            issued_at=now,
            issued_by=by,
            filename=filenames.safe(filename),
            sha256=hashlib.sha256(content).hexdigest(),
            code=stamp.code,
            replaces=instead_of.document if instead_of else None,
        )
        _keep(document, content, reservation, instead_of)
    except BaseException:
        numbering.release(reservation)
        raise
    return document


def _keep(
    document: IssuedDocument, content: bytes, reservation: NumberReservation, instead_of: Withdrawal | None
) -> None:
    """Store file and row together: the file first, so that no row can ever be without it."""
    document.file.save(f"issued/{document.year}/{document.code}.pdf", ContentFile(content), save=False)
    try:
        with transaction.atomic():
            numbering.confirm(reservation)
            if instead_of is not None:
                _withdraw(instead_of, status=IssuedDocument.Status.REPLACED, by=document.issued_by)
            document.save(force_insert=True)
    except BaseException:
        document.file.storage.delete(str(document.file.name))
        raise


@transaction.atomic
def revoke(*, document: IssuedDocument, reason: str, by: Any, category: str = Reason.OTHER) -> IssuedDocument:
    """Declare that a document no longer holds. `category` is shown in public, `reason` is not.

    Raises PrintingError when it did not hold any more, or without a reason.
    """
    return _withdraw(Withdrawal(document, category, reason), status=IssuedDocument.Status.REVOKED, by=by)


def replace(
    *, document: IssuedDocument, reason: str, by: Any, category: str = Reason.UPDATED, **paper: Any
) -> IssuedDocument:
    """Issue a new document in the place of one that holds, from what `issue` takes beside these; the new one."""
    return issue(by=by, instead_of=Withdrawal(document, category, reason), **paper)


def _withdraw(withdrawal: Withdrawal, *, status: str, by: Any) -> IssuedDocument:
    document, reason = withdrawal.document, withdrawal.reason.strip()
    if not reason:
        raise PrintingError(_("请写明原因。"))
    if withdrawal.category not in Reason.values:
        raise PrintingError(_("请选择原因类别。"))
    if by is None:
        raise PrintingError(_("撤销文件必须记下经办人。"))
    stored = IssuedDocument.objects.select_for_update().get(pk=document.pk)
    if not stored.is_valid:
        raise PrintingError(
            _("文件 %(number)s 已经失效（%(status)s），不能再改。")
            % {"number": stored.number, "status": stored.get_status_display()}
        )
    stored.status, stored.revoked_at, stored.revoked_by = status, timezone.now(), by
    stored.revocation_category, stored.revocation_reason = withdrawal.category, reason
    stored.save(update_fields=["status", "revoked_at", "revoked_by", "revocation_category", "revocation_reason"])
    for name in ("status", "revoked_at", "revoked_by", "revocation_category", "revocation_reason"):
        setattr(document, name, getattr(stored, name))
    return document
