"""The public directory: registered organizations, narrowed as the address says."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.organizations.choices import Audience, FieldOfWork
from registry.organizations.models import Organization, OrganizationKind, Service
from registry.places.models import Kind, Place, subtree

PER_PAGE = 20
MAX_QUERY = 60
SORTS: "dict[str, tuple[str | Promise, tuple[str, ...]]]" = {
    "new": (_("最近备案"), ("-registered_on", "-pk")),
    "name": (_("按名称"), ("name", "pk")),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that the directory can be narrowed to, and the address that does it."""

    value: str
    label: "str | Promise"
    count: int | None
    selected: bool
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one filter."""

    name: str
    label: "str | Promise"
    choices: list[Choice]


class Directory:
    """One page of the directory with its filters and their counts.

    An unknown value in the address is passed over: an old link still shows a list.
    """

    names = ("kind", "place", "field", "service")

    def __init__(self, query: QueryDict) -> None:
        self._query = query

    @cached_property
    def text(self) -> str:
        """What is looked for in names, aims and services."""
        return self._query.get("q", "").replace("\x00", "").strip()[:MAX_QUERY]

    @cached_property
    def selected(self) -> dict[str, str]:
        """The filters in force: by name, the value."""
        chosen = {name: self._query.get(name, "").replace("\x00", "")[:40] for name in self.names}
        known: dict[str, Any] = {
            "kind": self._kinds,
            "place": {self._place.code} if self._place else (),
            "field": FieldOfWork,
            "service": Audience,
        }
        return {name: value for name, value in chosen.items() if value and value in known[name]}

    @cached_property
    def sort(self) -> str:
        """The sorting in force."""
        wanted = self._query.get("sort", "")
        return wanted if wanted in SORTS else "new"

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return dict(OrganizationKind.objects.order_by("order", "pk").values_list("code", "name"))

    @cached_property
    def _place(self) -> Place | None:
        return Place.objects.filter(code=self._query.get("place", "")[:20].replace("\x00", "")).first()

    def _narrowed(self, but: str = "") -> "QuerySet[Organization]":
        """The organizations under the filters in force, but one."""
        rows = Organization.objects.registered()
        chosen = {name: value for name, value in self.selected.items() if name != but}
        if "kind" in chosen:
            rows = rows.filter(kind__code=chosen["kind"])
        if "place" in chosen and self._place is not None:
            rows = rows.at(self._place)
        if "field" in chosen:
            rows = rows.filter(field_of_work=chosen["field"])
        if "service" in chosen:
            offered = Service.objects.filter(withdrawn=False, audience=chosen["service"])
            rows = rows.filter(pk__in=offered.values("organization"))
        for word in self.text.split():
            named = Q(name__icontains=word) | Q(aims__icontains=word) | Q(number=word) | Q(credit_code=word.upper())
            serving = Service.objects.filter(withdrawn=False, name__icontains=word).values("organization")
            rows = rows.filter(named | Q(pk__in=serving))
        return rows

    @cached_property
    def page(self) -> PaginatorPage:
        """The organizations of the page asked for; of the nearest one when there is no such page."""
        offered = Prefetch("services", Service.objects.filter(withdrawn=False), to_attr="offered")
        rows = self._narrowed().order_by(*SORTS[self.sort][1]).select_related("place", "kind").prefetch_related(offered)
        return Paginator(rows, PER_PAGE).get_page(self._query.get("page"))

    @property
    def total(self) -> int:
        """How many there are under the filters in force."""
        return int(self.page.paginator.count)

    @cached_property
    def groups(self) -> list[Group]:
        """The filters with how many organizations each value would show."""
        fields = self._counts("field_of_work", "field")
        kinds = self._counts("kind__code", "kind")
        audiences = (
            Service.objects.filter(withdrawn=False, organization__in=self._narrowed("service"))
            .order_by()
            .values_list("audience")
            .annotate(Count("organization", distinct=True))
        )
        served = dict(audiences)
        groups = [
            self._group("place", _("所在地"), self._places()),
            self._group("kind", _("类别"), [(code, name, kinds.get(code, 0)) for code, name in self._kinds.items()]),
            self._group("field", _("业务领域"), [(f.value, f.label, fields.get(f.value, 0)) for f in FieldOfWork]),
            self._group("service", _("有服务提供给"), [(a.value, a.label, served.get(a.value, 0)) for a in Audience]),
        ]
        return [group for group in groups if group.choices]

    def _counts(self, column: str, name: str) -> dict[str, int]:
        return dict(self._narrowed(name).order_by().values_list(column).annotate(Count("pk")))

    def _places(self) -> list[tuple[str, str, int]]:
        """The townships; once one is chosen, its villages below it."""
        counts: dict[str, int] = dict(
            self._narrowed("place").order_by().values_list("place__path").annotate(Count("pk"))
        )
        shown = Place.objects.of_kind(Kind.TOWNSHIP).filter(Q(pk__in=self._above(counts)))
        rows = []
        chosen = self._place if "place" in self.selected else None
        for township in shown:
            rows.append((township.code, township.name, _below(counts, township)))
            if chosen is not None and chosen.path.startswith(township.path):
                villages = Place.objects.of_kind(Kind.VILLAGE).filter(subtree([township], ""))
                rows += [(village.code, f"　{village.name}", _below(counts, village)) for village in villages]
        if chosen is not None and chosen.code not in {code for code, _name, _count in rows}:
            rows.insert(0, (chosen.code, chosen.name, _below(counts, chosen)))
        return rows

    def _above(self, counts: Iterable[str]) -> "QuerySet[Place, Any]":
        """Every place that one of these paths stands at or below."""
        steplen = Place.steplen
        paths = {path[: length + steplen] for path in counts for length in range(0, len(path), steplen)}
        return Place.objects.filter(path__in=paths).values("pk")

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

    @property
    def sorts(self) -> list[Choice]:
        """The sortings."""
        return [
            Choice(name, label, None, name == self.sort, self._url(sort="" if name == "new" else name))
            for name, (label, _order) in SORTS.items()
        ]

    @property
    def clear_url(self) -> str:
        """The address without any filter; empty when none is in force."""
        return self._url(**dict.fromkeys(self.selected, ""), q="") if self.selected or self.text else ""

    @property
    def base_query(self) -> str:
        """The address's query without the page, for the pagination."""
        return self._url().removeprefix("?")

    @property
    def hidden(self) -> dict[str, str]:
        """What the search box carries along."""
        return self.selected | ({"sort": self.sort} if self.sort != "new" else {})

    def _url(self, **changes: str) -> str:
        query = QueryDict(mutable=True)
        query.update(self.hidden | ({"q": self.text} if self.text else {}))
        for name, value in changes.items():
            query[name] = value
        for name in [name for name, value in query.items() if not value]:
            del query[name]
        return f"?{query.urlencode()}"


def _below(counts: dict[str, int], place: Place) -> int:
    return sum(count for path, count in counts.items() if path.startswith(place.path))
