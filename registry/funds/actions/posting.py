"""How an approved voucher comes into the books. Used by the actions only, which hold the locks."""

import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, F, Q, Sum, When
from django.utils.translation import gettext as _

import printing.actions
from printing.errors import PrintingError

from ..figures import FEN, yuan
from ..models import (
    AGAINST,
    MONEY,
    MONEY_ACCOUNTS,
    Account,
    Donation,
    DonorKind,
    Entry,
    Fund,
    GoodsLine,
    Kind,
    ReceiptStatus,
    Stock,
    Voucher,
)


def lock(*funds: Fund) -> list[Fund]:
    """The funds, read anew, which nobody else can book on until the transaction ends; always in the same order."""
    rows = Fund.objects.select_for_update(no_key=True).select_related(None).filter(pk__in=[fund.pk for fund in funds])
    return list(rows.order_by("pk"))


def post(voucher: Voucher) -> None:
    """Write the lines of a voucher that was approved. Raises ValidationError where money or goods do not suffice."""
    if voucher.kind == Kind.REVERSAL:
        _undo(voucher)
    elif voucher.is_goods:
        _post_goods(voucher)
    else:
        _post_money(voucher)
    if voucher.donor_kind:
        _keep_donation(voucher)


def lowest(fund: Fund, account: str, since: datetime.date) -> Decimal:
    """The least that stands on an account at the end of any day from this one on."""
    change = Case(When(debit=account, then=F("amount")), default=-F("amount"), output_field=MONEY)
    lines = Entry.objects.filter(Q(debit=account) | Q(credit=account), fund=fund).order_by()
    least = running = yuan(lines.filter(on__lte=since).aggregate(sum=Sum(change))["sum"])
    for _day, sum_ in lines.filter(on__gt=since).values_list("on").annotate(sum=Sum(change)).order_by("on"):
        running += yuan(sum_)
        least = min(least, running)
    return least


def _post_money(voucher: Voucher) -> None:
    assert voucher.amount is not None
    money = voucher.account
    if voucher.kind == Kind.TRANSFER:
        assert voucher.target is not None
        _write(voucher, voucher.fund, debit=Account.TRANSFERS_OUT, credit=money)
        _write(voucher, voucher.target, debit=Account.BANK, credit=Account.TRANSFERS_IN)
    elif voucher.kind == Kind.MOVE:
        _write(voucher, voucher.fund, debit=voucher.account_against, credit=money)
    elif voucher.kind in (Kind.GRANT, Kind.COST):
        _write(voucher, voucher.fund, debit=AGAINST[Kind(voucher.kind)], credit=money)
    else:
        _write(voucher, voucher.fund, debit=money, credit=AGAINST[Kind(voucher.kind)])


def _write(voucher: Voucher, fund: Fund, *, debit: str, credit: str, reverses: Entry | None = None) -> None:
    amount = reverses.amount if reverses else voucher.amount
    assert amount is not None
    if credit in MONEY_ACCOUNTS and (left := lowest(fund, credit, voucher.on)) < amount:
        raise ValidationError(
            _("%(fund)s的%(account)s不够：从 %(day)s 起最少时只有 %(left)s 元，这里要支出 %(amount)s 元。")
            % {
                "fund": fund,
                "account": Account(credit).label,
                "day": voucher.on,
                "left": f"{left:,.2f}",
                "amount": f"{amount:,.2f}",
            }
        )
    Entry.objects.create(
        fund=fund, kind=voucher.kind, amount=amount, debit=debit, credit=credit, reverses=reverses, **_common(voucher)
    )


def _post_goods(voucher: Voucher) -> None:
    assert voucher.quantity is not None
    names: dict[str, Any] = {"fund": voucher.fund, "goods": voucher.goods, "unit": voucher.unit}
    if voucher.kind == Kind.GOODS_DONATION:
        stock, _created = Stock.objects.get_or_create(**names)
        value = voucher.value or Decimal(0)
        _write_goods(voucher, stock, incoming=True, quantity=voucher.quantity, value=value)
        return
    found = Stock.objects.filter(**names).first()
    if found is None:
        raise ValidationError({"goods": _("%(fund)s没有按“%(unit)s”计的“%(goods)s”。") % names})
    _write_goods(voucher, found, incoming=False, quantity=voucher.quantity, value=_value_of(found, voucher.quantity))


