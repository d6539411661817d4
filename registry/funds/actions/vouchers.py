"""A voucher is proposed, changed, withdrawn, and then refused or approved by somebody else."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.uploads import validate_document

from ..models import Evidence, Fund, Kind, Status, Voucher
from .posting import lock, post


@transaction.atomic
def propose(*, voucher: Voucher, evidence: Iterable[UploadedFile] = (), by: Any) -> Voucher:
    """Put a new voucher before somebody who may approve it. Raises ValidationError, by field."""
    voucher.entered_by = by
    voucher.status = Status.PENDING
    voucher.full_clean()
    voucher.save(force_insert=True)
    _attach(voucher, evidence, by)
    _record(by, "propose_voucher", voucher)
    return voucher


@transaction.atomic
def change(
    *,
    voucher: Voucher,
    evidence: Iterable[UploadedFile] = (),
    without: Iterable[Evidence] = (),
    by: Any,
) -> Voucher:
    """Save what its proposer changed of a voucher that is still pending. Raises ValidationError, by field."""
    _pending(voucher, of=by)
    voucher.full_clean()
    voucher.save()
    voucher.evidence.filter(pk__in=[paper.pk for paper in without]).delete()
    _attach(voucher, evidence, by)
    _record(by, "change_voucher", voucher)
    return voucher


@transaction.atomic
def withdraw(*, voucher: Voucher, by: Any) -> Voucher:
    """Take a pending voucher back; only its proposer can. Raises ValidationError."""
    voucher = _pending(voucher, of=by)
    _decide(voucher, Status.WITHDRAWN, by)
    voucher.save()
    _record(by, "withdraw_voucher", voucher)
    return voucher


@transaction.atomic
def refuse(*, voucher: Voucher, reason: str, by: Any) -> Voucher:
    """Send a voucher back with the reason. Raises ValidationError."""
    voucher = _pending(voucher, not_of=by)
    voucher.decision_reason = reason.strip()
    if not voucher.decision_reason:
        raise ValidationError({"reason": _("写明退回的原因，经办人才知道怎么改。")})
    _decide(voucher, Status.REFUSED, by)
    voucher.save()
    _record(by, "refuse_voucher", voucher, reason=voucher.decision_reason)
    return voucher


@transaction.atomic
def approve(*, voucher: Voucher, by: Any) -> Voucher:
    """Bring a voucher into the books, under the fund's next number. Raises ValidationError; then nothing is written.

    Who approves is not who proposed: the database says so too. The funds are locked: of two who spend the last yuan
    one comes too late.
    """
    voucher = _pending(voucher, not_of=by)
    locked = {fund.pk: fund for fund in lock(*_funds(voucher))}
    voucher.fund = locked[voucher.fund_id]
    if voucher.target_id:
        voucher.target = locked[voucher.target_id]
    voucher.full_clean()
    if voucher.kind != Kind.REVERSAL and not voucher.evidence.exists():
        raise ValidationError(_("没有证明材料，不能入账。请退回，让经办人补上票据、签收单或照片。"))
    voucher.fund.last_number += 1
    Fund.objects.filter(pk=voucher.fund_id).update(last_number=F("last_number") + 1)
    voucher.number = voucher.fund.last_number
    _decide(voucher, Status.POSTED, by)
    voucher.save()
    post(voucher)
    _record(by, "approve_voucher", voucher, number=voucher.number)
    return voucher


def _funds(voucher: Voucher) -> list[Fund]:
    """Every fund on which a voucher books; of a reversal, those on which its original did."""
    booked = voucher.reverses if voucher.reverses else voucher
    return [booked.fund, *([booked.target] if booked.target else [])]


def _pending(voucher: Voucher, *, of: Any = None, not_of: Any = None) -> Voucher:
    """The voucher, read anew and locked. Raises ValidationError unless it is pending and of the right person."""
    current = (
        Voucher.objects.select_for_update(of=("self",)).select_related("fund__place", "reverses").get(pk=voucher.pk)
    )
    if current.status != Status.PENDING:
        state = current.get_status_display()
        raise ValidationError(_("这张凭证%(state)s，不能再处理。") % {"state": state})
    if of is not None and current.entered_by_id != of.pk:
        raise ValidationError(_("只有经办人本人能修改或撤回。"))
    if not_of is not None and current.entered_by_id == not_of.pk:
        raise ValidationError(_("经办人不能审批自己提出的凭证，请换一个人。"))
    return current


def _decide(voucher: Voucher, status: str, by: Any) -> None:
    voucher.status = status
    voucher.decided_by = by
    voucher.decided_at = timezone.now()


def _attach(voucher: Voucher, files: Iterable[UploadedFile], by: Any) -> None:
    for file in files:
        validate_document(file)
        file.seek(0)
        digest = hashlib.sha256(file.read()).hexdigest()
        file.seek(0)
        name = (file.name or "")[-200:]
        Evidence.objects.create(voucher=voucher, file=file, name=name, sha256=digest, uploaded_by=by)


def _record(by: Any, what: str, voucher: Voucher, **details: Any) -> None:
    fund = voucher.fund
    audit.record(by=by, action=f"funds.{what}", subject=voucher, place=fund.place, what=voucher.what, **details)
