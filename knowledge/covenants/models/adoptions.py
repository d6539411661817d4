"""How a covenant came to be: the texts that were put to the vote, the steps, the vote itself."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.files import path_by_day, private_storage
from accounts.scoping import ScopedQuerySet

from ..votes import Assembly, Vote, passing
from .clauses import Chapter, thaw
from .pages import CovenantPage

_User = settings.AUTH_USER_MODEL


class CovenantText(models.Model):
    """A covenant word by word as it was drafted, reviewed and voted on. Only ever added to."""

    covenant = models.ForeignKey(CovenantPage, models.PROTECT, related_name="texts", verbose_name=_("村规民约"))
    number = models.PositiveSmallIntegerField(_("稿次"))
    title = models.CharField(_("标题"), max_length=255)
    preamble = models.TextField(_("前言"), blank=True)
    chapters = models.JSONField(_("条文"))
    digest = models.CharField(max_length=64)
    """Of title, preamble and chapters: what changed since."""
    made_at = models.DateTimeField(_("定稿时间"), default=timezone.now)

    place_lookup = "covenant__place"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("村规民约文本")
        verbose_name_plural = _("村规民约文本")
        ordering = ["covenant", "-number"]
        constraints = [models.UniqueConstraint(name="covenants_text_number", fields=["covenant", "number"])]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"

    @cached_property
    def numbered_chapters(self) -> list[Chapter]:
        """For rendering, as on the covenant's page."""
        return list(thaw(self.chapters))

    @property
    def clause_count(self) -> int:
        """How many clauses there are."""
        return sum(len(chapter["clauses"]) for chapter in self.chapters)


def digest_of(title: str, preamble: str, chapters: list[dict[str, Any]]) -> str:
    """The hash by which two texts are the same; ids of clauses do not count, their words and articles do."""
    words = [[chapter["title"], [_words(clause) for clause in chapter["clauses"]]] for chapter in chapters]
    return hashlib.sha256(json.dumps([title, preamble, words], ensure_ascii=False).encode()).hexdigest()


def _words(clause: dict[str, Any]) -> list[Any]:
    return [clause["text"], [cite["citation"] for cite in clause["cites"]]]


class AdoptionQuerySet(ScopedQuerySet):
    """Adoptions, by how far they have come."""

    def under_way(self) -> Self:
        """Those that have not ended."""
        return self.filter(state__in=Adoption.UNDER_WAY)

    def published(self) -> Self:
        """Those whose text was or is in force, the newest first."""
        return self.filter(state__in=[Adoption.State.IN_FORCE, Adoption.State.SUPERSEDED]).order_by(
            "-published_on", "-pk"
        )


