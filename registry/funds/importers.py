"""Donations of money and goods from spreadsheets: proposed, for another person to check and approve."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.scoping import rows_for
from registry.funds import actions
from registry.funds.models import MONEY_ACCOUNTS, DonorKind, Fund, Kind, Status, Voucher
from registry.importing import cells
from registry.importing.columns import CellWidget, Column
from registry.importing.resources import SheetResource, register

_GONE = (Status.WITHDRAWN, Status.REFUSED)


class FundReader:
    """Reads a fund by its code or name, among those for which the user may propose."""

    def __init__(self, user: Any) -> None:
        self._funds = rows_for(Fund, user)
        self._known: dict[str, Fund] = {}

    def __call__(self, value: Any) -> Fund | None:
        """The fund. Raises ValueError for one that is not there or not within reach."""
        found = cells.text(value)
        if found is None:
            return None
        if found not in self._known:
            fund = self._funds.filter(code=found).first() or self._funds.filter(name=found).first()
            if fund is None:
                raise ValueError(_("在您管理的范围里没有“%(name)s”这个基金。") % {"name": found})
            self._known[found] = fund
        return self._known[found]


class _DonationResource(SheetResource):
    """What both kinds of donation have. Two equal rows are two gifts: each stands for a voucher of its own."""

    model = Voucher
    permission = "funds.add_voucher"
    description = gettext_lazy("每一行成为一张待审批的凭证；附上证明材料后，由另一个人审批入账。")
    voucher_kind: ClassVar[str]

    fund = Column(gettext_lazy("基金"), "fund", required=True, help_text=gettext_lazy("基金的名称或编号。"))
    on = Column(gettext_lazy("日期"), "on", cells.date, required=True, example="2026-03-05")
    donor_kind = Column(gettext_lazy("捐赠人类型"), "donor_kind", required=True, choices=dict(DonorKind.choices))
    donor_name = Column(gettext_lazy("捐赠人"), "donor_name", max_length=60, help_text=gettext_lazy("匿名的不填。"))
    named = Column(
        gettext_lazy("同意公开姓名"), "named", cells.boolean, required=True, choices={True: "是", False: "否"}
    )
    receipt_wanted = Column(
        gettext_lazy("要捐赠票据"), "receipt_wanted", cells.boolean, choices={True: "是", False: "否"}
    )
    purpose = Column(
        gettext_lazy("事由"),
        "purpose",
        required=True,
        max_length=100,
        help_text=gettext_lazy("会原样公开，不写个人信息。"),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["fund"].widget = CellWidget(FundReader(self.by))
        self._seen: Counter[tuple[Any, ...]] = Counter()

    def find(self, row: Any) -> Voucher | None:
        """The voucher that an equal row became before; the second of two equal rows finds the second."""
        row["donor_name"] = row.get("donor_name") or ""
        if row.get("receipt_wanted") is None:
            row["receipt_wanted"] = True
        same = {name: value for name, value in row.items() if name != "receipt_wanted"}
        key = tuple(sorted((name, str(value)) for name, value in same.items()))
        place = self._seen[key]
        self._seen[key] += 1
        stored = Voucher.objects.filter(kind=self.voucher_kind, **same).exclude(status__in=_GONE).order_by("pk")
        found: Voucher | None = stored[place : place + 1].first()
        return found

    def make(self, row: Mapping[str, Any]) -> Voucher:
        """A voucher of this kind."""
        return Voucher(kind=self.voucher_kind)

    def write(self, instance: Voucher, row: Mapping[str, Any], new: bool) -> None:
        """Propose it. One that stands already is changed at its desk, not here."""
        if not new:
            raise ValidationError(_("这笔捐赠已经有凭证，要修改请打开凭证。"))
        actions.propose(voucher=instance, by=self.by)


@register
class MoneyDonationResource(_DonationResource):
    """Donations of money."""

    key = "funds.donation"
    title = gettext_lazy("捐款")
    voucher_kind = Kind.DONATION

    amount = Column(gettext_lazy("金额（元）"), "amount", cells.decimal, required=True, example="200.00")
    account = Column(
        gettext_lazy("收付账户"),
        "account",
        required=True,
        choices={account.value: account.label for account in MONEY_ACCOUNTS},
    )


@register
class GoodsDonationResource(_DonationResource):
    """Donations of goods."""

    key = "funds.goods"
    title = gettext_lazy("捐赠物资")
    voucher_kind = Kind.GOODS_DONATION

    goods = Column(gettext_lazy("物资名称"), "goods", required=True, max_length=40, example="大米")
    unit = Column(gettext_lazy("计量单位"), "unit", required=True, max_length=10, example="公斤")
    quantity = Column(gettext_lazy("数量"), "quantity", lambda value: cells.decimal(value, places=3), required=True)
    value = Column(gettext_lazy("估价合计（元）"), "value", cells.decimal, required=True)
