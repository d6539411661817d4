"""A list of pages, narrowed by life event, audience and topic, as its address says."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from knowledge.guides.choices import Audience, LifeEvent

if TYPE_CHECKING:
    from knowledge.guides.models import KnowledgePage, KnowledgePageQuerySet

PER_PAGE = 20
TOPICS_SHOWN = 12
SORTS: "dict[str, tuple[str | Promise, tuple[str, ...]]]" = {
    "new": (_("最近更新"), ("-last_published_at", "-pk")),
    "reviewed": (_("最近审核"), ("-reviewed_on", "-pk")),
    "title": (_("按标题"), ("slug", "pk")),
}
"""Sorting by slug is sorting by pinyin: what a Chinese reader expects of an alphabetical list."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that the list can be narrowed to, with the address that does it."""

    value: str
    label: "str | Promise"
    count: int | None
    """How many pages it would show; None for what is no filter (a sorting)."""
    selected: bool
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one filter."""

    name: str
    label: "str | Promise"
    choices: list[Choice]


class Listing:
    """What a list page shows: the rows of one page of it, the filters with their counts, the sortings.

    Unknown filters, sortings and page numbers in the address are passed over: an old link still shows a list.
    """

    def __init__(
        self,
        queryset: "KnowledgePageQuerySet",
        query: QueryDict,
        *,
        filters: Iterable[str] = ("life", "audience", "topic"),
        per_page: int = PER_PAGE,
    ) -> None:
        self._queryset = queryset
        self._query = query
        self._names = tuple(filters)
        self._per_page = per_page

    @cached_property
    def selected(self) -> dict[str, str]:
        """The filters in force: by name (life, audience, topic), the value."""
        known: dict[str, Any] = {"life": LifeEvent, "audience": Audience}
        chosen = {name: self._query.get(name, "")[:100].replace("\x00", "") for name in self._names}
        return {name: value for name, value in chosen.items() if value and (name == "topic" or value in known[name])}

    @cached_property
    def sort(self) -> str:
        """The name of the sorting in force."""
        wanted = self._query.get("sort", "")
        return wanted if wanted in SORTS else "new"

    @cached_property
    def page(self) -> PaginatorPage:
        """The rows of the page that was asked for; the nearest page when there is no such page."""
        rows = self._narrowed(self.selected).order_by(*SORTS[self.sort][1]).for_listing()
        return Paginator(rows, self._per_page).get_page(self._query.get("page"))

    @property
    def rows(self) -> "list[KnowledgePage]":
        """The pages to show."""
        return list(self.page.object_list)

    @property
    def total(self) -> int:
        """How many pages there are under the filters in force."""
        return int(self.page.paginator.count)

    @cached_property
    def groups(self) -> list[Group]:
        """The filters, with how many pages each value would show beside the other filters in force."""
        makers = {"life": self._life_events, "audience": self._audiences, "topic": self._topics}
        return [group for group in (makers[name]() for name in self._names) if group.choices]

    @property
    def sorts(self) -> list[Choice]:
        """The sortings, as choices without counts."""
        return [
            Choice(name, label, None, name == self.sort, self._url(sort="" if name == "new" else name))
            for name, (label, _order) in SORTS.items()
        ]

    @property
    def clear_url(self) -> str:
        """The address without any filter; empty when none is in force."""
        return self._url(**dict.fromkeys(self.selected, "")) if self.selected else ""

    @property
    def base_query(self) -> str:
        """The address's query without the page number, for the pagination."""
        return self._url(page="").removeprefix("?")

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
        return self._group("life", _("生活事件"), [(e.value, e.label, counts.get(e.value, 0)) for e in LifeEvent])

    def _audiences(self) -> Group:
        counts = self._besides("audience").aggregate(
            **{audience.name: Count("pk", filter=Q(audience__has=audience.value)) for audience in Audience}
        )
        return self._group("audience", _("写给谁"), [(a.value, a.label, counts[a.name]) for a in Audience])

    def _topics(self) -> Group:
        rows = self._besides("topic").filter(topic_links__tag__isnull=False)
        counted = rows.values_list("topic_links__tag__slug", "topic_links__tag__name").annotate(n=Count("pk"))
        top = list(counted.order_by("-n", "topic_links__tag__slug"))
        chosen = self.selected.get("topic")
        shown = top[:TOPICS_SHOWN] + [row for row in top[TOPICS_SHOWN:] if row[0] == chosen]
        return self._group("topic", _("主题"), shown)

    def _group(self, name: str, label: "str | Promise", values: Iterable[tuple[str, Any, int]]) -> Group:
        chosen = self.selected.get(name)
        return Group(
            name,
            label,
            [
                Choice(value, text, count, value == chosen, self._url(**{name: "" if value == chosen else value}))
                for value, text, count in values
                if count or value == chosen
            ],
        )

    def _url(self, **changes: str) -> str:
        query = QueryDict(mutable=True)
        query.update(self.selected)
        if self.sort != "new":
            query["sort"] = self.sort
        for name, value in changes.items():
            query[name] = value
        for name in [name for name, value in query.items() if not value]:
            del query[name]
        return f"?{query.urlencode()}"
