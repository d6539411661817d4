"""Months, quarters and years of reports."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.points.choices import PeriodKind
from knowledge.points.reports.spans import LISTED, Span, back_from, choices


@pytest.mark.parametrize(
    ("slug", "label", "first", "last", "before"),
    [
        ("2026-09", "2026年9月", date(2026, 9, 1), date(2026, 9, 30), "2026-08"),
        ("2026-01", "2026年1月", date(2026, 1, 1), date(2026, 1, 31), "2025-12"),
        ("2026-Q3", "2026年第三季度", date(2026, 7, 1), date(2026, 9, 30), "2026-Q2"),
        ("2026-Q1", "2026年第一季度", date(2026, 1, 1), date(2026, 3, 31), "2025-Q4"),
        ("2024", "2024年", date(2024, 1, 1), date(2024, 12, 31), "2023"),
    ],
)
def test_a_span_reads_and_writes_itself(slug: str, label: str, first: date, last: date, before: str) -> None:
    span = Span.parse(slug)
    assert (span.slug, span.label, span.first_day, span.last_day) == (slug, label, first, last)
    assert span.before.slug == before
    assert not span.is_over(last)


@pytest.mark.parametrize("text", ["", "2026-13", "2026-9", "2026-Q5", "26", "1999", "2026-09-01", "２０２６", "2026\n"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no month"):
        Span.parse(text)


@given(kind=st.sampled_from(PeriodKind.values), day=st.dates(date(2001, 1, 1), date(2099, 12, 31)))
def test_each_day_stands_in_one_span_that_its_slug_names(kind: str, day: date) -> None:
    span = Span.of(kind, day)
    assert span.first_day <= day <= span.last_day
    assert Span.parse(span.slug) == span
    assert span.months[0] == span.first_day
    assert (span.first_day - span.before.last_day).days == 1


def test_spans_are_counted_back_and_offered() -> None:
    assert [span.slug for span in back_from(Span.parse("2026-Q1"), 3)] == ["2025-Q3", "2025-Q4", "2026-Q1"]
    offered = dict(choices(["month", "year"], since=date(2025, 11, 5), until=date(2026, 1, 20)))
    assert [span.slug for span in offered["月"]] == ["2026-01", "2025-12", "2025-11"]
    assert [span.slug for span in offered["年"]] == ["2026", "2025"]


def test_of_decades_the_newest_are_offered_and_the_year_of_the_chosen_one():
    given = {"since": date(2001, 1, 1), "until": date(2026, 11, 22)}
    months = dict(choices(["month"], **given))["月"]
    assert [len(months), months[0].slug, months[-1].slug] == [LISTED, "2026-11", "2023-12"]
    months = dict(choices(["month"], chosen=Span.parse("2010"), **given))["月"]
    assert [span.slug for span in months[LISTED:]] == [f"2010-{month:02}" for month in range(12, 0, -1)]
    years = dict(choices(["year"], **given))["年"]
    assert len(years) == 26
