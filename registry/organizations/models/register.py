"""The organizations that are in the register, and who acts for them."""

import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from registry.organizations.choices import OPEN, LegalForm, Status
from registry.organizations.models.base import Particulars
from registry.organizations.models.rules import CountySettings
from registry.places.models import subtree


class OrganizationQuerySet(ScopedQuerySet):
    """Organizations, by what is asked of them."""

    def registered(self) -> Self:
        """Those that hold a registration today: the ones that the public sees and that may act."""
        return self.filter(status=Status.REGISTERED, valid_until__gte=timezone.localdate())

    def run_out(self) -> Self:
        """Those whose time is over and of whom the register does not say so yet."""
        return self.filter(status=Status.REGISTERED, valid_until__lt=timezone.localdate())

    def renewable(self) -> Self:
        """Those that may ask for renewal by their county's window or whose time is over, and that have not asked."""
        today = timezone.localdate()
        usual = CountySettings().renewal_window_days
        near = Q(valid_until__lte=today + datetime.timedelta(days=usual))
        for county in CountySettings.objects.exclude(renewal_window_days=usual).select_related("county"):
            inside = subtree([county.county], "place")
            own = Q(valid_until__lte=today + datetime.timedelta(days=county.renewal_window_days))
            near = (inside & own) | (~inside & near)
        return self.filter(near).exclude(status=Status.DEREGISTERED).exclude(filings__state__in=OPEN)

    def managed_by(self, user: Any) -> Self:
        """Those for which this user acts."""
        return self.filter(managers__user=user) if user.is_authenticated else self.none()


class Organization(Particulars):
    """An organization in the register, with what its last approved filing says of it."""

    number = models.CharField(
        _("备案号"),
        max_length=20,
        unique=True,
        help_text=_("区县代码、年份和序号；公开页面的网址也用它。"),
    )
    status = models.CharField(_("状态"), max_length=12, choices=Status.choices, default=Status.REGISTERED)
    filing = models.OneToOneField(
        "organizations.Filing", models.PROTECT, related_name="registers", verbose_name=_("所依据的申请")
    )
    registered_on = models.DateField(_("备案日期"))
    valid_from = models.DateField(_("本期起"))
    valid_until = models.DateField(_("有效期至"), db_index=True)
    deregistered_on = models.DateField(_("注销日期"), null=True, blank=True)
    deregistration_reason = models.CharField(_("注销原因"), max_length=200, blank=True)
    reminded_on = models.DateField(_("已提醒续期"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    place_lookup: ClassVar[str] = "place"

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("社会组织")
        verbose_name_plural = _("社会组织")
        ordering = ["name", "pk"]
        permissions = [("deregister_organization", "Can deregister an organization")]
        indexes = [
            models.Index(fields=["status", "name"]),
            models.Index(fields=["place", "status"]),
        ]
        constraints = [
            models.CheckConstraint(name="organization_status_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(name="organization_form_known", condition=Q(form__in=LegalForm.values)),
            models.CheckConstraint(
                name="organization_code_where_form_has_one",
                condition=(Q(form=LegalForm.COMMUNITY) & Q(credit_code=""))
                | (~Q(form=LegalForm.COMMUNITY) & ~Q(credit_code="")),
                violation_error_message=_("法人必须有统一社会信用代码，社区社会组织（备案）没有。"),
            ),
            models.UniqueConstraint(
                name="organization_credit_code_once",
                fields=["credit_code"],
                condition=~Q(credit_code=""),
                violation_error_message=_("这个统一社会信用代码已经登记过。"),
            ),
            models.UniqueConstraint(
                name="organization_name_once_at_place",
                fields=["place", "name"],
                condition=~Q(status=Status.DEREGISTERED),
                violation_error_message=_("这里已有同名的组织。"),
            ),
            models.CheckConstraint(
                name="organization_period_in_order",
                condition=Q(registered_on__lte=F("valid_from"), valid_from__lt=F("valid_until")),
            ),
            models.CheckConstraint(
                name="organization_deregistered_with_day_and_reason",
                condition=(Q(status=Status.DEREGISTERED, deregistered_on__isnull=False) & ~Q(deregistration_reason=""))
                | (~Q(status=Status.DEREGISTERED) & Q(deregistered_on=None, deregistration_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The public page; it exists while the organization is registered."""
        return reverse("organizations:detail", args=[self.number])

    @property
    def is_registered(self) -> bool:
        """Whether it holds a registration today. The timer may not have run yet: the day counts, not the status."""
        return self.status == Status.REGISTERED and self.valid_until >= timezone.localdate()

    @property
    def standing(self) -> str:
        """What readers are told of its status today."""
        if self.status == Status.REGISTERED and not self.is_registered:
            return str(Status.EXPIRED.label)
        return str(self.get_status_display())

    def manager_addresses(self) -> list[str]:
        """Where those who act for it are written to."""
        return list(self.managers.filter(user__is_active=True).values_list("user__email", flat=True))

    def renewable_from(self, window_days: int) -> datetime.date:
        """The first day on which a renewal may be asked for."""
        return self.valid_until - datetime.timedelta(days=window_days)


class Manager(models.Model):
    """Somebody who acts for an organization: a role held at the organization, not at a place."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="managers", verbose_name=_("社会组织"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="managed_organizations", verbose_name=_("用户")
    )
    since = models.DateField(_("自"), default=timezone.localdate)

    place_lookup: ClassVar[str] = "organization__place"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("组织管理员")
        verbose_name_plural = _("组织管理员")
        ordering = ["organization", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="organization_manager_once",
                fields=["organization", "user"],
                violation_error_message=_("这个人已经是管理员。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization}"
