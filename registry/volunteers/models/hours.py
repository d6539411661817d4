"""The ledger of hours: lines that are only ever added, and what was said to them."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import Scoped, ScopedQuerySet
from registry.volunteers.choices import ANSWERS, RULINGS, LineKind, Verdict
from registry.volunteers.halves import DAY
from registry.volunteers.models.activities import Activity, Shift
from registry.volunteers.models.people import Volunteer


class HourLineQuerySet(ScopedQuerySet):
    """Lines of hours, by what is asked of them."""

    def service(self) -> Self:
        """Service, not training."""
        return self.filter(kind=LineKind.SERVICE)

    def standing(self) -> Self:
        """Lines that hold: no reversals, and none that was reversed."""
        return self.filter(reverses=None, reversed_by=None)

    def with_verdict(self) -> Self:
        """With the latest thing said to each line as `verdict`: None while nobody answered."""
        latest = Decision.objects.filter(line=OuterRef("pk")).order_by("-pk").values("verdict")[:1]
        return self.annotate(verdict=Subquery(latest))

    def disputed(self) -> Self:
        """Lines objected to on which nobody has ruled."""
        said = Decision.objects.filter(line=OuterRef("pk"))
        objected = said.filter(verdict=Verdict.OBJECTED)
        return self.filter(Exists(objected), ~Exists(said.filter(verdict__in=RULINGS)))

    def unanswered(self) -> Self:
        """Standing lines that the volunteer has neither confirmed nor objected to."""
        return self.standing().filter(~Exists(Decision.objects.filter(line=OuterRef("pk"))))

    def certifiable(self) -> Self:
        """Standing lines that are under no open objection: those that a certificate may list."""
        said = Decision.objects.filter(line=OuterRef("pk"))
        ruled = Exists(said.filter(verdict__in=RULINGS))
        return self.standing().filter(~Exists(said.filter(verdict=Verdict.OBJECTED)) | ruled)

    def total(self) -> int:
        """The sum in half hours: reversals and what they reverse cancel out."""
        total: int = self.aggregate(total=Coalesce(Sum("halves"), 0))["total"]
        return total


class HourLine(models.Model):
    """What a volunteer gave at one stretch, in half hours. The database refuses to change or delete a line.

    A mistake is reversed by a line with the opposite sign that names it. Who organizes records (Volunteer
    Service Regulations, article 19; Ministry of Civil Affairs order 67). A trigger keeps a volunteer's standing lines
    from overlapping, from more on a day than the cap that held when the line was written, and from more than the
    stretch has room for (see `triggers`).
    """

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="hour_lines", verbose_name=_("志愿者"))
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="hour_lines", verbose_name=_("活动"))
    shift = models.ForeignKey(
        Shift, models.PROTECT, null=True, blank=True, related_name="hour_lines", verbose_name=_("场次")
    )
    kind = models.CharField(_("类别"), max_length=8, choices=LineKind.choices)
    date = models.DateField(_("日期"), help_text=_("开始的那一天。"))
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    halves = models.SmallIntegerField(_("半小时数"))
    daily_cap = models.PositiveSmallIntegerField(_("当时的每日上限（半小时数）"))
    recorded_at = models.DateTimeField(_("记录时间"), default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("记录人")
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name=_("冲销")
    )
    note = models.CharField(_("说明"), max_length=200, blank=True)

    place_lookup: ClassVar[str] = "activity__place"

    objects = HourLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务时长")
        verbose_name_plural = _("服务时长")
        ordering = ["-date", "-pk"]
        permissions = [("record_hourline", _("记录服务时长")), ("rule_hourline", _("处理时长异议"))]
        indexes = [
            models.Index(fields=["volunteer", "date"]),
            models.Index(fields=["volunteer", "starts_at"]),
            models.Index(fields=["-date"]),
        ]
        constraints = [
            models.CheckConstraint(name="hour_line_kind_known", condition=Q(kind__in=LineKind.values)),
            models.CheckConstraint(
                name="hour_line_sign_by_reversal",
                condition=Q(reverses=None, halves__gte=1, halves__lte=DAY)
                | Q(reverses__isnull=False, halves__lte=-1, halves__gte=-DAY),
            ),
            models.CheckConstraint(name="hour_line_reversal_says_why", condition=Q(reverses=None) | ~Q(note="")),
            models.CheckConstraint(
                name="hour_line_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("结束时间要晚于开始时间。"),
            ),
            models.CheckConstraint(
                name="hour_line_not_in_future",
                condition=Q(ends_at__lte=F("recorded_at")),
                violation_error_message=_("还没有结束的服务不能记时长。"),
            ),
            models.CheckConstraint(name="hour_line_cap_fits_a_day", condition=Q(daily_cap__range=(1, DAY))),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer} {self.date} {self.activity}"


class Decision(Scoped):
    """What was said to a line: one answer by the volunteer, one ruling on an objection. Only ever added."""

    line = models.ForeignKey(HourLine, models.PROTECT, related_name="decisions", verbose_name=_("时长"))
    verdict = models.CharField(_("意见"), max_length=10, choices=Verdict.choices)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("谁"))

    place_lookup: ClassVar[str] = "line__activity__place"

    class Meta:
        verbose_name = _("时长意见")
        verbose_name_plural = _("时长意见")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="decision_verdict_known", condition=Q(verdict__in=Verdict.values)),
            models.UniqueConstraint(name="decision_answer_once", fields=["line"], condition=Q(verdict__in=ANSWERS)),
            models.UniqueConstraint(name="decision_ruling_once", fields=["line"], condition=Q(verdict__in=RULINGS)),
            models.CheckConstraint(
                name="decision_says_why",
                condition=Q(verdict__in=(Verdict.CONFIRMED, Verdict.RETRACTED)) | ~Q(reason=""),
                violation_error_message=_("请写明理由。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.get_verdict_display()}"
