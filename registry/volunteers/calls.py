"""The public list of activities to join, narrowed as its address says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.places.models import Kind, Place
from registry.volunteers.choices import Field
from registry.volunteers.models import Activity, Shift, Skill

PER_PAGE = 20
SKILLS_SHOWN = 12
DAYS: "dict[str, tuple[str | Promise, int]]" = {"7": (_("7 天内"), 7), "30": (_("30 天内"), 30)}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that the list can be narrowed to, and the address that does it."""

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


class ActivityList:
    """One page of the list with its filters. An unknown value in the address is passed over: old links show a list."""

    names = ("day", "place", "field", "skill")

    def __init__(self, query: QueryDict) -> None:
        self._query = query
        self.now = timezone.now()

    @cached_property
    def selected(self) -> dict[str, str]:
        """The filters in force: by name, the value."""
        chosen = {name: self._query.get(name, "").replace("\x00", "")[:100] for name in self.names}
        known: dict[str, Any] = {
            "day": DAYS,
            "field": Field,
            "place": {self._place.code} if self._place else (),
            "skill": {self._skill.slug} if self._skill else (),
        }
        return {name: value for name, value in chosen.items() if value and value in known[name]}

    @cached_property
    def page(self) -> PaginatorPage:
        """The activities of the page asked for, the next to begin first."""
        ahead = Shift.objects.standing().filter(ends_at__gt=self.now).counted().order_by("starts_at", "pk")
        rows = self._narrowed().order_by("next_start", "pk").select_related("place", "organization")
        rows = rows.prefetch_related(Prefetch("shifts", ahead, to_attr="ahead"), "skills")
        return Paginator(rows, PER_PAGE).get_page(self._query.get("page"))

    @property
    def rows(self) -> list[Activity]:
        """The activities to show."""
        return list(self.page.object_list)

    @property
    def total(self) -> int:
        """How many there are under the filters in force."""
        return int(self.page.paginator.count)

    @cached_property
    def groups(self) -> list[Group]:
        """The filters, with how many activities each value would show."""
        fields = dict(self._others("field").values_list("field").annotate(Count("pk", distinct=True)))
        groups = [
            self._group("day", _("时间"), [(key, label, self._within(days)) for key, (label, days) in DAYS.items()]),
            self._group("place", _("地方"), self._places()),
            self._group(
                "field", _("类别"), [(field.value, field.label, fields.get(field.value, 0)) for field in Field]
            ),
            self._group("skill", _("用得上的技能"), self._skills()),
        ]
        return [group for group in groups if group.choices]

    @property
    def clear_url(self) -> str:
        """The address without any filter; empty when none is in force."""
        return self._url(**dict.fromkeys(self.selected, "")) if self.selected else ""

    @property
    def base_query(self) -> str:
        """The address's query without the page, for the pagination."""
        return self._url().removeprefix("?")

    def valid_for(self) -> int | None:
        """The seconds until a shift begins, ends or closes its list, and so the page changes. None: for ever."""
        moments = [
            moment
            for activity in self.rows
            for shift in activity.ahead  # type: ignore[attr-defined]
            for moment in (shift.cut_off, shift.starts_at, shift.ends_at)
            if moment > self.now
        ]
        return max(1, int((min(moments) - self.now).total_seconds())) if moments else None

    @cached_property
    def _place(self) -> Place | None:
        return Place.objects.filter(code=self._query.get("place", "")[:20].replace("\x00", "")).first()

    @cached_property
    def _skill(self) -> Skill | None:
        return Skill.objects.filter(slug=self._query.get("skill", "")[:100].replace("\x00", "")).first()

    def _narrowed(self, but: str = "") -> Any:
        rows = Activity.objects.published().upcoming(self.now)
        chosen = {name: value for name, value in self.selected.items() if name != but}
        if "place" in chosen and self._place is not None:
            rows = rows.at(self._place)
        if "field" in chosen:
            rows = rows.filter(field=chosen["field"])
        if "skill" in chosen and self._skill is not None:
            rows = rows.wanting(self._skill)
        if "day" in chosen:
            rows = rows.filter(self._begins_by(self.now + timedelta(days=DAYS[chosen["day"]][1])))
        return rows

    def _others(self, name: str) -> Any:
        """The activities under the other filters, without what was annotated: it would be grouped by."""
        return Activity.objects.filter(pk__in=self._narrowed(name).order_by().values("pk")).order_by()

    def _begins_by(self, moment: datetime) -> Exists:
        ahead = Shift.objects.standing().filter(activity=OuterRef("pk"), ends_at__gt=self.now)
        return Exists(ahead.filter(starts_at__lt=moment))

    def _within(self, days: int) -> int:
        rows = self._others("day").filter(self._begins_by(self.now + timedelta(days=days)))
        return int(rows.count())

    def _skills(self) -> list[tuple[str, str, int]]:
        rows = Skill.objects.filter(activity_links__content_object__in=self._others("skill").values("pk"))
        counted = rows.order_by().values_list("slug", "name").annotate(number=Count("pk"))
        top = list(counted.order_by("-number", "slug"))
        chosen = self.selected.get("skill")
        return top[:SKILLS_SHOWN] + [row for row in top[SKILLS_SHOWN:] if row[0] == chosen]

    def _places(self) -> list[tuple[str, str, int]]:
        """The townships; below the one that was chosen, or that holds what was chosen, its villages."""
        counts: dict[str, int] = dict(self._others("place").values_list("place__path").annotate(Count("pk")))
        above = {path[:length] for path in counts for length in range(Place.steplen, len(path) + 1, Place.steplen)}
        shown = Place.objects.filter(path__in=above).of_kind(Kind.TOWNSHIP, Kind.VILLAGE).order_by("path")
        chosen = self._place if "place" in self.selected else None
        opened = chosen and chosen.above(Kind.TOWNSHIP)
        rows = []
        for place in shown:
            if place.kind == Kind.TOWNSHIP:
                rows.append((place.code, place.name, _below(counts, place)))
            elif opened and opened.holds(place):
                rows.append((place.code, f"　{place.name}", _below(counts, place)))
        if chosen is not None and chosen.code not in {code for code, _name, _count in rows}:
            rows.insert(0, (chosen.code, chosen.name, _below(counts, chosen)))
        return rows

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
        query.update({name: value for name, value in (self.selected | changes).items() if value})
        return f"?{query.urlencode()}"


def _below(counts: dict[str, int], place: Place) -> int:
    return sum(number for path, number in counts.items() if path.startswith(place.path))
