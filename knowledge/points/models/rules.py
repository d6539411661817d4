"""How a village keeps its points, and what it gives them for."""

from datetime import date, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from knowledge.covenants.models import CovenantPage
from registry.places.models import Kind, Place

from ..choices import Category, PeriodKind, YearEnd

LATE_DAYS = 92
LEAST_PANEL = 2
"""A panel is at least two people: nobody decides alone."""


class Rules(models.Model):
    """The settings of a village's points, as its covenant has them."""

    place = models.OneToOneField(Place, models.PROTECT, related_name="points_rules", verbose_name=_("村、社区"))
    panel_size = models.PositiveSmallIntegerField(
        _("评议人数"),
        default=LEAST_PANEL,
        validators=[MinValueValidator(LEAST_PANEL)],
        help_text=_("要有这么多名不同的评议员同意，才能公示；至少两人。"),
    )
    publicity_days = models.PositiveSmallIntegerField(
        _("公示天数"), default=7, validators=[MinValueValidator(1)], help_text=_("期满没有异议就入账。")
    )
    may_be_negative = models.BooleanField(
        _("余额可以为负"), default=True, help_text=_("扣分可以扣到负数；兑换在任何情况下都不能。")
    )
    year_end = models.CharField(_("年终余额"), max_length=8, choices=YearEnd.choices, default=YearEnd.CARRY)
    valid_years = models.PositiveSmallIntegerField(
        _("有效年数"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("“满期作废”时用：1 表示当年的积分可以用到下一年年底；先得的先用。"),
    )
    names_on_top = models.PositiveSmallIntegerField(
        _("公开排名户数"), default=10, help_text=_("只公开同意具名的户；0 表示不公开排名。")
    )

    excellent_percent = models.PositiveSmallIntegerField(
        _("优秀比例（%）"), default=20, help_text=_("年度评定：有积分的户里，名次在全村前百分之多少评为优秀。")
    )
    good_percent = models.PositiveSmallIntegerField(
        _("良好比例（%）"), default=40, help_text=_("紧接着的百分之多少评为良好；其余合格。")
    )

    place_lookup = "place"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("积分设置")
        verbose_name_plural = _("积分设置")
        ordering = ["place"]
        constraints = [
            models.CheckConstraint(
                name="points_panel_of_two",
                condition=Q(panel_size__gte=LEAST_PANEL),
                violation_error_message=_("评议至少要两个人。"),
            ),
            models.CheckConstraint(
                name="points_publicity_of_a_day",
                condition=Q(publicity_days__gte=1),
                violation_error_message=_("公示至少一天。"),
            ),
            models.CheckConstraint(name="points_year_end_known", condition=Q(year_end__in=YearEnd.values)),
            models.CheckConstraint(name="points_valid_for_a_year", condition=Q(valid_years__gte=1)),
            models.CheckConstraint(
                name="points_grades_within_all",
                condition=Q(excellent_percent__lte=100 - F("good_percent")),
                violation_error_message=_("优秀和良好的比例加起来不能超过百分之百。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.place)

    def clean(self) -> None:
        """Rules are a village's, not a grid's or a township's."""
        if self.place_id and self.place.kind != Kind.VILLAGE:
            raise ValidationError({"place": _("积分规则按村、社区设置。")})


class ItemQuerySet(ScopedQuerySet):
    """Items, by when and for what."""

    def valid_on(self, day: date) -> Self:
        """Those that points are given for on a day."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)

    def lately(self, today: date) -> Self:
        """Those that points were given for on some day of the last quarter: what was done then is still entered."""
        since = today - timedelta(days=LATE_DAYS)
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=since), valid_from__lte=today)

    def gains(self) -> Self:
        """Those that give points: what households may declare, and what the public sees of others."""
        return self.filter(points__gt=0)


class Item(models.Model):
    """What a village gives or takes points for. Lines copy what they need of it: a change changes nothing posted."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="points_items", verbose_name=_("村、社区"))
    covenant = models.ForeignKey(
        CovenantPage, models.SET_NULL, null=True, blank=True, related_name="items", verbose_name=_("村规民约")
    )
    clause = models.CharField(
        _("条文"), max_length=36, blank=True, help_text=_("村规民约里的那一条；条号变了也跟着走。")
    )
    category = models.CharField(_("类别"), max_length=12, choices=Category.choices)
    name = models.CharField(_("项目"), max_length=60)
    points = models.SmallIntegerField(_("每次积分"), help_text=_("加分填正数，扣分填负数。"))
    unit = models.CharField(_("单位"), max_length=10, default="次")
    cap = models.PositiveSmallIntegerField(
        _("每户上限"), null=True, blank=True, help_text=_("每户每个周期最多加（或扣）多少分；空着不限。")
    )
    cap_period = models.CharField(_("上限周期"), max_length=8, choices=PeriodKind.choices, default=PeriodKind.MONTH)
    needs_evidence = models.BooleanField(_("要附凭证"), default=False, help_text=_("照片或书面说明。"))
    valid_from = models.DateField(_("启用日期"))
    valid_until = models.DateField(_("停用日期"), null=True, blank=True, help_text=_("最后一天；空着一直有效。"))
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    place_lookup = "place"
    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("积分项目")
        verbose_name_plural = _("积分项目")
        ordering = ["place", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="points_item_named_once",
                fields=["place", "name", "valid_from"],
                violation_error_message=_("这个村已有同名、同日启用的项目。"),
            ),
            models.CheckConstraint(
                name="points_item_counts",
                condition=~Q(points=0) & Q(points__range=(-1000, 1000)),
                violation_error_message=_("每次积分在 -1000 到 1000 之间，不能是 0。"),
            ),
            models.CheckConstraint(
                name="points_item_cap_holds_one",
                condition=Q(cap=None) | Q(cap__gte=F("points")) & Q(cap__gte=-F("points")),
                violation_error_message=_("每户上限不能小于一次的积分。"),
            ),
            models.CheckConstraint(
                name="points_item_ends_after_start",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("停用日期不能早于启用日期。"),
            ),
            models.CheckConstraint(name="points_item_category_known", condition=Q(category__in=Category.values)),
            models.CheckConstraint(name="points_item_cap_period_known", condition=Q(cap_period__in=PeriodKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.points:+d}）"

    @property
    def cap_text(self) -> str:
        """每月最多 20 分; empty without a cap."""
        if self.cap is None:
            return ""
        return _now("每%(period)s最多 %(cap)d 分") % {"period": self.get_cap_period_display(), "cap": self.cap}

    @property
    def points_taken(self) -> int:
        """The points without their sign."""
        return abs(self.points)

    def is_valid_on(self, day: date) -> bool:
        """Whether points are given for it on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
