"""Everything about a life event or a topic, on one page each."""

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from knowledge.guides.choices import LifeEvent
from knowledge.guides.models import KnowledgePage, Topic
from knowledge.guides.shelves import shelves


@require_safe
def life_events(request: HttpRequest) -> HttpResponse:
    """All life events with how much there is to read about each."""
    counts = dict(KnowledgePage.objects.published().order_by().values_list("life_event").annotate(Count("pk")))
    events = [(event, counts.get(event.value, 0)) for event in LifeEvent]
    return render(request, "guides/life_events.html", {"events": events, "breadcrumbs": [(_("生活事件"), "")]})


@require_safe
def life_event(request: HttpRequest, slug: str) -> HttpResponse:
    """The guides, questions, stories and lessons of one life event."""
    if slug not in LifeEvent:
        raise Http404(_("没有这个生活事件。"))
    event = LifeEvent(slug)
    context = {
        "event": event,
        "shelves": shelves(lambda pages: pages.in_life_event(event), query={"life": event.value}),
        "topics": Topic.objects.of_life_event(event)[:12],
        "breadcrumbs": [(_("生活事件"), reverse("guides:life_events")), (event.label, "")],
    }
    return render(request, "guides/life_event.html", context)


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """All topics that have something to read."""
    return render(request, "guides/topics.html", {"topics": Topic.objects.counted(), "breadcrumbs": [(_("主题"), "")]})


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """The guides, questions, stories and lessons about one topic."""
    found = get_object_or_404(Topic, slug=slug)
    context = {
        "topic": found,
        "shelves": shelves(lambda pages: pages.about(found), query={"topic": found.slug}),
        "breadcrumbs": [(_("主题"), reverse("guides:topics")), (found.name, "")],
    }
    return render(request, "guides/topic.html", context)
