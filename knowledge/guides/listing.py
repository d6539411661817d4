"""A list of pages, narrowed by life event, audience and topic, as its address says."""

from collections.abc import Container, Iterator, Mapping
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from knowledge.guides.choices import Audience, LifeEvent
from listings.narrowing import Group, Listing

if TYPE_CHECKING:
    from knowledge.guides.models import KnowledgePageQuerySet

TOPICS_SHOWN = 12


class PageListing(Listing):
    """What a list page shows: the rows of one page of it, the filters with their counts, the sortings."""

    names = ("life", "audience", "topic")
    # Sorting by slug is sorting by pinyin: what a Chinese reader expects of an alphabetical list.
    orders = {
        "new": (_("最近更新"), ("-last_published_at", "-pk")),
        "reviewed": (_("最近审核"), ("-reviewed_on", "-pk")),
        "title": (_("按标题"), ("slug", "pk")),
    }

    def __init__(self, queryset: "KnowledgePageQuerySet", query: QueryDict) -> None:
        super().__init__(query)
        self._queryset = queryset

    def known(self) -> Mapping[str, Container[str]]:
        """The values of each filter; a topic that no page has shows none."""
        return {"life": LifeEvent, "audience": Audience, "topic": {self.asked("topic")}}

    def found(self) -> "KnowledgePageQuerySet":
        """The pages under the filters in force."""
        return self._narrowed(self.selected).order_by(*self.order).for_listing()

    def filters(self) -> Iterator[Group]:
        """The filters, with how many pages each value would show beside the other filters in force."""
        yield self._life_events()
        yield self._audiences()
        yield self._topics()

    def _narrowed(self, chosen: dict[str, str]) -> "KnowledgePageQuerySet":
        rows = self._queryset
        if life := chosen.get("life"):
            rows = rows.in_life_event(life)
        if audience := chosen.get("audience"):
            rows = rows.written_for(audience)
        if topic := chosen.get("topic"):
            rows = rows.filter(topic_links__tag__slug=topic)
        return rows

    def _besides(self, name: str) -> "KnowledgePageQuerySet":
        return self._narrowed({key: value for key, value in self.selected.items() if key != name}).order_by()

    def _life_events(self) -> Group:
        counted = self._besides("life").values_list("life_event").annotate(Count("pk"))
        counts = dict(counted)
        return self.group("life", _("生活事件"), [(e.value, e.label, counts.get(e.value, 0)) for e in LifeEvent])

    def _audiences(self) -> Group:
        counts = self._besides("audience").aggregate(
            **{audience.name: Count("pk", filter=Q(audience__has=audience.value)) for audience in Audience}
        )
        return self.group("audience", _("写给谁"), [(a.value, a.label, counts[a.name]) for a in Audience])

    def _topics(self) -> Group:
        rows = self._besides("topic").filter(topic_links__tag__isnull=False)
        counted = rows.values_list("topic_links__tag__slug", "topic_links__tag__name").annotate(n=Count("pk"))
        top = list(counted.order_by("-n", "topic_links__tag__slug"))
        chosen = self.selected.get("topic")
        shown = top[:TOPICS_SHOWN] + [row for row in top[TOPICS_SHOWN:] if row[0] == chosen]
        return self.group("topic", _("主题"), shown)
