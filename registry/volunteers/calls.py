"""The public list of activities to join, narrowed as its address says."""

from collections.abc import Container, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from listings.narrowing import Group
from registry.places.listings import ListingByPlace
from registry.volunteers.choices import Field
from registry.volunteers.models import Activity, Shift, Skill

SKILLS_SHOWN = 12
DAYS: "dict[str, tuple[str | Promise, int]]" = {"7": (_("7 天内"), 7), "30": (_("30 天内"), 30)}


class ActivityList(ListingByPlace):
    """One page of the list with its filters."""

    names = ("day", "place", "field", "skill")

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        self.now = timezone.now()

    def known(self) -> Mapping[str, Container[str]]:
        """The values of each filter."""
        return {**super().known(), "day": DAYS, "field": Field, "skill": {self._skill.slug} if self._skill else ()}

    def found(self) -> Any:
        """The activities under the filters in force, the next to begin first, with their shifts to come."""
        ahead = Shift.objects.standing().filter(ends_at__gt=self.now).counted().order_by("starts_at", "pk")
        rows = self._narrowed().order_by("next_start", "pk").select_related("place", "organization")
        return rows.prefetch_related(Prefetch("shifts", ahead, to_attr="ahead"), "skills")

    def filters(self) -> Iterator[Group]:
        """The filters, with how many activities each value would show."""
        fields = dict(self._others("field").values_list("field").annotate(Count("pk", distinct=True)))
        places = dict(self._others("place").values_list("place__path").annotate(Count("pk")))
        yield self.group("day", _("时间"), [(key, label, self._within(days)) for key, (label, days) in DAYS.items()])
        yield self.group("place", _("地方"), self.places(places))
        yield self.group("field", _("类别"), [(kind.value, kind.label, fields.get(kind.value, 0)) for kind in Field])
        yield self.group("skill", _("用得上的技能"), self._skills())

    def valid_for(self) -> int | None:
        """The seconds until a shift begins, ends or closes its list, and so the page changes. None: for ever."""
        moments = [
            moment
            for activity in self.rows
            for shift in activity.ahead
            for moment in (shift.cut_off, shift.starts_at, shift.ends_at)
            if moment > self.now
        ]
        return max(1, int((min(moments) - self.now).total_seconds())) if moments else None

    @cached_property
    def _skill(self) -> Skill | None:
        slug = self.asked("skill")
        return Skill.objects.filter(slug=slug).first() if slug else None

    def _narrowed(self, but: str = "") -> Any:
        rows = Activity.objects.published().upcoming(self.now)
        chosen = {name: value for name, value in self.selected.items() if name != but}
        if "place" in chosen and self.place is not None:
            rows = rows.at(self.place)
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
