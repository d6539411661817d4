"""Lessons to read, and live lectures with a time and a place."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager

from knowledge.guides.blocks import BodyBlock, MaterialsBlock
from knowledge.guides.calendars import calendar_event
from knowledge.slugs import PinyinSlugForm

from .base import KnowledgePage, KnowledgePageQuerySet, lines
from .pages import stream_texts

DEFAULT_MINUTES = 60


class LessonQuerySet(KnowledgePageQuerySet):
    """Named questions to lessons."""

    def lectures(self) -> "LessonQuerySet":
        """Live lectures that have a time."""
        return self.filter(lesson_kind=LessonPage.Kind.LIVE, starts_at__isnull=False)

    def upcoming(self, now: datetime | None = None) -> "LessonQuerySet":
        """Lectures that have not ended yet, the next one first."""
        now = now or timezone.now()
        return self.lectures().filter(ends_at__gt=now).order_by("starts_at")

    def held(self, now: datetime | None = None) -> "LessonQuerySet":
        """Lectures that are over, the last one first."""
        return self.lectures().filter(ends_at__lte=now or timezone.now()).order_by("-starts_at")


class LessonForm(PinyinSlugForm):
    """A lesson's form. A lecture may be drafted before its time is known, but not published."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.is_deferred_validation and cleaned.get("lesson_kind") == LessonPage.Kind.LIVE:
            if not cleaned.get("starts_at"):
                self.add_error("starts_at", ValidationError(_("直播讲座要有开始时间才能发布。")))
            if not cleaned.get("place") and not cleaned.get("link"):
                self.add_error("place", ValidationError(_("写上地点，或者填写收看网址。")))
        return cleaned


class LessonPage(RoutablePageMixin, KnowledgePage):
    """A lesson to read or watch, or a live lecture."""

    class Kind(models.TextChoices):
        LESSON = "lesson", _("普法课")
        LIVE = "live", _("直播讲座")

    class State(models.TextChoices):
        UPCOMING = "upcoming", _("即将开始")
        NOW = "now", _("正在进行")
        HELD = "held", _("已结束")

    kind = "lesson"
    base_form_class = LessonForm
    parent_page_types = ["guides.LessonIndexPage"]
    subpage_types: list[str] = []
    page_description = _("普法课，或者定了时间地点的直播讲座")

    lesson_kind = models.CharField(_("形式"), max_length=10, choices=Kind.choices, default=Kind.LESSON)
    lecturer = models.CharField(_("主讲人"), max_length=60, blank=True)
    lecturer_title = models.CharField(_("主讲人身份"), max_length=80, blank=True, help_text=_("如：县法院民庭法官"))
    place = models.CharField(_("地点"), max_length=120, blank=True)
    link = models.URLField(_("收看网址"), blank=True)
    starts_at = models.DateTimeField(_("开始时间"), null=True, blank=True, db_index=True)
    duration_minutes = models.PositiveSmallIntegerField(
        _("时长（分钟）"), default=DEFAULT_MINUTES, validators=[MinValueValidator(5), MaxValueValidator(24 * 60)]
    )
    ends_at = models.DateTimeField(_("结束时间"), null=True, blank=True, editable=False, db_index=True)
    outline = models.TextField(_("讲些什么"), blank=True, help_text=_("一行一点"))
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("正文"))
    materials = StreamField(MaterialsBlock(), blank=True, verbose_name=_("讲义和资料"))
    recording = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("回放文件"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("MP4 或 MP3，上传到文件库"),
    )
    recording_link = models.URLField(_("回放网址"), blank=True, help_text=_("回放在别的网站时填写"))

    objects = PageManager.from_queryset(LessonQuerySet)()

    content_panels = [
        *KnowledgePage.health_panels,
        *Page.content_panels,
        FieldPanel("summary", heading=_("一段话介绍")),
        FieldPanel("lesson_kind"),
        MultiFieldPanel(
            [
                FieldPanel("starts_at"),
                FieldPanel("duration_minutes"),
                FieldPanel("place"),
                FieldPanel("link"),
                FieldPanel("lecturer"),
                FieldPanel("lecturer_title"),
            ],
            heading=_("时间、地点、主讲人"),
        ),
        FieldPanel("outline"),
        FieldPanel("body"),
        FieldPanel("materials"),
        MultiFieldPanel([FieldPanel("recording"), FieldPanel("recording_link")], heading=_("回放")),
        FieldPanel("sources"),
        *KnowledgePage.filing_panels,
    ]

    class Meta:
        verbose_name = _("普法课与讲座")
        verbose_name_plural = _("普法课与讲座")
        constraints = [
            models.CheckConstraint(condition=models.Q(duration_minutes__gt=0), name="guides_lesson_has_duration"),
            models.CheckConstraint(
                condition=models.Q(starts_at=None, ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="guides_lesson_ends_after_start",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> Any:
        self.ends_at = self.starts_at and self.starts_at + timedelta(minutes=self.duration_minutes)
        return super().save(*args, **kwargs)

    @property
    def is_lecture(self) -> bool:
        """Whether it takes place at a time, rather than being there to read."""
        return self.lesson_kind == self.Kind.LIVE and self.starts_at is not None

    @property
    def ending(self) -> datetime | None:
        """When the lecture ends; also right in a preview, where nothing was saved."""
        return self.starts_at and self.starts_at + timedelta(minutes=self.duration_minutes)

    def state_at(self, now: datetime) -> "LessonPage.State | None":
        """Whether the lecture is still to come, going on or over at a moment; None for a lesson to read."""
        if not self.is_lecture or self.starts_at is None or self.ending is None:
            return None
        if now < self.starts_at:
            return self.State.UPCOMING
        return self.State.NOW if now < self.ending else self.State.HELD

    @property
    def state(self) -> "LessonPage.State | None":
        """The state now."""
        return self.state_at(timezone.now())

    @property
    def calendar_url(self) -> str:
        """The address of the calendar file; empty for a page that has none of its own yet."""
        url = self.get_url()
        return url + self.reverse_subpage("calendar") if url else ""

    @property
    def outline_list(self) -> list[str]:
        """The outline, line by line."""
        return lines(self.outline)

    def seconds_to_change(self, now: datetime) -> int | None:
        """How long what the page says about the lecture's state stays true; None: for ever."""
        moments = [moment for moment in (self.starts_at, self.ending) if self.is_lecture and moment and moment > now]
        return max(1, int((min(moments) - now).total_seconds())) if moments else None

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().serve(request, *args, **kwargs)
        seconds = self.seconds_to_change(timezone.now())
        if seconds is not None and seconds < 24 * 3600:
            # No cache may keep "to come" beyond the beginning.
            patch_cache_control(response, max_age=seconds)
        return response

    @path("calendar/", name="calendar")
    def calendar(self, request: HttpRequest) -> HttpResponse:
        """The lecture as a calendar file; 404 for a lesson without a time."""
        return calendar_event(self, request)

    def streams(self) -> Iterable[Any]:
        return [self.sources, self.body, self.materials]

    def plain_texts(self) -> Iterable[str]:
        return [
            self.summary,
            *self.outline_list,
            *stream_texts(self.body),
            " ".join(filter(None, [self.lecturer, self.lecturer_title, self.place])),
            *self.reasons(),
        ]
