"""The books of goods: what came in, went out and is there, by quantity and by appraised value."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet

from .choices import GOODS_KINDS, Kind
from .funds import Fund
from .vouchers import MAX_NAME, MAX_PURPOSE, Voucher


class StockQuerySet(ScopedQuerySet):
    """Stocks by what is asked of them."""

    def there(self) -> Self:
        """Those of which something is left."""
        return self.filter(quantity__gt=0)


class Stock(models.Model):
    """How much of a good a fund has. The database keeps it with every line, and refuses less than nothing."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="stocks", verbose_name=_("基金"))
    goods = models.CharField(_("物资名称"), max_length=MAX_NAME)
    unit = models.CharField(_("计量单位"), max_length=10)
    quantity = models.DecimalField(_("数量"), max_digits=12, decimal_places=3, default=0)
    value = models.DecimalField(_("估价合计（元）"), max_digits=14, decimal_places=2, default=0)

    place_lookup = "fund__place"

    objects = StockQuerySet.as_manager()

    class Meta:
        verbose_name = _("物资库存")
        verbose_name_plural = _("物资库存")
        ordering = ["fund", "goods", "unit"]
        constraints = [
            models.UniqueConstraint(name="stock_once", fields=["fund", "goods", "unit"]),
            models.CheckConstraint(
                name="stock_not_negative",
                condition=Q(quantity__gte=0, value__gte=0),
                violation_error_message=_("库存不能小于零。"),
            ),
            models.CheckConstraint(name="stock_of_nothing_is_worth_nothing", condition=Q(quantity__gt=0) | Q(value=0)),
            models.CheckConstraint(name="stock_named", condition=~Q(goods="") & ~Q(unit="")),
        ]

    def __str__(self) -> str:
        return f"{self.goods} {self.quantity.normalize():f} {self.unit}"


class GoodsLine(models.Model):
    """A line of a fund's books of goods. Nothing of it ever changes; a mistake is reversed by another line, once."""

    stock = models.ForeignKey(Stock, models.PROTECT, related_name="lines", verbose_name=_("物资"))
    voucher = models.OneToOneField(Voucher, models.PROTECT, related_name="goods_line", verbose_name=_("凭证"))
    kind = models.CharField(
        _("事项"), max_length=20, choices=[(kind.value, kind.label) for kind in (*GOODS_KINDS, Kind.REVERSAL)]
    )
    on = models.DateField(_("发生日期"))
    incoming = models.BooleanField(_("入库"))
    quantity = models.DecimalField(_("数量"), max_digits=12, decimal_places=3)
    value = models.DecimalField(_("估价（元）"), max_digits=14, decimal_places=2)
    purpose = models.CharField(_("事由"), max_length=MAX_PURPOSE)
    attachments = models.PositiveSmallIntegerField(_("附件张数"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("审批人")
    )
    posted_at = models.DateTimeField(_("入账时间"), default=timezone.now)
    reverses = models.OneToOneField(
        "self", models.PROTECT, related_name="reversed_by", verbose_name=_("冲销的明细"), null=True, blank=True
    )

    place_lookup = "stock__fund__place"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("物资明细")
        verbose_name_plural = _("物资明细")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["stock", "on"])]
        constraints = [
            models.CheckConstraint(name="goods_line_positive", condition=Q(quantity__gt=0, value__gte=0)),
            models.CheckConstraint(
                name="goods_line_two_people",
                condition=~Q(entered_by=F("approved_by")),
                violation_error_message=_("经办和审批不能是同一个人。"),
            ),
            models.CheckConstraint(
                name="goods_line_way_of_its_kind",
                condition=Q(kind=Kind.GOODS_DONATION, incoming=True, reverses=None)
                | Q(kind__in=[Kind.GOODS_DISTRIBUTION, Kind.GOODS_LOSS], incoming=False, reverses=None)
                | Q(kind=Kind.REVERSAL, reverses__isnull=False),
            ),
            models.CheckConstraint(
                name="goods_line_has_evidence",
                condition=Q(attachments__gte=1) | Q(reverses__isnull=False),
                violation_error_message=_("没有证明材料，不能入账。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()} {self.stock.goods}"
