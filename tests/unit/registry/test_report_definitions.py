"""What a report may show, and periods that are named from today on."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from registry.reporting import datasets, definition
from registry.reporting.definition import PERIODS, Definition, Filter, Group, check, load, period
from registry.reporting.standing import STANDING

DAY = datetime.date(2026, 2, 14)


@pytest.mark.parametrize(
    ("name", "begins", "ends"),
    [
        ("this_month", "2026-02-01", "2026-02-28"),
        ("last_month", "2026-01-01", "2026-01-31"),
        ("this_quarter", "2026-01-01", "2026-03-31"),
        ("last_quarter", "2025-10-01", "2025-12-31"),
        ("this_year", "2026-01-01", "2026-12-31"),
        ("last_year", "2025-01-01", "2025-12-31"),
        ("twelve_months", "2025-03-01", "2026-02-28"),
    ],
)
def test_periods(name, begins, ends):
    assert period(name, DAY) == (datetime.date.fromisoformat(begins), datetime.date.fromisoformat(ends))


@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2150, 1, 1)), st.sampled_from(sorted(PERIODS)))
def test_a_period_is_whole_months_that_begin_no_later_than_today(today, name):
    begins, ends = period(name, today)
    assert begins.day == 1
    assert (ends + datetime.timedelta(days=1)).day == 1
    assert begins <= today
    assert begins < ends


@pytest.mark.parametrize("key", sorted(STANDING))
def test_the_standing_reports_hold_and_come_back_from_storage(key):
    stated = STANDING[key][2]
    check(stated, datasets.dataset(stated.dataset))
    assert load(stated.as_json()) == stated


def test_there_are_ten_of_them():
    assert len(STANDING) >= 10


@pytest.mark.parametrize(
    ("stated", "part"),
    [
        (Definition("hours"), "columns"),
        (Definition("hours", columns=("nothing",)), "columns"),
        (Definition("hours", groups=(Group("date"),)), "groups"),
        (Definition("hours", groups=(Group("date", "week"),)), "groups"),
        (Definition("hours", groups=(Group("hours"),)), "groups"),
        (Definition("hours", groups=(Group("field"), Group("field"))), "groups"),
        (Definition("hours", groups=(Group("field"), Group("kind"), Group("place", "village"))), "groups"),
        (Definition("hours", groups=(Group("field"),), totals=("volunteer",)), "totals"),
        (Definition("hours", columns=("date",), filters=(Filter("date", "from", "昨天"),)), "filters"),
        (Definition("hours", columns=("date",), filters=(Filter("date", "from", "2026-02-30"),)), "filters"),
        (Definition("hours", columns=("date",), filters=(Filter("date", "period", "下个世纪"),)), "filters"),
        (Definition("hours", columns=("date",), filters=(Filter("hours", "min", "一"),)), "filters"),
        (Definition("hours", columns=("date",), filters=(Filter("hours", "min", "NaN"),)), "filters"),
        (Definition("hours", columns=("date",), filters=(Filter("kind", "is", "x"),)), "filters"),
        (Definition("hours", columns=("date",), filters=(Filter("kind", "period", "service"),)), "filters"),
        (Definition("hours", columns=("date",), filters=(Filter("volunteer", "contains", " "),)), "filters"),
        (Definition("hours", columns=("date",), filters=(Filter("x; DROP TABLE", "is", "1"),)), "filters"),
        (Definition("hours", columns=("date",), filters=(Filter("kind", "is", "service"),) * 9), "filters"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_part(stated, part):
    with pytest.raises(ValidationError) as refused:
        check(stated, datasets.dataset("hours"))
    assert set(refused.value.message_dict) == {part}


def test_hours_are_stored_as_halves():
    fact = datasets.dataset("hours").fact("hours")
    assert definition.condition_of(Filter("hours", "min", "1.5"), fact) == {"halves__gte": 3}
