"""What a voucher must say, by what it books; told field by field in words that help."""

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from .choices import (
    DONATION_KINDS,
    GOODS_KINDS,
    GRANT_KINDS,
    MONEY_KINDS,
    DonorKind,
    Kind,
    RecipientKind,
    Status,
)

if TYPE_CHECKING:
    from .funds import Fund
    from .vouchers import Voucher

_MONEY = {"amount": None, "account": ""}
_GOODS = {"goods": "", "unit": "", "quantity": None}
_DONOR = {"donor_kind": "", "donor_name": "", "named": False, "receipt_wanted": False}
_RECIPIENT = {
    "recipient_kind": "",
    "recipient_organization": None,
    "recipient_place": None,
    "recipient_group": "",
    "recipient_count": None,
}
_RECIPIENT_FIELDS = {
    RecipientKind.ORGANIZATION: ("recipient_organization",),
    RecipientKind.PLACE: ("recipient_place",),
    RecipientKind.PERSONS: ("recipient_group", "recipient_count"),
}

Problems = dict[str, list[str]]


def tidy(voucher: "Voucher") -> None:
    """Empty what a voucher of this kind does not have, as the form keeps all fields: a cost has no donor."""
    surplus: dict[str, object] = {}
    if voucher.kind not in MONEY_KINDS:
        surplus |= _MONEY
    if voucher.kind not in GOODS_KINDS:
        surplus |= _GOODS
    if voucher.kind != Kind.GOODS_DONATION:
        surplus["value"] = None
    if voucher.kind not in DONATION_KINDS:
        surplus |= _DONOR
    elif voucher.donor_kind == DonorKind.ANONYMOUS:
        surplus |= {"donor_name": "", "named": False, "receipt_wanted": False}
    if voucher.kind not in GRANT_KINDS:
        surplus |= _RECIPIENT
    else:
        kept = {"recipient_kind", *_RECIPIENT_FIELDS.get(RecipientKind(voucher.recipient_kind or "persons"), ())}
        surplus |= {name: empty for name, empty in _RECIPIENT.items() if name not in kept}
    if voucher.kind != Kind.TRANSFER:
        surplus["target"] = None
    if voucher.kind != Kind.REVERSAL:
        surplus["reverses"] = None
    for name, empty in surplus.items():
        setattr(voucher, name, empty)


def check(voucher: "Voucher") -> None:
    """Raise ValidationError with all that is wrong, by field."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in _needed(voucher):
        if getattr(voucher, name) in (None, ""):
            found[name].append(_("请填写%(field)s。") % {"field": _label(voucher, name)})
    for name in ("amount", "quantity"):
        number: Decimal | None = getattr(voucher, name)
        if number is not None and number <= 0:
            found[name].append(_("%(field)s要大于零。") % {"field": _label(voucher, name)})
    if voucher.fund_id:
        _check_day(voucher, found)
        if voucher.target_id and voucher.target_id == voucher.fund_id:
            found["target"].append(_("要划入另一个基金，不能划给自己。"))
    if voucher.reverses:
        _check_reversal(voucher, found)
    if found:
        raise ValidationError(dict(found))


def _needed(voucher: "Voucher") -> list[str]:
    """The fields without which a voucher of this kind says too little."""
    names = []
    if voucher.kind in MONEY_KINDS:
        names += ["amount", "account"]
    if voucher.kind in GOODS_KINDS:
        names += ["goods", "unit", "quantity"]
    if voucher.kind == Kind.GOODS_DONATION:
        names.append("value")
    if voucher.kind in DONATION_KINDS:
        names += ["donor_kind"] if voucher.donor_kind == DonorKind.ANONYMOUS else ["donor_kind", "donor_name"]
    if voucher.kind in GRANT_KINDS:
        names += ["recipient_kind"]
        if voucher.recipient_kind:
            names += _RECIPIENT_FIELDS[RecipientKind(voucher.recipient_kind)]
    names += {Kind.TRANSFER: ["target"], Kind.REVERSAL: ["reverses"]}.get(Kind(voucher.kind), [])
    return names


def _check_day(voucher: "Voucher", found: Problems) -> None:
    """The day lies in the past, in the fund's life, and in a period that is still open."""
    if voucher.on is None:
        return
    if voucher.on > timezone.localdate():
        found["on"].append(_("发生日期不能晚于今天。"))
    target = voucher.reverses.target if voucher.reverses else voucher.target
    for fund in (voucher.fund, *([target] if target else [])):
        problem = _day_problem(voucher, fund)
        if problem:
            found["on"].append(problem)


def _day_problem(voucher: "Voucher", fund: "Fund") -> str:
    if voucher.on < fund.started_on:
        return _("%(fund)s在 %(day)s 才设立。") % {"fund": fund, "day": fund.started_on}
    if not fund.is_open:
        return _("%(fund)s已经终止，不能再记账。") % {"fund": fund}
    closed_until = fund.closed_until
    if closed_until and voucher.on <= closed_until:
        return _(
            "%(fund)s到 %(day)s 为止的账目已经公开，不能再往里记。发现差错，请用今天的日期冲销，再发更正说明。"
        ) % {
            "fund": fund,
            "day": closed_until,
        }
    return ""


def _check_reversal(voucher: "Voucher", found: Problems) -> None:
    reversed_one = voucher.reverses
    assert reversed_one is not None
    if reversed_one.status != Status.POSTED or reversed_one.kind == Kind.REVERSAL:
        found["reverses"].append(_("只能冲销已入账的凭证；冲销凭证不能再冲销，请重新提出原来的事项。"))
    elif reversed_one.fund_id != voucher.fund_id:
        found["reverses"].append(_("这张凭证不是这个基金的。"))
    elif voucher.on and voucher.on < reversed_one.on:
        found["on"].append(_("冲销日期不能早于原凭证的 %(day)s。") % {"day": reversed_one.on})


def _label(voucher: "Voucher", name: str) -> str:
    return str(voucher._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
