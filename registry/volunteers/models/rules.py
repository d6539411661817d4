"""What a county decides for itself."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import Scoped
from registry.places.models import Kind, Place, on_the_way
from registry.volunteers.halves import DAY


class VolunteerRules(Scoped):
    """How a county counts volunteer hours. A county without a row of its own has the defaults."""

    place = models.OneToOneField(
        Place,
        models.CASCADE,
        related_name="volunteer_rules",
        verbose_name=_("区县"),
        limit_choices_to={"kind": Kind.COUNTY},
    )
    daily_cap = models.PositiveSmallIntegerField(
        _("每日上限（半小时数）"),
        default=16,
        validators=[MinValueValidator(1), MaxValueValidator(DAY)],
        help_text=_("一人一天最多记多少个半小时：16 就是 8 小时。"),
    )
    check_in_minutes = models.PositiveSmallIntegerField(
        _("签到二维码有效分钟数"), default=10, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    check_in_opens = models.PositiveSmallIntegerField(
        _("开始前多少分钟可以签到"), default=60, validators=[MaxValueValidator(720)]
    )

    place_lookup: ClassVar[str] = "place"

    class Meta:
        verbose_name = _("志愿服务设置")
        verbose_name_plural = _("志愿服务设置")
        constraints = [
            models.CheckConstraint(
                name="volunteer_rules_cap_fits_a_day",
                condition=Q(daily_cap__range=(1, DAY)),
                violation_error_message=_("每日上限在 1 至 48 个半小时之间。"),
            )
        ]

    def __str__(self) -> str:
        return str(self.place)

    @classmethod
    def of(cls, place: Place) -> "VolunteerRules":
        """The rules that hold at a place: its county's, else the defaults (not saved)."""
        held = cls.objects.filter(place__path__in=on_the_way([place.path])).order_by("-place__depth")
        return held.first() or cls(place=place)
