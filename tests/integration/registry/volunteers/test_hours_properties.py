"""Whatever is done to the ledger in whatever order: sums are sums of lines, nothing is negative, no line changes."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.volunteers import actions
from registry.volunteers.models import HourLine
from registry.volunteers.reports import totals_of

from .factories import a_volunteer, an_activity, at

pytestmark = pytest.mark.django_db

RAW = (
    "UPDATE volunteers_hourline SET halves = 1 WHERE id = %s",
    "UPDATE volunteers_hourline SET reverses_id = NULL, note = '' WHERE id = %s",
    "DELETE FROM volunteers_hourline WHERE id = %s",
)
STEPS = st.one_of(
    st.tuples(st.just("record"), st.integers(0, 3), st.integers(0, 40), st.integers(-2, 12)),
    st.tuples(st.just("correct"), st.integers(0, 9), st.integers(-1, 12)),
    st.tuples(st.just("confirm"), st.integers(0, 9)),
    st.tuples(st.just("object"), st.integers(0, 9)),
    st.tuples(st.just("uphold"), st.integers(0, 9)),
    st.tuples(st.just("retract"), st.integers(0, 9)),
    st.tuples(st.just("raw"), st.integers(0, 9), st.sampled_from(RAW)),
)


def line_at(position: int) -> HourLine | None:
    lines = list(HourLine.objects.order_by("pk"))
    return lines[position % len(lines)] if lines else None


def take(step: tuple[Any, ...], people: list[Any], kinds: list[Any], by: Any) -> None:
    name, first, *rest = step
    if name == "record":
        starts_at = at(0, days=-3) + timedelta(minutes=30 * rest[0])
        actions.record_hours(
            volunteer=people[first % 2],
            activity=kinds[first // 2],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=30 * max(1, rest[1])),
            halves=rest[1],
            by=by,
        )
        return
    line = line_at(first)
    if line is None:
        return
    if name == "correct":
        actions.correct_hours(line=line, halves=rest[0], reason="核实", by=by)
    elif name == "confirm":
        actions.confirm_hours(line=line, by=by)
    elif name == "object":
        actions.object_to_hours(line=line, reason="不对", by=by)
    elif name == "uphold":
        actions.uphold_hours(line=line, reason="属实", by=by)
    elif name == "retract":
        actions.retract_objection(line=line, by=by)
    else:
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(rest[0], [line.pk])


def rows() -> dict[int, tuple[Any, ...]]:
    return {
        row[0]: row for row in HourLine.objects.values_list("pk", "volunteer", "kind", "date", "halves", "reverses")
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=25))
def test_the_ledger_always_adds_up(village, official, steps):
    with transaction.atomic():
        people = [a_volunteer(village), a_volunteer(village)]
        kinds = [
            an_activity(village, by=official, published=False, shifts=0),
            an_activity(village, by=official, published=False, shifts=0, kind="training"),
        ]
        before = rows()
        for step in steps:
            try:
                take(step, people, kinds, official)
            except ValidationError:
                # A refusal leaves everything as it was.
                assert rows() == before
            after = rows()
            assert {pk: after[pk] for pk in before} == before, "a line was changed or lost"
            before = after
            check(people)
        transaction.set_rollback(True)


def check(people: list[Any]) -> None:
    for volunteer in people:
        lines = list(volunteer.hour_lines.all())
        standing = list(volunteer.hour_lines.standing())
        assert volunteer.hour_lines.total() == sum(line.halves for line in lines)
        assert volunteer.hour_lines.total() == sum(line.halves for line in standing)
        totals = totals_of(volunteer)
        assert min(totals.service, totals.training) >= 0
        assert totals.service + totals.training == volunteer.hour_lines.total()
        days = {line.date for line in standing}
        assert all(sum(line.halves for line in standing if line.date == day) <= 16 for day in days)
        ordered = sorted(standing, key=lambda line: line.starts_at)
        assert all(one.ends_at <= other.starts_at for one, other in pairwise(ordered))
