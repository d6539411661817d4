"""What guides, questions, stories and lessons have in common."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, NaturalKeyManager, TagBase
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from knowledge.blocks import cited
from knowledge.guides.blocks import SourcesBlock
from knowledge.guides.choices import Audience, LifeEvent
from knowledge.guides.fields import ChoiceSetField
from knowledge.guides.panels import HealthPanel
from knowledge.guides.topics import TopicNameField
from knowledge.slugs import PinyinSlugMixin, pinyin_slug


class TopicQuerySet(models.QuerySet["Topic"]):
    """Named questions to topics."""

    def counted(self) -> Self:
        """Topics that published pages are filed under, with their number as `pages`; the largest first."""
        published = KnowledgePage.objects.published()
        return self._under(published)

    def of_life_event(self, event: LifeEvent | str) -> Self:
        """The topics of a life event's published pages, the most frequent there first."""
        published = KnowledgePage.objects.published().in_life_event(event)
        return self._under(published)

    def _under(self, pages: "KnowledgePageQuerySet") -> Self:
        rows = self.filter(links__content_object__in=pages.order_by().values("pk"))
        return rows.annotate(pages=models.Count("links")).order_by("-pages", "slug")


class TopicManager(NaturalKeyManager.from_queryset(TopicQuerySet)):  # type: ignore[misc]
    """taggit's manager with our questions."""


class Topic(TagBase):
    """What a page is about, in a word or two: 离婚, 欠薪. Editors make new ones by typing them."""

    free_tagging = True

    name = TopicNameField(_("名称"), unique=True, max_length=100)

    objects = TopicManager()

    class Meta:
        verbose_name = _("主题")
        verbose_name_plural = _("主题")
        ordering = ["name"]

    def slugify(self, tag: str, i: int | None = None) -> str:
        slug = pinyin_slug(tag, separator="", max_length=80)
        return slug if i is None else f"{slug}-{i + 1}"

    def get_absolute_url(self) -> str:
        """The page that lists everything about this topic."""
        return reverse("guides:topic", args=[self.slug])


class TopicLink(ItemBase):
    """A page's topic."""

    tag = models.ForeignKey(Topic, related_name="links", on_delete=models.CASCADE)
    content_object = ParentalKey("guides.KnowledgePage", related_name="topic_links", on_delete=models.CASCADE)

    class Meta:
        verbose_name = _("页面的主题")
        verbose_name_plural = _("页面的主题")
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="guides_topiclink_once"),
        ]


class KnowledgePageQuerySet(PageQuerySet):
    """Named questions to all kinds of pages at once."""

    def published(self) -> "KnowledgePageQuerySet":
        """Live pages that anybody may read."""
        return self.live().public()

    def about(self, topic: Topic) -> "KnowledgePageQuerySet":
        """Pages filed under a topic."""
        return self.filter(topic_links__tag=topic)

    def in_life_event(self, event: LifeEvent | str) -> "KnowledgePageQuerySet":
        """Pages of one life event."""
        return self.filter(life_event=event)

    def written_for(self, audience: Audience | str) -> "KnowledgePageQuerySet":
        """Pages written for these people in particular."""
        return self.filter(audience__has=audience)

    def past_review(self, today: date | None = None) -> "KnowledgePageQuerySet":
        """Pages whose next review is due, on the given day (today)."""
        return self.filter(review_again_on__lte=today or timezone.localdate())

    def never_reviewed(self) -> "KnowledgePageQuerySet":
        """Pages that nobody has reviewed."""
        return self.filter(reviewed_on=None)

    def for_listing(self) -> "KnowledgePageQuerySet":
        """With what a card in a list shows, in a fixed number of queries."""
        topic_links = TopicLink.objects.select_related("tag")
        return self.select_related("content_type").prefetch_related(models.Prefetch("topic_links", topic_links))


