"""Honours: what needs no points, but nominations and a vote of the panel."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from registry.places.models import Place

from .households import Household
from .people import done_by


class Honour(models.Model):
    """A title that a village gives in a season: 最美家庭, 好邻居 …"""

    class State(models.TextChoices):
        OPEN = "open", _("推荐和评议中")
        AWARDED = "awarded", _("已评定")

    place = models.ForeignKey(Place, models.PROTECT, related_name="honours", verbose_name=_("村、社区"))
    name = models.CharField(_("荣誉"), max_length=40)
    season = models.CharField(_("届次"), max_length=20, help_text=_("如：2026年、2026年上半年"))
    description = models.CharField(_("条件"), max_length=200, blank=True)
    seats = models.PositiveSmallIntegerField(_("名额"), default=5, validators=[MinValueValidator(1)])
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN, editable=False)
    awarded_on = models.DateField(_("评定日期"), null=True, blank=True, editable=False)

    place_lookup = "place"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("荣誉")
        verbose_name_plural = _("荣誉")
        ordering = ["-pk"]
        permissions = [("review_honour", "Can vote on nominations")]
        constraints = [
            models.UniqueConstraint(
                name="points_honour_once",
                fields=["place", "name", "season"],
                violation_error_message=_("这一届已有这项荣誉。"),
            ),
            models.CheckConstraint(name="points_honour_for_somebody", condition=Q(seats__gte=1)),
            models.CheckConstraint(
                name="points_honour_awarded_on_a_day",
                condition=Q(state="open", awarded_on=None) | Q(state="awarded", awarded_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season} {self.name}"


class Nomination(models.Model):
    """A household put forward for an honour."""

    honour = models.ForeignKey(Honour, models.PROTECT, related_name="nominations", verbose_name=_("荣誉"))
    household = models.ForeignKey(Household, models.PROTECT, related_name="nominations", verbose_name=_("农户"))
    reason = models.CharField(_("事迹"), max_length=300)
    nominated_by = done_by(_("推荐人"))
    nominated_at = models.DateTimeField(_("推荐时间"), default=timezone.now)
    awarded = models.BooleanField(_("获评"), default=False, editable=False)

    place_lookup = "honour__place"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("推荐")
        verbose_name_plural = _("推荐")
        ordering = ["honour", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="points_nominated_once",
                fields=["honour", "household"],
                violation_error_message=_("这户已经推荐过。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.honour} {self.household}"


class HonourVote(models.Model):
    """What one member of the panel said of a nomination. Only ever added to."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="votes", verbose_name=_("推荐"))
    voter = done_by(_("评议员"), always=True)
    agrees = models.BooleanField(_("同意"))
    at = models.DateTimeField(_("时间"), default=timezone.now)

    place_lookup = "nomination__honour__place"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("荣誉评议")
        verbose_name_plural = _("荣誉评议")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="points_honour_vote_once",
                fields=["nomination", "voter"],
                violation_error_message=_("每人对每个推荐只能表决一次。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voter}: {self.nomination}"