class Adoption(models.Model):
    """Making or revising a covenant once, from the first opinions to the day on which it is in force.

    The database refuses any state beyond the vote to figures that do not pass it (村民委员会组织法 articles 21, 22).
    """

    class State(models.TextChoices):
        OPINIONS = "opinions", _("征求意见")
        DRAFTED = "drafted", _("草案已定")
        UNDER_REVIEW = "under_review", _("乡镇审核中")
        RETURNED = "returned", _("乡镇退回修改")
        REVIEWED = "reviewed", _("乡镇审核通过")
        PASSED = "passed", _("表决通过")
        REJECTED = "rejected", _("表决未通过")
        FILED = "filed", _("已备案")
        IN_FORCE = "in_force", _("现行有效")
        SUPERSEDED = "superseded", _("已被新版取代")

    UNDER_WAY = [
        State.OPINIONS, State.DRAFTED, State.UNDER_REVIEW, State.RETURNED, State.REVIEWED, State.PASSED, State.FILED
    ]  # fmt: skip
    VOTED = [State.PASSED, State.FILED, State.IN_FORCE, State.SUPERSEDED]
    FILED_ON = [State.FILED, State.IN_FORCE, State.SUPERSEDED]

    covenant = models.ForeignKey(CovenantPage, models.PROTECT, related_name="adoptions", verbose_name=_("村规民约"))
    number = models.PositiveSmallIntegerField(_("第几次"))
    state = models.CharField(_("进度"), max_length=12, choices=State.choices, default=State.OPINIONS)
    text = models.ForeignKey(
        CovenantText, models.PROTECT, null=True, blank=True, related_name="adoptions", verbose_name=_("文本")
    )
    assembly = models.CharField(_("会议形式"), max_length=12, choices=Assembly.choices, blank=True)
    notice_days = models.PositiveSmallIntegerField(_("提前几天通知"), null=True, blank=True)
    voted_on = models.DateField(_("表决日期"), null=True, blank=True)
    eligible = models.PositiveIntegerField(_("应到（人或户）"), null=True, blank=True)
    present = models.PositiveIntegerField(_("到会"), null=True, blank=True)
    in_favour = models.PositiveIntegerField(_("赞成"), null=True, blank=True)
    against = models.PositiveIntegerField(_("反对"), null=True, blank=True)
    filed_on = models.DateField(_("备案日期"), null=True, blank=True)
    filing_number = models.CharField(_("备案号"), max_length=60, blank=True)
    published_on = models.DateField(_("公布日期"), null=True, blank=True)

    place_lookup = "covenant__place"
    objects = AdoptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("制定程序")
        verbose_name_plural = _("制定程序")
        ordering = ["-pk"]
        permissions = [("review_adoption", "Can review and file for the township")]
        constraints = [
            models.UniqueConstraint(name="covenants_adoption_number", fields=["covenant", "number"]),
            models.UniqueConstraint(name="covenants_one_in_force", fields=["covenant"], condition=Q(state="in_force")),
            models.UniqueConstraint(
                name="covenants_one_under_way",
                fields=["covenant"],
                condition=Q(
                    state__in=["opinions", "drafted", "under_review", "returned", "reviewed", "passed", "filed"]
                ),
                violation_error_message=_("这份村规民约正在修订，先办完这一次。"),
            ),
            models.CheckConstraint(
                name="covenants_vote_whole",
                condition=Q(voted_on=None, notice_days=None, eligible=None, present=None, in_favour=None, against=None)
                | Q(
                    voted_on__isnull=False,
                    notice_days__isnull=False,
                    assembly__in=Assembly.values,
                    present__lte=F("eligible"),
                    in_favour__lte=F("present") - F("against"),
                ),
                violation_error_message=_("到会不能多于应到，赞成和反对加起来不能多于到会。"),
            ),
            models.CheckConstraint(
                name="covenants_voted_means_passed",
                condition=~Q(state__in=["passed", "filed", "in_force", "superseded"])
                | Q(text__isnull=False, voted_on__isnull=False) & passing(),
                violation_error_message=_("表决没有达到法律规定的人数。"),
            ),
            models.CheckConstraint(
                name="covenants_filed_after_the_vote",
                condition=~Q(state__in=["filed", "in_force", "superseded"]) | Q(filed_on__gte=F("voted_on")),
                violation_error_message=_("先表决通过，再报备案。"),
            ),
            models.CheckConstraint(
                name="covenants_in_force_after_the_vote",
                condition=~Q(state__in=["in_force", "superseded"]) | Q(published_on__gte=F("voted_on")),
                violation_error_message=_("公布日期不能早于表决日期。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.covenant.title} · {self.get_state_display()}"

    @property
    def vote(self) -> Vote | None:
        """The figures of the vote, once it was held."""
        if self.voted_on is None:
            return None
        return Vote(self.assembly, self.notice_days or 0, self.eligible or 0, self.present or 0, self.in_favour or 0)

    @property
    def notice_on(self) -> date | None:
        """The day on which the assembly was announced."""
        return self.voted_on - timedelta(days=self.notice_days or 0) if self.voted_on else None


class Step(models.Model):
    """One step of an adoption: what was done, when, and who entered it. Only ever added to."""

    class Kind(models.TextChoices):
        OPINIONS = "opinions", _("征求意见")
        DRAFT = "draft", _("起草定稿")
        SUBMITTED = "submitted", _("报乡镇审核")
        RETURNED = "returned", _("乡镇退回")
        REVIEWED = "reviewed", _("乡镇审核通过")
        VOTE = "vote", _("会议表决")
        FILING = "filing", _("报乡镇备案")
        PUBLICATION = "publication", _("公布施行")

    adoption = models.ForeignKey(Adoption, models.PROTECT, related_name="steps", verbose_name=_("制定程序"))
    kind = models.CharField(_("步骤"), max_length=12, choices=Kind.choices)
    on = models.DateField(_("日期"))
    note = models.TextField(_("情况"), max_length=1000, blank=True)
    entered_by = models.ForeignKey(_User, models.PROTECT, null=True, related_name="+", verbose_name=_("录入人"))
    entered_at = models.DateTimeField(_("录入时间"), default=timezone.now)

    place_lookup = "adoption__covenant__place"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("步骤")
        verbose_name_plural = _("步骤")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%Y-%m-%d}"


class Paper(models.Model):
    """A paper of a step: minutes, the list of those present, photographs. For officials, since names stand on it."""

    step = models.ForeignKey(Step, models.PROTECT, related_name="papers", verbose_name=_("步骤"))
    name = models.CharField(_("名称"), max_length=120)
    file = models.FileField(_("文件"), storage=private_storage, upload_to=path_by_day)

    place_lookup = "step__adoption__covenant__place"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("材料")
        verbose_name_plural = _("材料")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
