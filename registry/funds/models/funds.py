"""Funds, and how much each has."""

import datetime
from decimal import Decimal
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from registry.places.models import Place

from .choices import MONEY_ACCOUNTS, Account, FundKind


class YuanField(models.DecimalField):
    """Yuan and fen as the output of a sum: SQLite adds binary fractions, and says so in ten decimals."""

    def from_db_value(self, value: Decimal | None, *args: Any) -> Decimal | None:
        """The sum, to the fen."""
        return None if value is None else value.quantize(Decimal("0.01"))


MONEY = YuanField(max_digits=14, decimal_places=2)


class FundQuerySet(ScopedQuerySet):
    """Funds by what is asked of them."""

    def open(self) -> Self:
        """Those that still take in and give out."""
        return self.filter(closed_on=None)

    def with_balance(self) -> Self:
        """Each with `balance`: the yuan that it has, in cash and in the bank."""
        money = Balance.objects.filter(fund=OuterRef("pk"), account__in=MONEY_ACCOUNTS).order_by()
        total = money.values("fund").annotate(total=Sum("amount")).values("total")
        return self.annotate(balance=Coalesce(Subquery(total, output_field=MONEY), Value(0, output_field=MONEY)))


class Fund(models.Model):
    """A community foundation's fund or a micro-fund of a village."""

    code = models.CharField(
        _("编号"),
        max_length=40,
        unique=True,
        editable=False,
        validators=[RegexValidator(r"^[0-9]+(-[0-9]+)+$", _("编号是区划代码加序号。"))],
    )
    name = models.CharField(_("名称"), max_length=60, unique=True)
    kind = models.CharField(_("类型"), max_length=10, choices=FundKind.choices, default=FundKind.COMMUNITY)
    purpose = models.TextField(_("宗旨"), max_length=600, help_text=_("钱和物用来做什么，公开页面第一段就是它。"))
    manager = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="funds", verbose_name=_("管理单位")
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="funds", verbose_name=_("监管单位所在地"))
    rules = models.TextField(_("管理办法"), max_length=6000, blank=True, help_text=_("谁能申请、谁来审批、怎样公开。"))
    disclosure_months = models.PositiveSmallIntegerField(
        _("公开周期（月）"),
        choices=[(1, _("每月")), (2, _("每两个月")), (3, _("每季度"))],
        default=3,
        help_text=_("慈善法第七十九条：实施周期超过六个月的，至少每三个月公开一次。"),
    )
    disclosure_days = models.PositiveSmallIntegerField(
        _("公开期限（日）"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("每期结束后多少日内公开账目。"),
    )
    started_on = models.DateField(_("设立日期"), default=timezone.localdate)
    closed_on = models.DateField(_("终止日期"), null=True, blank=True, editable=False)
    last_number = models.PositiveIntegerField(default=0, editable=False)
    """The number of the last voucher that was posted."""

    place_lookup = "place"

    objects = FundQuerySet.as_manager()

    class Meta:
        verbose_name = _("社区基金")
        verbose_name_plural = _("社区基金")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="fund_kind_known",
                condition=Q(kind__in=FundKind.values),
                violation_error_message=_("没有这个类型。"),
            ),
            models.CheckConstraint(
                name="fund_disclosed_every_three_months",
                condition=Q(disclosure_months__range=(1, 3)),
                violation_error_message=_("最多三个月公开一次。"),
            ),
            models.CheckConstraint(
                name="fund_disclosed_in_time",
                condition=Q(disclosure_days__range=(1, 90)),
                violation_error_message=_("公开期限是 1 至 90 日。"),
            ),
            models.CheckConstraint(
                name="fund_closes_after_start",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("started_on")),
                violation_error_message=_("终止日期不能早于设立日期。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The public page."""
        return reverse("funds:fund", args=[self.code])

    @property
    def is_open(self) -> bool:
        """Whether it still takes in and gives out."""
        return self.closed_on is None

    @property
    def closed_until(self) -> datetime.date | None:
        """The last day of what was published: the books are closed up to it."""
        last: datetime.date | None = self.statements.aggregate(last=models.Max("ends_on"))["last"]
        return last


class Balance(models.Model):
    """What stands on an account of a fund. The database keeps it with every entry, and refuses one below zero."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="balances", verbose_name=_("基金"))
    account = models.CharField(_("科目"), max_length=16, choices=Account.choices)
    amount = models.DecimalField(_("余额（元）"), max_digits=14, decimal_places=2, default=0)

    place_lookup = "fund__place"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("科目余额")
        verbose_name_plural = _("科目余额")
        constraints = [
            models.UniqueConstraint(name="balance_once", fields=["fund", "account"]),
            models.CheckConstraint(name="balance_account_known", condition=Q(account__in=Account.values)),
            models.CheckConstraint(
                name="balance_not_negative", condition=Q(amount__gte=0), violation_error_message=_("余额不能小于零。")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund} {self.get_account_display()} {self.amount}"
