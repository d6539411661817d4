"""How an organization is helped to grow."""

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from registry.organizations.choices import Stage, SupportKind
from registry.organizations.models.register import Organization
from registry.organizations.validators import validate_text


class Nurture(models.Model):
    """A stage that an organization reached in the incubation base, from a day on."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="nurture", verbose_name=_("社会组织"))
    stage = models.CharField(_("孵化阶段"), max_length=10, choices=Stage.choices)
    since = models.DateField(_("自"), default=timezone.localdate)
    note = models.CharField(_("说明"), max_length=200, blank=True, validators=[validate_text])

    place_lookup: ClassVar[str] = "organization__place"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("孵化阶段")
        verbose_name_plural = _("孵化阶段")
        ordering = ["organization", "-since", "-pk"]
        constraints = [
            models.CheckConstraint(name="nurture_stage_known", condition=Q(stage__in=Stage.values)),
            models.UniqueConstraint(
                name="nurture_stage_once",
                fields=["organization", "stage"],
                violation_error_message=_("这个组织已记过这个阶段。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.get_stage_display()}"


class Support(models.Model):
    """Support that an organization received."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="support", verbose_name=_("社会组织"))
    on = models.DateField(_("日期"), default=timezone.localdate)
    kind = models.CharField(_("支持方式"), max_length=10, choices=SupportKind.choices)
    description = models.CharField(_("内容"), max_length=200, validators=[validate_text])
    provider = models.CharField(_("提供单位"), max_length=60, validators=[validate_text])
    value = models.DecimalField(
        _("折合金额（元）"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )

    place_lookup: ClassVar[str] = "organization__place"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("扶持记录")
        verbose_name_plural = _("扶持记录")
        ordering = ["organization", "-on", "-pk"]
        constraints = [
            models.CheckConstraint(name="support_kind_known", condition=Q(kind__in=SupportKind.values)),
            models.CheckConstraint(name="support_value_not_negative", condition=Q(value=None) | Q(value__gte=0)),
        ]

    def __str__(self) -> str:
        return self.description