class KnowledgePage(PinyinSlugMixin, Page):
    """A page of law education: the part that lists, the search, the report and the related pages look at.

    It has a table of its own, so that one query reaches all four kinds. It is never created as such.
    """

    is_creatable = False
    kind: ClassVar[str] = ""
    """The kind's name in search and templates: guide, question, story, lesson."""

    life_event = models.CharField(
        _("生活事件"), max_length=20, choices=LifeEvent.choices, db_index=True, help_text=_("居民会从哪一件事找过来")
    )
    audience = ChoiceSetField(
        _("写给谁"), max_length=120, choices=Audience.choices, default=["everyone"], help_text=_("可以选几项")
    )
    summary = models.TextField(
        _("简短回答"),
        max_length=300,
        help_text=_("一百四十字以内，直接说答案；搜索结果和列表里显示的就是这一段"),
    )
    also_asked = models.TextField(
        _("居民还会这样问"), blank=True, help_text=_("一行一句，用居民自己的话；搜索会用到，页面上不显示")
    )
    topics = ClusterTaggableManager(
        through=TopicLink,
        blank=True,
        verbose_name=_("主题"),
        help_text=_("一到四个短词，用顿号或逗号分开，如：离婚、彩礼"),
    )
    sources = StreamField(
        SourcesBlock(), blank=True, verbose_name=_("法律依据"), help_text=_("这一页的每句话都要有依据")
    )
    reviewed_on = models.DateField(_("审核日期"), null=True, blank=True)
    reviewed_by = models.CharField(_("审核单位"), max_length=60, blank=True, help_text=_("页面上显示，如：乡镇司法所"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("审核人"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("只在后台显示"),
    )
    review_again_on = models.DateField(
        _("下次复核日期"), null=True, blank=True, help_text=_("留空则为审核日期一年后；到期后会列入内容体检报告")
    )

    objects = PageManager.from_queryset(KnowledgePageQuerySet)()

    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("also_asked"),
        index.FilterField("life_event"),
    ]

    answer_panels: ClassVar[list[Panel]] = [FieldPanel("summary"), FieldPanel("also_asked")]
    filing_panels: ClassVar[list[Panel]] = [
        MultiFieldPanel(
            [FieldPanel("life_event"), FieldPanel("audience"), FieldPanel("topics")], heading=_("归到哪里")
        ),
        MultiFieldPanel(
            [
                FieldPanel("reviewed_on"),
                FieldPanel("reviewed_by"),
                FieldPanel("reviewer"),
                FieldPanel("review_again_on"),
            ],
            heading=_("审核"),
        ),
    ]
    health_panels: ClassVar[list[Panel]] = [HealthPanel(heading=_("内容提醒"))]

    class Meta:
        verbose_name = _("普法页面")
        verbose_name_plural = _("普法页面")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(review_again_on=None)
                | models.Q(reviewed_on=None)
                | models.Q(review_again_on__gt=models.F("reviewed_on")),
                name="guides_review_again_after_review",
            ),
        ]
        indexes = [models.Index(fields=["review_again_on"], name="guides_review_again")]

    def clean(self) -> None:
        super().clean()
        if self.reviewed_on and not self.review_again_on:
            self.review_again_on = a_year_after(self.reviewed_on)
        if self.reviewed_on and self.review_again_on and self.review_again_on <= self.reviewed_on:
            raise ValidationError({"review_again_on": _("下次复核日期要晚于审核日期；不确定就留空。")})
        if self.reviewed_on and self.reviewed_on > timezone.localdate():
            raise ValidationError({"reviewed_on": _("审核日期不能晚于今天。")})

    @property
    def also_asked_phrases(self) -> list[str]:
        """The other ways that residents put the question."""
        return lines(self.also_asked)

    @property
    def life_event_choice(self) -> LifeEvent | None:
        """The life event with its description and icon; None for a draft without one."""
        return LifeEvent(self.life_event) if self.life_event in LifeEvent else None

    @property
    def kind_label(self) -> "str | Promise":
        """The kind as readers know it, for a page of any kind, without a query."""
        return self.cached_content_type.model_class()._meta.verbose_name

    @property
    def is_past_review(self) -> bool:
        """Whether the next review is due."""
        return self.review_again_on is not None and self.review_again_on <= timezone.localdate()

    @property
    def topic_list(self) -> list[Topic]:
        """The topics, in the order they were given; no query when the page came from `for_listing()`, else one."""
        if "topic_links" in getattr(self, "_prefetched_objects_cache", {}):
            return [link.tag for link in self.topic_links.all()]
        return list(self.topics.all())

    def streams(self) -> Iterable[Any]:
        """The StreamFields of this kind of page, in the order in which they are read."""
        return [self.sources]

    def rich_texts(self) -> Iterable[str]:
        """The HTML that editors wrote outside of StreamFields."""
        return []

    def plain_texts(self) -> Iterable[str]:
        """What is searched, as plain text without markup, in the order in which it is read."""
        return [self.summary]

    def reasons(self) -> Iterable[str]:
        """What the sources are cited for. Read from what is stored, without fetching an article."""
        return [why for _pk, why in cited(self.sources) if why]

    def cited_articles(self) -> dict[int, str]:
        """The primary keys of the articles cited anywhere on the page, with what each is cited for; in order."""
        found: dict[int, str] = {}
        for stream in self.streams():
            for pk, why in cited(stream):
                found[pk] = found.get(pk) or why
        return found

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from knowledge.guides.related import related_pages

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        parent = self.get_parent()
        trail = [(parent.title, parent.get_url(request))] if parent is not None else []
        topics = self.topic_list
        return context | {
            "topics": topics,
            "related": related_pages(self, topics),
            "breadcrumbs": [*trail, (self.title, "")],
        }


def lines(text: str) -> list[str]:
    """The lines of a text, trimmed, without the empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def a_year_after(day: date) -> date:
    """The same day next year; the 28th for a 29th of February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
