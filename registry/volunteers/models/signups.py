"""Who comes to a shift, and who waits for a slot."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from registry.volunteers.choices import SEATED, CheckInWay, SignUpState
from registry.volunteers.models.activities import Shift
from registry.volunteers.models.hours import HourLine
from registry.volunteers.models.people import Volunteer


class SignUpQuerySet(ScopedQuerySet):
    """Sign-ups, by how they stand."""

    def seated(self) -> Self:
        """Those that take a slot."""
        return self.filter(state__in=SEATED)

    def queue(self) -> Self:
        """Those who wait, who came first first."""
        return self.filter(state=SignUpState.WAITING).order_by("queued_at", "pk")

    def unrecorded(self) -> Self:
        """Those who took part in a shift that is over, as far as is known, and have no hours for it."""
        lines = HourLine.objects.filter(shift=OuterRef("shift"), volunteer=OuterRef("volunteer"))
        over = self.filter(shift__ends_at__lte=timezone.now(), shift__cancelled_at=None)
        return over.filter(~Exists(lines), state__in=(SignUpState.SIGNED, SignUpState.ATTENDED))


class SignUp(models.Model):
    """A volunteer and a shift. Whoever withdraws and comes back keeps the row, and goes to the end of the queue.

    Whoever takes a slot has a seat, a number from 1 to the shift's slots. No seat is taken twice and none stands above
    the slots: so no shift can be overbooked. A trigger keeps seats within the slots, and keeps a volunteer from two
    seats at once (see `triggers`).
    """

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="sign_ups", verbose_name=_("场次"))
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="sign_ups", verbose_name=_("志愿者"))
    state = models.CharField(_("状态"), max_length=10, choices=SignUpState.choices)
    seat = models.PositiveSmallIntegerField(_("名额序号"), null=True)
    queued_at = models.DateTimeField(_("报名时间"), default=timezone.now)
    promoted_at = models.DateTimeField(_("候补转正时间"), null=True)
    withdrawn_at = models.DateTimeField(_("退出时间"), null=True)
    checked_in_at = models.DateTimeField(_("签到时间"), null=True)
    checked_in_by = models.CharField(_("签到方式"), max_length=8, choices=CheckInWay.choices, blank=True)

    place_lookup: ClassVar[str] = "shift__activity__place"

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("报名")
        verbose_name_plural = _("报名")
        ordering = ["seat", "queued_at", "pk"]
        indexes = [models.Index(fields=["volunteer", "state"])]
        constraints = [
            models.UniqueConstraint(
                name="sign_up_once", fields=["shift", "volunteer"], violation_error_message=_("已经报过名了。")
            ),
            models.UniqueConstraint(name="sign_up_seat_once", fields=["shift", "seat"]),
            models.CheckConstraint(
                name="sign_up_seat_by_state",
                condition=Q(state__in=SEATED, seat__gte=1)
                | Q(state__in=(SignUpState.WAITING, SignUpState.WITHDRAWN), seat=None),
            ),
            models.CheckConstraint(
                name="sign_up_withdrawn_when",
                condition=Q(state=SignUpState.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=SignUpState.WITHDRAWN) & Q(withdrawn_at=None)),
            ),
            models.CheckConstraint(
                name="sign_up_checked_in_how",
                condition=Q(checked_in_at=None, checked_in_by="")
                | Q(checked_in_at__isnull=False, checked_in_by__in=CheckInWay.values),
            ),
            models.CheckConstraint(
                name="sign_up_attended_checked_in",
                condition=Q(state=SignUpState.ATTENDED, checked_in_at__isnull=False)
                | (~Q(state=SignUpState.ATTENDED) & Q(checked_in_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer} · {self.shift}"
