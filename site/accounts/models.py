"""People who sign in, the roles that they hold at a place, and the lines that tell who did what."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from registry.places.models import Place


class User(AbstractUser):
    """Someone who signs in.

    Chinese names are one piece: `display_name` holds it, and the first and last name of Django's own model stay
    empty unless an identity provider fills them.
    """

    display_name = models.CharField(_("姓名"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """The name to show: the Chinese name, else the sign-in name."""
        return self.display_name or super().get_full_name() or self.username

    def get_short_name(self) -> str:
        """The same as the full name: Chinese names are not shortened."""
        return self.get_full_name()


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Roles held, by when."""

    def current(self) -> Self:
        """Those that hold today."""
        today = timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=today), since__lte=today)


class Appointment(models.Model):
    """A role that somebody holds at a place, and with it at everything below that place."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="appointments", verbose_name=_("用户")
    )
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    place = models.ForeignKey(Place, models.PROTECT, related_name="appointments", verbose_name=_("地方"))
    since = models.DateField(_("自"), default=timezone.localdate)
    until = models.DateField(_("至"), null=True, blank=True, help_text=_("最后一天；空着就是没有期限。"))

    place_lookup = "place"

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        ordering = ["user", "place", "role"]
        constraints = [
            models.UniqueConstraint(
                name="appointment_once",
                fields=["user", "role", "place"],
                violation_error_message=_("这个人在这里已有这个角色。"),
            ),
            models.CheckConstraint(
                name="appointment_role_known",
                condition=Q(role__in=Role.values),
                violation_error_message=_("没有这个角色。"),
            ),
            models.CheckConstraint(
                name="appointment_ends_after_start",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.place}"


class AuditLine(models.Model):
    """Who did what to what, and when.

    No foreign key: the line outlives the person, the place and the thing it tells of. The database refuses to change
    or delete it.
    """

    at = models.DateTimeField(_("时间"), default=timezone.now, db_index=True)
    actor_id = models.BigIntegerField(_("用户编号"), null=True)
    actor = models.CharField(_("谁"), max_length=150)
    action = models.CharField(_("做了什么"), max_length=80, db_index=True)
    subject_type = models.CharField(_("对象类型"), max_length=80)
    subject_id = models.CharField(_("对象编号"), max_length=40)
    subject = models.CharField(_("对象"), max_length=255)
    place_path = models.CharField(max_length=255, blank=True, db_index=True)
    place = models.CharField(_("地方"), max_length=60, blank=True)
    details = models.JSONField(_("详情"), default=dict, encoder=DjangoJSONEncoder)

    place_lookup = "place_path"

    class Meta:
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action} {self.subject}"

    @property
    def who(self) -> str:
        """Who acted, as people read it."""
        return _now("系统") if self.actor_id is None else self.actor


class DeletionRequestQuerySet(models.QuerySet["DeletionRequest"]):
    """Requests, by how far they are."""

    def open(self) -> Self:
        """Those that nobody has answered yet and that were not taken back."""
        return self.filter(done_at=None, withdrawn_at=None)


class DeletionRequest(models.Model):
    """Somebody wants their account deleted (Personal Information Protection Law article 47).

    What the law keeps (a service record, the head of an organization) stays with the register; the account, its
    address and its name go.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="deletion_requests", verbose_name=_("用户")
    )
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    asked_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    done_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    done_by = models.CharField(_("办理人"), max_length=150, blank=True)

    objects = DeletionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("注销申请")
        verbose_name_plural = _("注销申请")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                name="deletion_request_open_once",
                fields=["user"],
                condition=Q(done_at=None, withdrawn_at=None),
                violation_error_message=_("已有一个等待办理的注销申请。"),
            ),
            models.CheckConstraint(
                name="deletion_request_done_or_withdrawn",
                condition=Q(done_at=None) | Q(withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="deletion_request_done_by_somebody",
                condition=Q(done_at=None, done_by="") | Q(done_at__isnull=False) & ~Q(done_by=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {timezone.localtime(self.asked_at):%Y-%m-%d}"
