"""Village covenants, as pages: what a village agreed on, clause by clause."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from knowledge.blocks import CitedArticleBlock
from knowledge.laws.numerals import format_label, format_number
from knowledge.slugs import PinyinSlugMixin


class ClauseBlock(blocks.StructBlock):
    """One clause. Its number is counted, never typed."""

    text = blocks.TextBlock(label=_("条文"), rows=2, help_text=_("不用写第几条，页面自动编号"))
    cites = blocks.ListBlock(CitedArticleBlock(), label=_("法律依据"), default=[], required=False)

    class Meta:
        icon = "pilcrow"
        label = _("条")


class ChapterBlock(blocks.StructBlock):
    """A chapter with its clauses."""

    title = blocks.CharBlock(label=_("章名"), max_length=40)
    clauses = blocks.ListBlock(ClauseBlock(), label=_("条文"), min_num=1)

    class Meta:
        icon = "list-ol"
        label = _("章")


class ChaptersBlock(blocks.StreamBlock):
    """The chapters of a covenant."""

    chapter = ChapterBlock()


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with its number, for rendering."""

    number: int
    text: str
    cites: list[Any]

    @property
    def label(self) -> str:
        """第一条, 第二条 …"""
        return format_label(self.number)

    @property
    def anchor(self) -> str:
        """The clause's anchor in the page's address."""
        return f"tiao-{self.number}"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter with its number, for rendering."""

    number: int
    title: str
    clauses: list[Clause] = field(default_factory=list)

    @property
    def label(self) -> str:
        """第一章, 第二章 …"""
        return f"第{format_number(self.number)}章"

    @property
    def anchor(self) -> str:
        """The chapter's anchor in the page's address."""
        return f"zhang-{self.number}"


class CovenantIndexPage(PinyinSlugMixin, Page):
    """All covenants of the township."""

    searchable = False
    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["covenants.CovenantPage"]
    template = "covenants/index_page.html"

    intro = models.TextField(_("导语"), max_length=300, blank=True, help_text=_("一两句话，显示在标题下面"))

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("村规民约栏目")

    def listed(self) -> "models.QuerySet[CovenantPage]":
        """The published covenants, village by village, the newest first."""
        covenants = CovenantPage.objects.child_of(self).live().public()
        return covenants.order_by("village", F("adopted_on").desc(nulls_last=True))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"covenants": list(self.listed()), "breadcrumbs": [(self.title, "")]}


class CovenantPage(PinyinSlugMixin, Page):
    """What one village agreed on, and how it came to be agreed."""

    parent_page_types = ["covenants.CovenantIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "covenants/covenant_page.html"
    page_description = _("一个村或社区的村规民约")

    village = models.CharField(_("村、社区"), max_length=60, db_index=True, help_text=_("如：清溪镇 柳河村"))
    adopted_on = models.DateField(_("通过日期"), null=True, blank=True, help_text=_("村民会议表决通过的那一天"))
    summary = models.TextField(_("一句话介绍"), max_length=200)
    preamble = models.TextField(_("前言"), blank=True)
    chapters = StreamField(ChaptersBlock(), verbose_name=_("条文"), help_text=_("章、条自动编号，条号全文连续"))
    procedure = models.TextField(
        _("怎么定下来的"), blank=True, help_text=_("谁提的、几轮讨论、多少人到会、多少人赞成、报谁备案")
    )

    search_fields = [*Page.search_fields, index.SearchField("village"), index.SearchField("summary")]

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("village"), FieldPanel("adopted_on")], heading=_("哪个村、哪天通过")),
        FieldPanel("summary"),
        FieldPanel("preamble"),
        FieldPanel("chapters"),
        FieldPanel("procedure"),
    ]

    class Meta:
        verbose_name = _("村规民约")
        verbose_name_plural = _("村规民约")

    def clean(self) -> None:
        super().clean()
        if self.adopted_on and self.adopted_on > timezone.localdate():
            raise ValidationError({"adopted_on": _("通过日期不能晚于今天。")})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        parent = self.get_parent()
        trail = [(parent.title, parent.get_url(request))] if parent is not None else []
        return context | {"breadcrumbs": [*trail, (self.title, "")]}

    @property
    def numbered_chapters(self) -> list[Chapter]:
        """The chapters and clauses with their numbers; clauses are numbered through the whole covenant."""
        return list(self._number())

    @property
    def clause_count(self) -> int:
        """How many clauses there are."""
        return sum(len(item["value"].get("clauses") or []) for item in self.chapters.raw_data)

    def _number(self) -> Iterator[Chapter]:
        clause_number = 0
        for chapter_number, chapter in enumerate(self.chapters, start=1):
            numbered = Chapter(chapter_number, chapter.value["title"])
            for clause in chapter.value["clauses"]:
                clause_number += 1
                numbered.clauses.append(Clause(clause_number, clause["text"], list(clause["cites"])))
            yield numbered
