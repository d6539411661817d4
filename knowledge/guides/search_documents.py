"""Guides, questions, stories and lessons as the search sees them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from knowledge.guides.choices import LifeEvent
from knowledge.guides.models import GuideCitation, GuidePage, KnowledgePage, LessonPage, QuestionPage, StoryPage
from knowledge.laws.search_documents import ArticleSource
from search.documents import Document, Facet, register, register_facet
from search.pages import PageSource

CITED_IN_RESULTS = 3
"""How many of the articles that a page rests on its search result names."""


class KnowledgeSource(PageSource):
    """A kind of page that answers residents."""

    model: type[KnowledgePage]
    prior = 1.0
    cites = True

    def __init__(
        self, model: type[KnowledgePage], label: "str | Promise", *, order: int, prior: float, answers: bool = False
    ) -> None:
        self.name = model.kind
        self.label = label
        self.model = model
        self.order = order
        self.prior = prior
        self.answers = answers

    def queryset(self) -> "QuerySet[Any]":
        """The published pages with their topics."""
        return super().queryset().prefetch_related("topic_links__tag")

    def document(self, obj: KnowledgePage) -> Document:
        asked = tuple(obj.also_asked_phrases)
        summary, *body = obj.plain_texts()
        return Document(
            key=self.key(obj.pk),
            kind=self.name,
            title=obj.title,
            url=obj.get_url() or "",
            body="\n".join(text for text in body if text),
            names=asked,
            summary=summary,
            topics=tuple(topic.name for topic in obj.topic_list),
            life_event=obj.life_event,
            date=self.date(obj),
            prior=self.prior,
            suggest=(obj.title, *asked),
            label=self.line(obj),
            cites=tuple(f"{ArticleSource.name}:{pk}" for pk in obj.cited_articles()),
        )

    def locate(self, references: Sequence[Mapping[str, str]]) -> list[int | None]:
        """The pages of these slugs, which are the last parts of their addresses."""
        slugs = {reference["slug"] for reference in references}
        known = dict(super().queryset().filter(slug__in=slugs).values_list("slug", "pk"))
        return [known.get(reference["slug"]) for reference in references]

    def extras(self, pks: list[int]) -> dict[int, Any]:
        """The first articles that each page rests on: the law stands on the first screen beside the guide."""
        citations = GuideCitation.objects.filter(page__in=pks, position__lt=CITED_IN_RESULTS)
        cited: dict[int, list[tuple[str, str]]] = {}
        # The text of an article is the one thing that its name and address do not need, and most of the row.
        citations = citations.select_related("article__edition__law").defer("article__text")
        for citation in citations.order_by("page", "position"):
            article = citation.article
            cited.setdefault(citation.page_id, []).append((article.citation, article.get_absolute_url()))
        return {pk: {"cited": articles} for pk, articles in cited.items()}

    def date(self, obj: Any) -> Any:
        """The day that a reader sorts by: that of the last review, else of the first publication."""
        if obj.reviewed_on:
            return obj.reviewed_on
        return timezone.localdate(obj.first_published_at) if obj.first_published_at else None

    def line(self, obj: Any) -> str:
        """The short line above the title of a result."""
        event = obj.life_event_choice
        return str(event.label) if event else ""


class LessonSource(KnowledgeSource):
    """Lessons, and lectures with their day."""

    def date(self, obj: LessonPage) -> Any:
        return timezone.localdate(obj.starts_at) if obj.is_lecture and obj.starts_at else super().date(obj)

    def line(self, obj: LessonPage) -> str:
        if not obj.is_lecture or obj.starts_at is None:
            return str(obj.get_lesson_kind_display())
        return f"{obj.get_lesson_kind_display()} {date_format(timezone.localtime(obj.starts_at), 'Y年n月j日 H:i')}"


# Where a guide and a bare article answer alike, the guide is what a resident can act on; a story or a lesson only
# leads there.
register(KnowledgeSource(GuidePage, _("办事指南"), order=10, prior=1.8, answers=True))
register(KnowledgeSource(QuestionPage, _("问答"), order=20, prior=1.8, answers=True))
register(KnowledgeSource(StoryPage, _("以案说法"), order=30, prior=1.1))
register(LessonSource(LessonPage, _("普法课与讲座"), order=40, prior=1.0))
register_facet(
    "life_events",
    Facet(
        labels=lambda: {event.value: event.label for event in LifeEvent},
        url=lambda value: reverse("guides:life_event", args=[value]),
    ),
)
