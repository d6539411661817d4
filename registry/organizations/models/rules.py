"""What each county decides for itself: which kinds of organizations there are, the minimums and the days."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from registry.organizations.validators import validate_name
from registry.places.models import Kind, Place

DEFAULT_KINDS = (
    ("welfare", "公益慈善类"),
    ("service", "生活服务类"),
    ("professional", "专业调处类"),
    ("culture", "文体活动类"),
    ("mutual_aid", "居民互助类"),
    ("other", "其他"),
)
"""The kinds that a county begins with: data, in Chinese whatever language the process speaks."""

_LIMITS = {
    "min_founders": (1, 50),
    "min_members": (1, 500),
    "opinion_days": (1, 90),
    "validity_years": (1, 10),
    "renewal_window_days": (1, 180),
    "stale_service_days": (30, 1095),
}


def _number(
    label: "str | Promise", name: str, default: int, help_text: "str | Promise" = ""
) -> models.PositiveSmallIntegerField:
    least, most = _LIMITS[name]
    return models.PositiveSmallIntegerField(
        label,  # type: ignore[arg-type]
        default=default,
        validators=[MinValueValidator(least), MaxValueValidator(most)],
        help_text=help_text,  # type: ignore[arg-type]
    )


class CountySettings(models.Model):
    """How organizations are put on file in a county. A county without a row takes no filings yet."""

    county = models.OneToOneField(
        Place,
        models.PROTECT,
        related_name="organization_settings",
        limit_choices_to={"kind": Kind.COUNTY},
        verbose_name=_("区县"),
    )
    min_founders = _number(_("发起人最少人数"), "min_founders", 2)
    min_members = _number(_("会员最少人数"), "min_members", 10)
    opinion_days = _number(_("办理期限（日）"), "opinion_days", 7, _("自提交之日起，这么多日内给出意见。"))
    validity_years = _number(_("有效期（年）"), "validity_years", 3)
    renewal_window_days = _number(
        _("续期提前（日）"), "renewal_window_days", 15, _("到期前这么多日起可以申请续期；过期后也可以申请。")
    )
    stale_service_days = _number(
        _("服务信息多久未核实算过时（日）"), "stale_service_days", 365, _("过时的服务在公开页面上标明，并列入报表。")
    )

    place_lookup: ClassVar[str] = "county"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("区县备案设置")
        verbose_name_plural = _("区县备案设置")
        constraints = [
            models.CheckConstraint(
                name=f"organization_settings_{name}",
                condition=Q(**{f"{name}__range": limits}),
                violation_error_message=_("超出了允许的范围。"),
            )
            for name, limits in _LIMITS.items()
        ]

    def __str__(self) -> str:
        return self.county.name


def settings_for(place: Place) -> CountySettings:
    """The settings of the county that holds the place; the defaults where the county has none."""
    county = place.above(Kind.COUNTY)
    found = CountySettings.objects.filter(county=county).select_related("county").first() if county else None
    return found or CountySettings(county=county)


class OrganizationKind(models.Model):
    """A kind of organization, as the county counts them."""

    county = models.ForeignKey(
        Place,
        models.PROTECT,
        related_name="organization_kinds",
        limit_choices_to={"kind": Kind.COUNTY},
        verbose_name=_("区县"),
    )
    code = models.CharField(
        _("代码"),
        max_length=20,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*$", _("代码用小写字母、数字和下划线，字母开头。"))],
        help_text=_("用在网址里，定了就别改。"),
    )
    name = models.CharField(_("名称"), max_length=20, validators=[validate_name])
    order = models.PositiveSmallIntegerField(_("排序"), default=0)
    retired = models.BooleanField(_("停用"), default=False, help_text=_("停用后新的申请不能再选，已有的不变。"))

    place_lookup: ClassVar[str] = "county"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("组织类别")
        verbose_name_plural = _("组织类别")
        ordering = ["county", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="organization_kind_code_once",
                fields=["county", "code"],
                violation_error_message=_("这个区县已有这个代码。"),
            ),
            models.UniqueConstraint(
                name="organization_kind_name_once",
                fields=["county", "name"],
                violation_error_message=_("这个区县已有这个类别。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
