"""Services that the government buys from organizations."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from registry.organizations.choices import Rating
from registry.organizations.models.register import Organization
from registry.organizations.validators import validate_text


class PurchasedService(models.Model):
    """A contract by which a public body buys a service (Ministry of Finance order 102 on government purchases)."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="contracts", verbose_name=_("社会组织"))
    number = models.CharField(_("合同编号"), max_length=40, validators=[validate_text])
    title = models.CharField(_("项目名称"), max_length=80, validators=[validate_text])
    purchaser = models.CharField(_("购买单位"), max_length=60, validators=[validate_text])
    amount = models.DecimalField(
        _("合同金额（元）"), max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    deliverables = models.TextField(_("约定成果"), max_length=1000, validators=[validate_text])
    rating = models.CharField(_("绩效评价"), max_length=10, choices=Rating.choices, blank=True)
    evaluation = models.CharField(_("评价意见"), max_length=500, blank=True, validators=[validate_text])
    evaluated_on = models.DateField(_("评价日期"), null=True, blank=True)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    place_lookup: ClassVar[str] = "organization__place"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("政府购买服务合同")
        verbose_name_plural = _("政府购买服务合同")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="contract_number_once",
                fields=["organization", "number"],
                violation_error_message=_("这个组织已有这个编号的合同。"),
            ),
            models.CheckConstraint(
                name="contract_amount_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("金额要大于 0。"),
            ),
            models.CheckConstraint(
                name="contract_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(name="contract_rating_known", condition=Q(rating="") | Q(rating__in=Rating.values)),
            models.CheckConstraint(
                name="contract_rating_with_day",
                condition=Q(rating="", evaluated_on=None) | (~Q(rating="") & Q(evaluated_on__isnull=False)),
                violation_error_message=_("绩效评价和评价日期要一起填。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_running(self) -> bool:
        """Whether today lies in its period."""
        return self.starts_on <= timezone.localdate() <= self.ends_on
