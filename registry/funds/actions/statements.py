"""A fund gives account of a period, and corrects what it said beside it."""

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from printing.models import IssuedDocument

from .. import reports
from ..models import Correction, Fund, Statement, Voucher
from ..periods import next_period
from .posting import lock

LONGEST_NOTE = 1000


@transaction.atomic
def publish(*, fund: Fund, by: Any) -> Statement:
    """Publish the account of the fund's next period and close it: nothing is booked into it any more.

    Raises ValidationError while the period runs, or while something in it is undecided. Its PDF is printed afterwards
    by `print_statement`, from the frozen figures: what takes seconds holds no lock on the books.
    """
    (fund,) = lock(fund)
    period = next_period(fund, fund.closed_until)
    if period is None:
        raise ValidationError(_("%(fund)s的账目已经全部公开。") % {"fund": fund})
    if period.ends_on >= timezone.localdate():
        raise ValidationError(_("%(period)s还没有结束，到期后再公开。") % {"period": period.title})
    undecided = Voucher.objects.pending().filter(on__lte=period.ends_on)
    if undecided.filter(fund=fund).exists() or undecided.filter(target=fund).exists():
        raise ValidationError(_("%(period)s还有待审批的凭证，先审批、退回或撤回。") % {"period": period.title})
    statement = reports.draft(fund, period)
    statement.published_by = by
    freeze(statement)
    audit.record(
        by=by,
        action="funds.publish_statement",
        subject=statement,
        place=fund.place,
        closing=str(statement.closing),
        csv_sha256=statement.csv_sha256,
    )
    return statement


def freeze(statement: Statement) -> None:
    """Save a drafted statement with the file of its lines; part of a publication."""
    content = reports.statement_csv(statement)
    statement.csv_sha256 = hashlib.sha256(content).hexdigest()
    statement.csv.save("statement.csv", ContentFile(content), save=False)
    statement.save(force_insert=True)


def print_statement(*, statement: Statement, by: Any) -> IssuedDocument:
    """Issue the PDF of a published statement; the one that there is, if it was printed before. Raises PrintingError."""
    return _print(statement, reports.issue_statement, by)


@transaction.atomic
def correct(*, statement: Statement, text: str, by: Any, reversal: Voucher | None = None) -> Correction:
    """Publish a note beside a statement; the statement stays as it is. Raises ValidationError.

    `reversal` is the posted voucher that put the books right, where there is one.
    """
    text = text.strip()
    if not text:
        raise ValidationError({"text": _("写明哪里有误、怎么更正。")})
    if len(text) > LONGEST_NOTE:
        raise ValidationError({"text": _("更正说明最多 %(limit)s 字。") % {"limit": LONGEST_NOTE}})
    if reversal is not None and not Voucher.objects.correcting(statement).filter(pk=reversal.pk).exists():
        raise ValidationError({"reversal": _("这张凭证没有冲销这一期的账目，或者已经发过更正说明。")})
    note = Correction.objects.create(statement=statement, text=text, reversal=reversal, published_by=by)
    audit.record(by=by, action="funds.correct_statement", subject=statement, place=statement.fund.place, note=note.pk)
    return note


def print_correction(*, correction: Correction, by: Any) -> IssuedDocument:
    """Issue the PDF of a note; the one that there is, if it was printed before. Raises PrintingError."""
    return _print(correction, reports.issue_correction, by)


def _print(row: Any, issue: Any, by: Any) -> IssuedDocument:
    """Issue the document of a row that has none yet; the row is locked, so that it gets one and no more."""
    with transaction.atomic():
        current = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
        if current.document is None:
            current.document = issue(current, by=by)
            current.save(update_fields=["document"])
    row.document = current.document
    document: IssuedDocument = current.document
    return document
