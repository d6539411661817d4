"""Many lines of hours at once: what stands is read once, and the new lines are written together."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.functional import cached_property

from accounts import audit
from registry.volunteers.actions.hours import check_line, new_line
from registry.volunteers.actions.signups import lock_volunteers
from registry.volunteers.halves import hours
from registry.volunteers.models import Activity, HourLine, Volunteer, VolunteerRules

_BATCH = 500


class HourBook:
    """Records lines for some volunteers, who are held until the transaction ends; then nobody else writes theirs.

    `add` says what `record_hours` would say, from memory; the database checks each line again when `close` writes it.
    """

    def __init__(self, *, volunteers: Iterable[Volunteer], by: Any) -> None:
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("An hour book is kept inside a transaction.")
        self._volunteers = {volunteer.pk for volunteer in volunteers}
        self._by = by
        self._new: list[HourLine] = []
        self._caps: dict[int, int] = {}
        lock_volunteers(self._volunteers)

    @cached_property
    def _standing(self) -> dict[int, list[HourLine]]:
        """The lines that hold, by volunteer."""
        found: defaultdict[int, list[HourLine]] = defaultdict(list)
        for line in HourLine.objects.standing().filter(volunteer_id__in=self._volunteers):
            found[line.volunteer_id].append(line)
        return found

    @cached_property
    def _given(self) -> Counter[tuple[int, date]]:
        """The half hours of each volunteer and day; reversals and what they reverse cancel out."""
        sums: Counter[tuple[int, date]] = Counter()
        for lines in self._standing.values():
            for line in lines:
                sums[line.volunteer_id, line.date] += line.halves
        return sums

    def standing(self, *, volunteer: Volunteer, activity: Activity, starts_at: datetime) -> HourLine | None:
        """The line that holds for this activity and beginning, from before the book was opened."""
        for line in self._standing[volunteer.pk]:
            if line.pk and line.activity_id == activity.pk and line.starts_at == starts_at:
                return line
        return None

    def add(
        self,
        *,
        volunteer: Volunteer,
        activity: Activity,
        starts_at: datetime,
        ends_at: datetime,
        halves: int,
        note: str = "",
    ) -> HourLine:
        """Note a line. Raises ValidationError as `record_hours` does."""
        cap = self._cap(activity)
        line = new_line(volunteer, activity, None, starts_at, ends_at, halves, self._by, note, cap)
        others = self._standing[volunteer.pk]
        other = next((one for one in others if one.starts_at < ends_at and one.ends_at > starts_at), None)
        check_line(line, other=other.activity if other else None, given=self._given[volunteer.pk, line.date])
        others.append(line)
        self._given[volunteer.pk, line.date] += halves
        self._new.append(line)
        return line

    def _cap(self, activity: Activity) -> int:
        if activity.pk not in self._caps:
            self._caps[activity.pk] = VolunteerRules.of(activity.place).daily_cap
        return self._caps[activity.pk]

    def close(self) -> int:
        """Write the new lines, each with its audit line; how many."""
        written = HourLine.objects.bulk_create(self._new, batch_size=_BATCH)
        audit.record_all(
            by=self._by,
            action="volunteers.record_hours",
            subjects=((line, line.activity.place, {"hours": hours(line.halves)}) for line in written),
        )
        self._new = []
        return len(written)
