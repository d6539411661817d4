from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from knowledge.guides.calendars import _escape, _fold
from knowledge.guides.models import LessonPage
from knowledge.guides.models.base import a_year_after

# Wagtail looks up the content type of every page that is made, saved or not.
pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
"""19:00 in Shanghai."""


@pytest.fixture
def lecture() -> LessonPage:
    return LessonPage(title="讲座", lesson_kind="live", starts_at=START, duration_minutes=90)


@pytest.mark.parametrize(
    ("minutes", "state"),
    [(-1, "upcoming"), (0, "now"), (89, "now"), (90, "held"), (10_000, "held")],
)
def test_a_lecture_is_to_come_going_on_or_over(lecture: LessonPage, minutes: int, state: str) -> None:
    assert lecture.state_at(START + timedelta(minutes=minutes)) == state


def test_the_state_does_not_depend_on_the_clock_it_is_read_from(lecture: LessonPage) -> None:
    in_shanghai = datetime(2026, 11, 24, 19, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert lecture.state_at(in_shanghai) == "now"


def test_a_lesson_to_read_has_no_state() -> None:
    lesson = LessonPage(title="普法课", lesson_kind="lesson", starts_at=START)
    assert lesson.state_at(START) is None
    assert lesson.seconds_to_change(START) is None


def test_a_lecture_without_a_time_has_no_state() -> None:
    assert LessonPage(title="讲座", lesson_kind="live").state_at(START) is None


@pytest.mark.parametrize(("minutes", "seconds"), [(-10, 600), (0, 5400), (89, 60), (90, None)])
def test_what_a_page_says_stays_true_until_the_next_change(
    lecture: LessonPage, minutes: int, seconds: int | None
) -> None:
    assert lecture.seconds_to_change(START + timedelta(minutes=minutes)) == seconds


def test_calendar_text_is_escaped() -> None:
    assert _escape("一；a,b;c\\d\r\n二") == "一；a\\,b\\;c\\\\d\\n二"


def test_calendar_lines_are_folded_between_characters() -> None:
    folded = _fold("SUMMARY:" + "法" * 60)
    lines = folded.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert all(line.startswith(" ") for line in lines[1:])
    assert "".join([lines[0], *(line[1:] for line in lines[1:])]) == "SUMMARY:" + "法" * 60


def test_a_year_after_a_leap_day_is_a_day() -> None:
    assert a_year_after(date(2028, 2, 29)).isoformat() == "2029-02-28"
