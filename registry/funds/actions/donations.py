"""A donor changes their mind about being named, or is given a receipt."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from printing.models import IssuedDocument

from .. import reports
from ..models import Donation, DonorKind, ReceiptStatus


@transaction.atomic
def set_consent(*, donation: Donation, named: bool, by: Any) -> Donation:
    """Show a donor's name to the public, or no longer, as the donor wishes (Charity Law, article 82).

    Raises ValidationError for a donor who gave no name.
    """
    donation = _current(donation)
    if named and donation.voucher.donor_kind == DonorKind.ANONYMOUS:
        raise ValidationError(_("匿名捐赠没有留下姓名，不能公开。"))
    donation.named = named
    donation.save(update_fields=["named"])
    _record(by, "set_consent", donation, named=named)
    return donation


@transaction.atomic
def waive_receipt(*, donation: Donation, by: Any) -> Donation:
    """Record that the donor wants no receipt (Charity Law, article 38). Raises ValidationError."""
    donation = _current(donation)
    _check_wanted(donation)
    donation.receipt_status = ReceiptStatus.WAIVED
    donation.save(update_fields=["receipt_status"])
    _record(by, "waive_receipt", donation)
    return donation


def give_receipt(*, donation: Donation, by: Any) -> IssuedDocument:
    """Issue the receipt of a donation, once. Raises ValidationError or PrintingError.

    It is laid out inside the transaction: of two who ask at once, one waits, and is then told that there is one.
    """
    with transaction.atomic():
        donation = _current(donation)
        _check_wanted(donation, waived_too=True)
        if donation.voucher.reversals.posted().exists():
            raise ValidationError(_("这笔捐赠已经冲销，不能开票据。"))
        donation.receipt = reports.issue_receipt(donation, by=by)
        donation.receipt_status = ReceiptStatus.ISSUED
        donation.save(update_fields=["receipt", "receipt_status"])
        _record(by, "give_receipt", donation, number=donation.receipt.number)
    return donation.receipt


def _current(donation: Donation) -> Donation:
    """The donation, read anew and locked."""
    rows = Donation.objects.select_for_update(of=("self",))
    return rows.select_related("voucher__fund__place", "voucher__fund__manager").get(pk=donation.pk)


def _check_wanted(donation: Donation, *, waived_too: bool = False) -> None:
    allowed = {ReceiptStatus.WANTED, *([ReceiptStatus.WAIVED] if waived_too else [])}
    if donation.receipt_status not in allowed:
        state = donation.get_receipt_status_display()
        raise ValidationError(_("这笔捐赠的票据状态是“%(state)s”，不能再改。") % {"state": state})


def _record(by: Any, what: str, donation: Donation, **details: Any) -> None:
    audit.record(by=by, action=f"funds.{what}", subject=donation.voucher, place=donation.voucher.fund.place, **details)
