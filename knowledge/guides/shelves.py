"""Pages of all kinds about one thing, kind by kind."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from knowledge.guides.models import (
    GuideIndexPage,
    GuidePage,
    KnowledgePage,
    KnowledgePageQuerySet,
    LessonIndexPage,
    LessonPage,
    QuestionIndexPage,
    QuestionPage,
    StoryIndexPage,
    StoryPage,
)

SHELVES: "tuple[tuple[type[KnowledgePage], type[Page], str | Promise, int], ...]" = (
    (GuidePage, GuideIndexPage, _("办事指南"), 12),
    (QuestionPage, QuestionIndexPage, _("法律问答"), 16),
    (StoryPage, StoryIndexPage, _("以案说法"), 6),
    (LessonPage, LessonIndexPage, _("普法课与讲座"), 6),
)
"""The kinds in the order of the page: their type, their section's type, their heading, how many are shown."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The pages of one kind, and where the rest of them is."""

    kind: str
    label: "str | Promise"
    pages: list[KnowledgePage]
    more_url: str
    """The section, narrowed to the same thing; empty when all are here."""


def shelves(narrow: Callable[[KnowledgePageQuerySet], KnowledgePageQuerySet], *, query: dict[str, str]) -> list[Shelf]:
    """The published pages that `narrow` leaves, by kind; kinds without any are left out.

    `query` is what narrows a section's own list the same way.
    """
    # What is private is looked up once for all kinds, instead of once for each by `published()`.
    private = Page.objects.all().private_q()
    sections = {page.content_type_id: page for page in _sections()}
    found = []
    for model, section_type, label, shown in SHELVES:
        pages = list(
            narrow(model.objects.live().exclude(private))
            .order_by("-last_published_at", "-pk")
            .for_listing()[: shown + 1]
        )
        if pages:
            section = sections.get(_content_type_id(section_type)) if len(pages) > shown else None
            more_url = f"{section.get_url()}?{urlencode(query)}" if section is not None else ""
            found.append(Shelf(model.kind, label, pages[:shown], more_url))
    return found


def _sections() -> list[Page]:
    return list(Page.objects.live().type(*(section_type for _model, section_type, _label, _shown in SHELVES)))


def _content_type_id(model: type[Page]) -> int:
    return ContentType.objects.get_for_model(model).pk