def _value_of(stock: Stock, quantity: Decimal) -> Decimal:
    """What a quantity is worth at the average value of what is there; all of it takes all of the value."""
    if quantity >= stock.quantity:
        return stock.value
    return min(stock.value, (stock.value * quantity / stock.quantity).quantize(FEN, ROUND_HALF_UP))


def _write_goods(
    voucher: Voucher,
    stock: Stock,
    *,
    incoming: bool,
    quantity: Decimal,
    value: Decimal,
    reverses: GoodsLine | None = None,
) -> None:
    if not incoming:
        _check_stock(voucher, stock, quantity, value)
    GoodsLine.objects.create(
        stock=stock,
        kind=voucher.kind,
        incoming=incoming,
        quantity=quantity,
        value=value,
        reverses=reverses,
        **_common(voucher),
    )


def _check_stock(voucher: Voucher, stock: Stock, quantity: Decimal, value: Decimal) -> None:
    """Goods leave in the order of days: what they are worth follows from what was there."""
    if stock.quantity < quantity:
        raise ValidationError(
            _("%(fund)s只有%(stock)s，不够发放 %(quantity)s %(unit)s。")
            % {"fund": stock.fund, "stock": stock, "quantity": f"{quantity.normalize():f}", "unit": stock.unit}
        )
    left = stock.quantity - quantity, stock.value - value
    if left[1] < 0 or (left[0] == 0 and left[1] != 0):
        raise ValidationError(_("这批物资已经发放了一部分，请先冲销发放，再冲销收入。"))
    last = stock.lines.order_by("-on").values_list("on", flat=True).first()
    if last and voucher.on < last:
        raise ValidationError(
            {"on": _("%(goods)s在 %(day)s 已有更晚的出入库记录，请按先后登记。") % {"goods": stock.goods, "day": last}}
        )


def _undo(voucher: Voucher) -> None:
    assert voucher.reverses is not None
    if voucher.reverses.donor_kind:
        _void_receipt(voucher.reverses, voucher)
    if voucher.is_goods:
        line = voucher.reverses.goods_line
        _write_goods(
            voucher,
            line.stock,
            incoming=not line.incoming,
            quantity=line.quantity,
            value=line.value,
            reverses=line,
        )
        return
    for entry in voucher.reverses.entries.select_related("fund").order_by("pk"):
        _write(voucher, entry.fund, debit=entry.credit, credit=entry.debit, reverses=entry)


def _void_receipt(donated: Voucher, reversal: Voucher) -> None:
    """The receipt of a donation that is reversed no longer holds. Raises ValidationError.

    Who gives a receipt holds the donation: of the two that come at once the later one sees what the other did.
    """
    receipt = Donation.objects.select_for_update(of=("self",)).get(voucher=donated).receipt
    if receipt is None or not receipt.is_valid:
        return
    reason = _("%(donation)s已经冲销。") % {"donation": donated.label}
    try:
        printing.actions.revoke(document=receipt, category=receipt.Reason.ERROR, reason=reason, by=reversal.decided_by)
    except PrintingError as error:
        raise ValidationError(str(error)) from error


def _common(voucher: Voucher) -> dict[str, Any]:
    return {
        "voucher": voucher,
        "on": voucher.on,
        "purpose": voucher.purpose,
        "attachments": voucher.evidence.count(),
        "entered_by": voucher.entered_by,
        "approved_by": voucher.decided_by,
        "posted_at": voucher.decided_at,
    }


def _keep_donation(voucher: Voucher) -> None:
    if voucher.donor_kind == DonorKind.ANONYMOUS:
        status = ReceiptStatus.ANONYMOUS
    else:
        status = ReceiptStatus.WANTED if voucher.receipt_wanted else ReceiptStatus.WAIVED
    Donation.objects.create(voucher=voucher, named=voucher.named, receipt_status=status)
