"""What organizations report once a year."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from registry.organizations.models.register import Organization
from registry.organizations.validators import validate_text


def _money(label: "str | Promise") -> models.DecimalField:
    return models.DecimalField(
        label,  # type: ignore[arg-type]
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(0)],
    )


class AnnualReport(models.Model):
    """An organization's report on a year. It may be corrected until an official has confirmed it."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="annual_reports", verbose_name=_("社会组织")
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    work = models.TextField(_("本年度工作"), max_length=3000, validators=[validate_text])
    plans = models.TextField(_("下年度计划"), max_length=2000, blank=True, validators=[validate_text])
    activities = models.PositiveIntegerField(_("开展活动（次）"))
    people_served = models.PositiveIntegerField(_("服务居民（人次）"))
    members = models.PositiveIntegerField(_("年末会员（人）"))
    opening_balance = _money(_("年初结余（元）"))
    income = _money(_("本年收入（元）"))
    expenditure = _money(_("本年支出（元）"))
    filed_at = models.DateTimeField(_("报送时间"), default=timezone.now)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("报送人"))
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("确认人")
    )

    place_lookup: ClassVar[str] = "organization__place"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("年度报告")
        verbose_name_plural = _("年度报告")
        ordering = ["-year", "organization"]
        constraints = [
            models.UniqueConstraint(
                name="annual_report_once_a_year",
                fields=["organization", "year"],
                violation_error_message=_("这一年度的报告已经报送过。"),
            ),
            models.CheckConstraint(name="annual_report_year_sane", condition=Q(year__range=(2000, 2100))),
            models.CheckConstraint(
                name="annual_report_money_not_negative",
                condition=Q(opening_balance__gte=0, income__gte=0, expenditure__gte=0),
            ),
            models.CheckConstraint(
                name="annual_report_not_overspent",
                condition=Q(expenditure__lte=models.F("opening_balance") + models.F("income")),
                violation_error_message=_("支出不能多于年初结余与本年收入之和。"),
            ),
            models.CheckConstraint(
                name="annual_report_confirmed_by_somebody",
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.year}"

    @property
    def closing_balance(self) -> Decimal:
        """What was left at the end of the year, in yuan."""
        return self.opening_balance + self.income - self.expenditure
