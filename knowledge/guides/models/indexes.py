"""The pages that list guides, questions, stories and lessons."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from knowledge.slugs import PinyinSlugMixin

from .base import KnowledgePage, KnowledgePageQuerySet
from .lessons import LessonPage
from .pages import GuidePage, QuestionPage, StoryPage

UPCOMING_SHOWN = 6


class KnowledgeIndexPage(PinyinSlugMixin, Page):
    """A list of one kind of page, narrowed by life event, audience and topic."""

    listed_model: ClassVar[type[KnowledgePage]]
    searchable = False

    intro = models.TextField(_("导语"), max_length=300, blank=True, help_text=_("一两句话，显示在标题下面"))

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    class Meta:
        abstract = True

    def listed(self) -> KnowledgePageQuerySet:
        """The pages that this index lists."""
        return self.listed_model.objects.child_of(self).published()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from knowledge.guides.listing import PageListing

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        pages = self.listed()
        return context | {
            "pages": pages,
            "listing": PageListing(pages, request.GET),
            "breadcrumbs": [(self.title, "")],
        }


class GuideIndexPage(KnowledgeIndexPage):
    """All guides."""

    listed_model = GuidePage
    parent_page_types = ["home.HomePage"]
    subpage_types = ["guides.GuidePage"]
    max_count = 1
    template = "guides/index_page.html"

    class Meta:
        verbose_name = _("办事指南栏目")


class QuestionIndexPage(KnowledgeIndexPage):
    """All questions."""

    listed_model = QuestionPage
    parent_page_types = ["home.HomePage"]
    subpage_types = ["guides.QuestionPage"]
    max_count = 1
    template = "guides/index_page.html"

    class Meta:
        verbose_name = _("问答栏目")


class StoryIndexPage(KnowledgeIndexPage):
    """All stories."""

    listed_model = StoryPage
    parent_page_types = ["home.HomePage"]
    subpage_types = ["guides.StoryPage"]
    max_count = 1
    template = "guides/index_page.html"

    class Meta:
        verbose_name = _("以案说法栏目")


class LessonIndexPage(KnowledgeIndexPage):
    """All lessons, and before them the lectures that are still to come."""

    listed_model = LessonPage
    parent_page_types = ["home.HomePage"]
    subpage_types = ["guides.LessonPage"]
    max_count = 1
    template = "guides/lesson_index_page.html"

    class Meta:
        verbose_name = _("普法课与讲座栏目")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from knowledge.guides.listing import PageListing

        context = super().get_context(request, *args, **kwargs)
        if context["listing"].selected:
            return context
        # The lectures to come stand above the list and are left out of it; a narrowed list holds everything.
        upcoming = list(context["pages"].upcoming().for_listing()[:UPCOMING_SHOWN])
        others = context["pages"].exclude(pk__in=[lesson.pk for lesson in upcoming])
        return context | {"listing": PageListing(others, request.GET), "upcoming": upcoming}
