"""What organizations offer to residents."""

import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from registry.organizations.choices import Audience
from registry.organizations.models.register import Organization
from registry.organizations.models.rules import CountySettings
from registry.organizations.validators import validate_text
from registry.places.models import subtree


class ServiceQuerySet(ScopedQuerySet):
    """Services, by whether they are still to be had."""

    def offered(self) -> Self:
        """Those of registered organizations that are not withdrawn."""
        return self.filter(withdrawn=False, organization__in=Organization.objects.registered())

    def stale(self) -> Self:
        """Those not confirmed for longer than their county allows."""
        today = timezone.localdate()
        usual = CountySettings().stale_service_days
        counties = CountySettings.objects.exclude(stale_service_days=usual).select_related("county")
        condition, elsewhere = Q(), Q()
        for county in counties:
            inside = subtree([county.county], "organization__place")
            condition |= inside & Q(confirmed_on__lt=today - datetime.timedelta(days=county.stale_service_days))
            elsewhere &= ~inside
        return self.filter(
            condition | (elsewhere & Q(confirmed_on__lt=today - datetime.timedelta(days=usual))), withdrawn=False
        )


class Service(models.Model):
    """A service that an organization offers: for whom, where, when, at what cost, and when that was last confirmed."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="services", verbose_name=_("社会组织"))
    name = models.CharField(_("服务名称"), max_length=40, validators=[validate_text])
    description = models.CharField(_("服务内容"), max_length=500, validators=[validate_text])
    audience = models.CharField(_("服务对象"), max_length=12, choices=Audience.choices, default=Audience.EVERYONE)
    location = models.CharField(_("地点"), max_length=120, validators=[validate_text])
    hours = models.CharField(_("时间"), max_length=100, validators=[validate_text])
    cost = models.CharField(
        _("费用"), max_length=60, validators=[validate_text], help_text=_("免费的写“免费”；收费的写明标准。")
    )
    contact = models.CharField(
        _("联系方式"), max_length=60, validators=[validate_text], help_text=_("会公开显示，请填可以公开的电话。")
    )
    confirmed_on = models.DateField(_("最近核实日期"), default=timezone.localdate)
    withdrawn = models.BooleanField(_("已停止"), default=False)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    place_lookup: ClassVar[str] = "organization__place"

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务")
        verbose_name_plural = _("服务")
        ordering = ["withdrawn", "name", "pk"]
        indexes = [models.Index(fields=["withdrawn", "confirmed_on"])]
        constraints = [
            models.CheckConstraint(name="service_audience_known", condition=Q(audience__in=Audience.values)),
            models.UniqueConstraint(
                name="service_name_once",
                fields=["organization", "name"],
                violation_error_message=_("这个组织已有同名的服务。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where the organization's public page tells of it."""
        return f"{self.organization.get_absolute_url()}#service-{self.pk}"

    def is_stale(self, stale_days: int) -> bool:
        """Whether nobody confirmed it for longer than this."""
        return self.confirmed_on < timezone.localdate() - datetime.timedelta(days=stale_days)
