"""Teams and who is in them."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import Scoped, ScopedQuerySet
from registry.organizations.models import Organization
from registry.places.models import Place
from registry.volunteers.models.people import Volunteer


class Team(Scoped):
    """A volunteer team of a village, or of an organization that works there."""

    name = models.CharField(_("队名"), max_length=60)
    place = models.ForeignKey(Place, models.PROTECT, related_name="volunteer_teams", verbose_name=_("地方"))
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="volunteer_teams",
        verbose_name=_("所属组织"),
        help_text=_("空着就是村、社区自己的队伍。"),
    )
    about = models.TextField(_("介绍"), max_length=1000, blank=True)
    founded_on = models.DateField(_("成立日期"), default=timezone.localdate)
    members = models.ManyToManyField(Volunteer, through="volunteers.Membership", related_name="teams")

    place_lookup: ClassVar[str] = "place"

    class Meta:
        verbose_name = _("志愿服务队")
        verbose_name_plural = _("志愿服务队")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                name="team_name_once", fields=["place", "name"], violation_error_message=_("这个地方已有同名的队伍。")
            )
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(ScopedQuerySet):
    """Memberships, by when."""

    def current(self) -> Self:
        """Those that have not ended."""
        return self.filter(left_on=None)


class Membership(models.Model):
    """A volunteer in a team, from one day to another."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships", verbose_name=_("队伍"))
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="memberships", verbose_name=_("志愿者"))
    joined_on = models.DateField(_("入队日期"), default=timezone.localdate)
    left_on = models.DateField(_("离队日期"), null=True, blank=True)

    place_lookup: ClassVar[str] = "team__place"

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("队员")
        verbose_name_plural = _("队员")
        ordering = ["joined_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="membership_current_once",
                fields=["team", "volunteer"],
                condition=Q(left_on=None),
                violation_error_message=_("已经是这支队伍的队员。"),
            ),
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                violation_error_message=_("离队日期不能早于入队日期。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer} · {self.team}"
