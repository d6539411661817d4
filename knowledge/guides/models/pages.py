"""Guides, questions with their answers, and stories."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing

from knowledge.blocks import RICH_TEXT_FEATURES
from knowledge.guides.blocks import BodyBlock, HelpersBlock, StepsBlock

from .base import KnowledgePage, lines


def stream_texts(*streams: Any) -> list[str]:
    """The plain text of StreamFields, for the index."""
    return [str(text) for stream in streams if stream for text in stream.stream_block.get_searchable_content(stream)]


class GuidePage(KnowledgePage):
    """How to get something done, step by step."""

    kind = "guide"
    parent_page_types = ["guides.GuideIndexPage"]
    subpage_types: list[str] = []
    page_description = _("教居民把一件事办成：怎么办、带什么、多少钱、找谁")

    steps = StreamField(StepsBlock(), blank=True, verbose_name=_("怎么办"), help_text=_("三到七步"))
    bring = models.TextField(_("要带什么"), blank=True, help_text=_("一行一样；不用带东西就留空"))
    cost = models.CharField(_("要花多少钱"), max_length=160, blank=True)
    time = models.CharField(_("要多久"), max_length=160, blank=True)
    warnings = models.TextField(_("特别注意"), blank=True, help_text=_("一行一条，最多三条"))
    who_helps = StreamField(HelpersBlock(), blank=True, verbose_name=_("找谁帮忙"))
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("补充内容"), help_text=_("步骤里写不下的，放在这里"))

    content_panels = [
        *KnowledgePage.health_panels,
        *Page.content_panels,
        *KnowledgePage.answer_panels,
        FieldPanel("steps"),
        MultiFieldPanel([FieldPanel("bring"), FieldPanel("cost"), FieldPanel("time")], heading=_("准备")),
        FieldPanel("warnings"),
        FieldPanel("who_helps"),
        FieldPanel("sources"),
        FieldPanel("body"),
        *KnowledgePage.filing_panels,
    ]

    class Meta:
        verbose_name = _("办事指南")
        verbose_name_plural = _("办事指南")

    @property
    def bring_list(self) -> list[str]:
        """What to bring, thing by thing."""
        return lines(self.bring)

    @property
    def warning_list(self) -> list[str]:
        """The warnings, one by one."""
        return lines(self.warnings)

    def streams(self) -> Iterable[Any]:
        return [self.sources, self.steps, self.body]

    def plain_texts(self) -> Iterable[str]:
        return [
            self.summary,
            *stream_texts(self.steps),
            *self.warning_list,
            "、".join(self.bring_list),
            self.cost,
            self.time,
            *stream_texts(self.who_helps, self.body),
            *self.reasons(),
        ]


class QuestionPage(KnowledgePage):
    """A question as a resident asks it, and its answer."""

    kind = "question"
    parent_page_types = ["guides.QuestionIndexPage"]
    subpage_types: list[str] = []
    page_description = _("居民常问的一句话，和它的回答")

    body = StreamField(BodyBlock(), blank=True, verbose_name=_("详细回答"))
    guide = models.ForeignKey(
        GuidePage,
        verbose_name=_("相关指南"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="questions",
        help_text=_("读者接下来要办的事"),
    )

    content_panels = [
        *KnowledgePage.health_panels,
        FieldPanel("title", heading=_("问题"), help_text=_("居民怎么问就怎么写，带问号")),
        *KnowledgePage.answer_panels,
        FieldPanel("body"),
        FieldPanel("guide"),
        FieldPanel("sources"),
        *KnowledgePage.filing_panels,
    ]

    class Meta:
        verbose_name = _("问答")
        verbose_name_plural = _("问答")

    def streams(self) -> Iterable[Any]:
        return [self.sources, self.body]

    def plain_texts(self) -> Iterable[str]:
        return [self.summary, *stream_texts(self.body), *self.reasons()]


class StoryPage(KnowledgePage):
    """以案说法: what happened to somebody, how it ended, what it teaches. The people in it are invented or unnamed."""

    kind = "story"
    parent_page_types = ["guides.StoryIndexPage"]
    subpage_types: list[str] = []
    page_description = _("一个案例：发生了什么、结果怎样、说明什么")

    what_happened = RichTextField(
        _("发生了什么"), features=RICH_TEXT_FEATURES, help_text=_("当事人用化名，如王某、李某")
    )
    outcome = RichTextField(_("结果怎样"), features=RICH_TEXT_FEATURES)
    lesson = RichTextField(_("这个案例说明什么"), features=RICH_TEXT_FEATURES, help_text=_("法官或者调解员怎么看"))

    content_panels = [
        *KnowledgePage.health_panels,
        *Page.content_panels,
        FieldPanel("summary", heading=_("一句话说这个案例")),
        FieldPanel("what_happened"),
        FieldPanel("outcome"),
        FieldPanel("lesson"),
        FieldPanel("sources"),
        *KnowledgePage.filing_panels,
    ]

    class Meta:
        verbose_name = _("以案说法")
        verbose_name_plural = _("以案说法")

    def rich_texts(self) -> Iterable[str]:
        return [self.what_happened, self.outcome, self.lesson]

    def plain_texts(self) -> Iterable[str]:
        return [self.summary, *(get_text_for_indexing(text) for text in self.rich_texts()), *self.reasons()]
