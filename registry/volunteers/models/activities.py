"""Activities to join, and the shifts that they consist of."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import ItemBase

from accounts.scoping import ScopedQuerySet
from registry.organizations.models import Organization
from registry.places.models import Place
from registry.volunteers.choices import SEATED, ActivityState, Field, LineKind
from registry.volunteers.models.people import Skill
from registry.volunteers.models.teams import Team


class ActivityQuerySet(ScopedQuerySet):
    """Activities, by what is asked of them."""

    def published(self) -> Self:
        """Those that anybody may read of."""
        return self.filter(state=ActivityState.PUBLISHED)

    def upcoming(self, now: datetime | None = None) -> Self:
        """Those with a shift that has not ended, with the start of the next one as `next_start`."""
        ahead = Q(shifts__ends_at__gt=now or timezone.now(), shifts__cancelled_at=None)
        return self.annotate(next_start=Min("shifts__starts_at", filter=ahead)).filter(next_start__isnull=False)

    def wanting(self, skill: Skill) -> Self:
        """Those that a skill is asked for."""
        return self.filter(Exists(ActivitySkill.objects.filter(content_object=OuterRef("pk"), tag=skill)))


class Activity(models.Model):  # type: ignore[django-manager-missing]
    """Something that volunteers are asked to do, or to learn: by an organization, else by the village itself."""

    title = models.CharField(_("名称"), max_length=80)
    field = models.CharField(_("类别"), max_length=12, choices=Field.choices)
    kind = models.CharField(
        _("计入"),
        max_length=8,
        choices=LineKind.choices,
        default=LineKind.SERVICE,
        help_text=_("培训时长单独累计，不计入星级。"),
    )
    place = models.ForeignKey(
        Place,
        models.PROTECT,
        related_name="volunteer_activities",
        verbose_name=_("地方"),
        help_text=_("在哪里开展；没有选组织时，就由这个村、社区组织。"),
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="volunteer_activities",
        verbose_name=_("主办组织"),
        help_text=_("空着就是村、社区自己组织的活动。"),
    )
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("承办队伍"),
    )
    address = models.CharField(_("集合地点"), max_length=120)
    about = models.TextField(_("做什么"), max_length=3000)
    contact_name = models.CharField(_("联系人"), max_length=60, help_text=_("会公开，请先征得本人同意。"))
    contact_phone = models.CharField(_("联系电话"), max_length=20, help_text=_("会公开。"))
    skills = TaggableManager(
        _("需要的技能"), through="volunteers.ActivitySkill", blank=True, help_text=_("没有要求就空着")
    )
    adults_only = models.BooleanField(_("只限成年人"), default=False)
    risky = models.BooleanField(_("可能有人身危险"), default=False)
    insurance = models.CharField(
        _("保险"), max_length=120, blank=True, help_text=_("保险公司、险种、单号；有人身危险的活动必填。")
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=ActivityState.choices, default=ActivityState.DRAFT, editable=False
    )
    created_at = models.DateTimeField(_("录入时间"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("发布时间"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("发布人")
    )
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("取消人")
    )
    cancelled_why = models.CharField(_("取消原因"), max_length=200, blank=True, editable=False)

    place_lookup: ClassVar[str] = "place"

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("志愿服务活动")
        verbose_name_plural = _("志愿服务活动")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "field"]), models.Index(fields=["-created_at"])]
        constraints = [
            # Volunteer Service Regulations article 17: where there may be danger to the person, insurance comes first.
            models.CheckConstraint(
                name="activity_risky_is_insured",
                condition=Q(risky=False) | ~Q(insurance=""),
                violation_error_message=_("有人身危险的活动，要写明保险。"),
            ),
            models.CheckConstraint(name="activity_field_known", condition=Q(field__in=Field.values)),
            models.CheckConstraint(name="activity_kind_known", condition=Q(kind__in=LineKind.values)),
            models.CheckConstraint(
                name="activity_state_told",
                condition=Q(state=ActivityState.DRAFT, published_at=None, cancelled_at=None)
                | Q(state=ActivityState.PUBLISHED, published_at__isnull=False, cancelled_at=None)
                | (Q(state=ActivityState.CANCELLED, cancelled_at__isnull=False) & ~Q(cancelled_why="")),
            ),
            models.CheckConstraint(
                name="activity_published_by_somebody",
                condition=Q(published_at=None, published_by=None) | Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The activity's public page."""
        return reverse("volunteers:activity", args=[self.pk])

    @property
    def organizer(self) -> str:
        """Who organizes it, and so records and certifies its hours."""
        return str(self.organization) if self.organization_id else str(self.place)

    @property
    def is_public(self) -> bool:
        """Whether anybody may read of it; what was cancelled after it was published is told as such."""
        return self.published_at is not None


class ActivitySkill(ItemBase):
    """What an activity needs people to be able to do."""

    tag = models.ForeignKey(Skill, models.CASCADE, related_name="activity_links")
    content_object = models.ForeignKey(Activity, models.CASCADE, related_name="skill_links")

    class Meta:
        verbose_name = _("活动需要的技能")
        verbose_name_plural = _("活动需要的技能")
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="volunteers_activityskill_once")]


class ShiftQuerySet(ScopedQuerySet):
    """Shifts, by when and how full."""

    def standing(self) -> Self:
        """Those that were not cancelled."""
        return self.filter(cancelled_at=None)

    def counted(self) -> Self:
        """With the slots taken as `taken`, those who wait as `queue`, those who came as `came`."""
        return self.annotate(
            taken=Count("sign_ups", filter=Q(sign_ups__state__in=SEATED)),
            queue=Count("sign_ups", filter=Q(sign_ups__state="waiting")),
            came=Count("sign_ups", filter=Q(sign_ups__state="attended")),
        )

    def overlapping(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Those that share a moment with this stretch; one may begin when the other ends."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class Shift(models.Model):
    """One turn of an activity: when, and for how many."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="shifts", verbose_name=_("活动"))
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    cut_off = models.DateTimeField(_("报名截止"), help_text=_("在这之前可以报名和退出。"))
    slots = models.PositiveSmallIntegerField(_("名额"))
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, editable=False)
    cancelled_why = models.CharField(_("取消原因"), max_length=200, blank=True, editable=False)

    place_lookup: ClassVar[str] = "activity__place"

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("场次")
        verbose_name_plural = _("场次")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["ends_at"])]
        constraints = [
            models.CheckConstraint(
                name="shift_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("结束时间要晚于开始时间。"),
            ),
            models.CheckConstraint(
                name="shift_cut_off_before_end",
                condition=Q(cut_off__lte=F("ends_at")),
                violation_error_message=_("报名截止不能晚于结束时间。"),
            ),
            models.CheckConstraint(
                name="shift_has_slots", condition=Q(slots__gte=1), violation_error_message=_("名额至少是 1。")
            ),
            models.CheckConstraint(
                name="shift_cancelled_with_reason",
                condition=Q(cancelled_at=None, cancelled_why="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancelled_why="")),
            ),
        ]

    def __str__(self) -> str:
        begins, ends = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        until = f"{ends:%H:%M}" if begins.date() == ends.date() else f"{ends:%m-%d %H:%M}"
        return f"{self.activity} {begins:%Y-%m-%d %H:%M}–{until}"

    @property
    def takes_sign_ups(self) -> bool:
        """Whether people may still sign up and withdraw."""
        return (
            self.cancelled_at is None
            and self.activity.state == ActivityState.PUBLISHED
            and timezone.now() < self.cut_off
        )

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.ends_at <= timezone.now()
