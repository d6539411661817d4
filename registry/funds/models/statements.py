"""What was disclosed: statements that are frozen when they are published, and notes that correct them."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.files import path_by_day, private_storage
from accounts.scoping import ScopedQuerySet

from .funds import Fund
from .vouchers import Voucher


class Statement(models.Model):
    """A fund's account of a period. Once published its period is closed: the database takes no entry into it."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="statements", verbose_name=_("基金"))
    starts_on = models.DateField(_("自"))
    ends_on = models.DateField(_("至"))
    opening = models.DecimalField(_("期初余额（元）"), max_digits=14, decimal_places=2)
    income = models.DecimalField(_("本期收入（元）"), max_digits=14, decimal_places=2)
    expense = models.DecimalField(_("本期支出（元）"), max_digits=14, decimal_places=2)
    closing = models.DecimalField(_("期末余额（元）"), max_digits=14, decimal_places=2)
    figures = models.JSONField(default=dict)
    """As `reports.Figures.frozen()` made it: sums by kind, and goods."""
    published_at = models.DateTimeField(_("公开时间"), default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("公开人")
    )
    csv = models.FileField(storage=private_storage, upload_to=path_by_day, max_length=200)
    csv_sha256 = models.CharField(max_length=64)
    document = models.OneToOneField(
        "printing.IssuedDocument", models.PROTECT, related_name="+", verbose_name=_("公开文件"), null=True
    )
    """Printed right after the publication; the one column that may be filled in later, once."""

    place_lookup = "fund__place"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("公开账目")
        verbose_name_plural = _("公开账目")
        ordering = ["-ends_on", "fund"]
        permissions = [("publish_statement", _("公开账目"))]
        constraints = [
            models.UniqueConstraint(name="statement_once", fields=["fund", "starts_on"]),
            models.CheckConstraint(name="statement_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="statement_not_negative",
                condition=Q(opening__gte=0, income__gte=0, expense__gte=0, closing__gte=0),
            ),
            # Half a fen to either side: SQLite reckons with binary fractions.
            models.CheckConstraint(
                name="statement_adds_up",
                condition=Q(
                    closing__gt=F("opening") + F("income") - F("expense") - Decimal("0.005"),
                    closing__lt=F("opening") + F("income") - F("expense") + Decimal("0.005"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund} {self.title}"

    @property
    def title(self) -> str:
        """The period in words: 2026年第一季度, 2026年3月."""
        from ..periods import Period

        return Period(self.starts_on, self.ends_on).title

    def get_absolute_url(self) -> str:
        """The public page."""
        return reverse("funds:statement", args=[self.fund.code, self.starts_on.isoformat()])


class Correction(models.Model):
    """A note that stands beside a published statement and says what was wrong in it."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="corrections", verbose_name=_("公开账目"))
    text = models.TextField(_("更正说明"), max_length=1000)
    reversal = models.OneToOneField(
        Voucher, models.PROTECT, related_name="correction", verbose_name=_("更正用的冲销凭证"), null=True, blank=True
    )
    published_at = models.DateTimeField(_("公开时间"), default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("公开人")
    )
    document = models.OneToOneField(
        "printing.IssuedDocument", models.PROTECT, related_name="+", verbose_name=_("公开文件"), null=True
    )

    place_lookup = "statement__fund__place"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("更正说明")
        verbose_name_plural = _("更正说明")
        ordering = ["published_at", "pk"]
        constraints = [models.CheckConstraint(name="correction_says_something", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"{self.statement} {self._meta.verbose_name}"
