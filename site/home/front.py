"""What the home page shows of the rest of the site, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from knowledge.covenants.models import CovenantPage
from knowledge.guides.choices import LifeEvent
from knowledge.guides.models import KnowledgePage, KnowledgePageQuerySet, LessonPage
from knowledge.laws.models import Law, LawKind

from .models import HomePage, PromotedPage
from .visibility import open_to_all

NEW_OF_EACH_KIND = 2
LECTURES_SHOWN = 3
COVENANTS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """A way into the site: a life event, or a kind of law."""

    label: str
    url: str
    text: str = ""
    icon: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Front:
    """All that the home page shows beside its own fields. Any of the lists may be empty."""

    life_events: list[Entry]
    promoted: list[PromotedPage]
    new: list[KnowledgePage]
    lectures: list[LessonPage]
    covenants: list[CovenantPage]
    law_kinds: list[Entry]

    @property
    def law_count(self) -> int:
        """How many laws the collection holds."""
        return sum(kind.count for kind in self.law_kinds)


def front(home: HomePage, now: datetime | None = None) -> Front:
    """What is below the search box at a moment (now): a lecture is shown until it has ended."""
    published = open_to_all(KnowledgePage.objects.descendant_of(home))
    return Front(
        life_events=_life_events(published),
        promoted=_promoted(home),
        new=list(_new(published)),
        lectures=list(_lectures(home, now or timezone.now())),
        covenants=list(_covenants(home)),
        law_kinds=_law_kinds(),
    )


def _life_events(published: KnowledgePageQuerySet) -> list[Entry]:
    """The life events that have something to read: one without pages would lead to an empty list."""
    counts = dict(published.order_by().values_list("life_event").annotate(Count("pk")))
    return [
        Entry(
            label=str(event.label),
            url=reverse("guides:life_event", args=[event.value]),
            text=str(event.description),
            icon=event.icon,
            count=counts[event.value],
        )
        for event in LifeEvent
        if counts.get(event.value)
    ]


def _promoted(home: HomePage) -> list[PromotedPage]:
    rows = home.promoted.all()
    if isinstance(rows, QuerySet):  # in a preview they are the editor's unsaved rows
        rows = rows.filter(page__in=open_to_all(Page.objects.all())).select_related("page__knowledgepage")
    return list(rows)


def _new(published: KnowledgePageQuerySet) -> QuerySet[KnowledgePage]:
    """The pages published last, the newest few of each kind, so that a batch of one does not hide the others.

    Lectures have a list of their own.
    """
    newest = Window(RowNumber(), partition_by="content_type", order_by=["-first_published_at", "-pk"])
    pages = published.not_type(LessonPage).annotate(place_in_kind=newest).filter(place_in_kind__lte=NEW_OF_EACH_KIND)
    return pages.order_by("-first_published_at", "-pk")


def _lectures(home: HomePage, now: datetime) -> QuerySet[LessonPage]:
    return open_to_all(LessonPage.objects.descendant_of(home)).upcoming(now)[:LECTURES_SHOWN]


def _covenants(home: HomePage) -> QuerySet[CovenantPage]:
    covenants = open_to_all(CovenantPage.objects.descendant_of(home))
    return covenants.order_by("-first_published_at", "-pk")[:COVENANTS_SHOWN]


def _law_kinds() -> list[Entry]:
    counts = Law.objects.kind_counts()
    return [
        Entry(label=str(kind.label), url=f"{reverse('laws:list')}?kind={kind.value}", count=counts[kind.value])
        for kind in LawKind
        if counts.get(kind.value)
    ]
