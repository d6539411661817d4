"""Pages that belong together: they rest on the same articles or are filed under the same topics."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from knowledge.guides.models import KnowledgePage, Topic

ARTICLE_WEIGHT = 3
TOPIC_WEIGHT = 2
SAME_EVENT_WEIGHT = 1
LIMIT = 5


@dataclass(slots=True)
class Related:
    """What else to read, by kind, the closest first."""

    guides: "list[KnowledgePage]" = field(default_factory=list)
    questions: "list[KnowledgePage]" = field(default_factory=list)
    others: "list[KnowledgePage]" = field(default_factory=list)
    """Stories and lessons."""

    def __bool__(self) -> bool:
        return bool(self.guides or self.questions or self.others)


def related_pages(page: "KnowledgePage", topics: "list[Topic]", *, limit: int = LIMIT) -> Related:
    """The published pages closest to a page with these topics, at most `limit` of guides, of questions and of the rest.

    A shared article counts more than a shared topic; the same life event only decides between equals. Counted with
    the page's content as it is in memory, so that a preview shows what the published page will show. One query, and
    one for the restrictions on who may read.
    """
    from knowledge.guides.models import GuideCitation, KnowledgePage, TopicLink

    articles = list(page.cited_articles())
    if not articles and not topics:
        return Related()
    shared_articles = _count(GuideCitation, page="page", condition=Q(article__in=articles))
    shared_topics = _count(TopicLink, page="content_object", condition=Q(tag__in=[topic.pk for topic in topics]))
    candidates = (
        KnowledgePage.objects.published()
        .exclude(pk=page.pk)
        .annotate(closeness=shared_articles * ARTICLE_WEIGHT + shared_topics * TOPIC_WEIGHT)
        .filter(closeness__gt=0)
        .annotate(rank=F("closeness") + _same_event(page))
        .select_related("content_type")
        .order_by("-rank", "-last_published_at", "pk")
    )
    related = Related()
    for candidate in candidates[: limit * 8]:
        shelf = _shelf(related, candidate)
        if len(shelf) < limit:
            shelf.append(candidate)
    return related


def _count(model: type, *, page: str, condition: Q) -> Coalesce:
    counted = model.objects.filter(condition, **{page: OuterRef("pk")}).order_by().values(page)  # type: ignore[attr-defined]
    return Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), Value(0), output_field=IntegerField())


def _same_event(page: "KnowledgePage") -> Case:
    return Case(
        When(life_event=page.life_event, then=Value(SAME_EVENT_WEIGHT)), default=Value(0), output_field=IntegerField()
    )


def _shelf(related: Related, page: "KnowledgePage") -> "list[KnowledgePage]":
    kind = page.cached_content_type.model_class().kind
    return {"guide": related.guides, "question": related.questions}.get(kind, related.others)
