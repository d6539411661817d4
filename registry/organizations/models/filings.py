"""Filings: what an organization asks for, each submission as it was, and what was decided on it."""

import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from accounts.sensitive import EncryptedTextField
from registry.organizations.choices import DECIDED, EDITABLE, OPEN, WAITING, LegalForm, Outcome, Purpose, State
from registry.organizations.models.base import PARTICULARS, Particulars
from registry.organizations.validators import validate_phone


class FilingQuerySet(ScopedQuerySet):
    """Filings, by how far they have come."""

    def waiting(self) -> Self:
        """Those on which an opinion is due, the most urgent first."""
        return self.filter(state__in=WAITING).order_by("due_on", "pk")

    def overdue(self) -> Self:
        """Those whose day has passed without an opinion."""
        return self.filter(state__in=WAITING, due_on__lt=timezone.localdate())

    def entered(self) -> Self:
        """Those that were submitted at least once: drafts are their writer's alone."""
        return self.exclude(state=State.DRAFT)

    def of(self, user: Any) -> Self:
        """Those that this user wrote or may go on with as a manager."""
        return self.filter(Q(applicant=user) | Q(organization__managers__user=user)).distinct()


class Filing(Particulars):
    """An application to be put into the register or to stay there.

    The register's own facts (expired, deregistered) are the organization's: a filing ends with its decision.
    """

    head_phone = EncryptedTextField(_("负责人手机"), blank=True, validators=[validate_phone])
    purpose = models.CharField(_("事项"), max_length=10, choices=Purpose.choices, default=Purpose.NEW)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="filings",
        verbose_name=_("社会组织"),
    )
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="filings", verbose_name=_("申请人")
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviewed_filings",
        verbose_name=_("审核人"),
    )
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    due_on = models.DateField(_("应办结日期"), null=True, blank=True)
    decided_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    place_lookup: ClassVar[str] = "place"

    objects = FilingQuerySet.as_manager()

    class Meta:
        verbose_name = _("备案申请")
        verbose_name_plural = _("备案申请")
        ordering = ["-created_at", "-pk"]
        permissions = [("review_filing", "Can review filings")]
        indexes = [models.Index(fields=["state", "due_on"]), models.Index(fields=["place", "state"])]
        constraints = [
            models.CheckConstraint(name="filing_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="filing_purpose_known", condition=Q(purpose__in=Purpose.values)),
            models.CheckConstraint(name="filing_form_known", condition=Q(form__in=LegalForm.values)),
            models.CheckConstraint(
                name="filing_submitted_with_due_day",
                condition=Q(state=State.DRAFT, submitted_at=None, due_on=None)
                | (~Q(state=State.DRAFT) & Q(submitted_at__isnull=False, due_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="filing_submitted_whole",
                condition=Q(state__in=EDITABLE) | (~Q(head_name="") & ~Q(premises="") & ~Q(premises_right="")),
            ),
            models.CheckConstraint(
                name="filing_reviewed_by_somebody",
                condition=Q(state__in=[State.DRAFT, State.SUBMITTED]) | Q(reviewer__isnull=False),
            ),
            models.CheckConstraint(
                name="filing_decided_with_time",
                condition=Q(state__in=DECIDED, decided_at__isnull=False) | (~Q(state__in=DECIDED) & Q(decided_at=None)),
            ),
            models.CheckConstraint(
                name="filing_approved_for_organization",
                condition=~Q(state=State.APPROVED) | Q(organization__isnull=False),
            ),
            models.CheckConstraint(
                name="filing_renewal_of_organization",
                condition=~Q(purpose=Purpose.RENEWAL) | Q(organization__isnull=False),
            ),
            models.UniqueConstraint(
                name="filing_open_once_for_organization",
                fields=["organization"],
                condition=Q(state__in=OPEN, organization__isnull=False),
                violation_error_message=_("这个组织已有一份没有办结的申请。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.get_purpose_display()}）"

    def get_absolute_url(self) -> str:
        """The filing as its writers see it."""
        return reverse("organizations:filing", args=[self.pk])

    @property
    def is_editable(self) -> bool:
        """Whether its writers may change it."""
        return self.state in EDITABLE

    @property
    def is_waiting(self) -> bool:
        """Whether an opinion on it is due."""
        return self.state in WAITING

    @property
    def is_overdue(self) -> bool:
        """Whether the day for the opinion has passed."""
        return self.is_waiting and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def days_left(self) -> int:
        """Days until the opinion is due; negative when overdue."""
        return (self.due_on - timezone.localdate()).days if self.due_on else 0

    @property
    def days_over(self) -> int:
        """Days since the opinion was due; negative before that."""
        return -self.days_left

    @cached_property
    def last_decision(self) -> "Decision | None":
        """What was decided last; None before the first decision."""
        return self.decisions.order_by("-pk").first()


class Submission(models.Model):
    """A filing as it was submitted. Never changed: the review compares one with the next."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="submissions", verbose_name=_("备案申请"))
    number = models.PositiveSmallIntegerField(_("第几次提交"))
    content = models.JSONField(_("内容"), encoder=DjangoJSONEncoder)
    at = models.DateTimeField(_("提交时间"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("提交人"))

    place_lookup: ClassVar[str] = "filing__place"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("提交记录")
        verbose_name_plural = _("提交记录")
        ordering = ["filing", "number"]
        constraints = [
            models.UniqueConstraint(name="submission_number_once", fields=["filing", "number"]),
            models.CheckConstraint(name="submission_number_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.filing} · {self.number}"


class Decision(models.Model):
    """What a reviewer decided on a submission; one submission has one decision at most."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="decisions", verbose_name=_("备案申请"))
    submission = models.OneToOneField(
        Submission, models.PROTECT, related_name="decision", verbose_name=_("所决定的提交")
    )
    outcome = models.CharField(_("决定"), max_length=10, choices=Outcome.choices)
    reasons = models.JSONField(_("各项理由"), default=dict, encoder=DjangoJSONEncoder)
    remark = models.CharField(_("说明"), max_length=500, blank=True)
    at = models.DateTimeField(_("决定时间"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("决定人"))

    place_lookup: ClassVar[str] = "filing__place"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("审核决定")
        verbose_name_plural = _("审核决定")
        ordering = ["filing", "pk"]
        constraints = [
            models.CheckConstraint(name="decision_outcome_known", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(
                name="decision_against_has_reasons",
                condition=Q(outcome=Outcome.APPROVED) | ~Q(remark="") | ~Q(reasons={}),
                violation_error_message=_("退回和不予备案都要写明理由。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing} · {self.get_outcome_display()}"


WRITTEN = (*PARTICULARS, "head_phone")
"""What a filing's writers fill in, by column."""


def due_day(submitted_on: datetime.date, opinion_days: int) -> datetime.date:
    """The last day for the opinion; the day of submission does not count (Civil Code article 201)."""
    return submitted_on + datetime.timedelta(days=opinion_days)
