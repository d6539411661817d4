"""Half hours, stars, numbers and names, without a database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from registry.volunteers.halves import halves_of, halves_to_next_star, hours, room, stars
from registry.volunteers.names import clean_name
from registry.volunteers.numbers import born_on, clean_id_number, clean_phone, of_age_on


@pytest.mark.parametrize(
    ("halves", "text"), [(0, "0"), (1, "0.5"), (3, "1.5"), (4, "2"), (-3, "-1.5"), (3001, "1500.5")]
)
def test_half_hours_as_hours(halves, text):
    assert str(hours(halves)) == text
    assert halves_of(Decimal(text)) == halves


@pytest.mark.parametrize("text", ["1.3", "0.25", "0.01"])
def test_less_than_half_an_hour_is_refused(text):
    with pytest.raises(ValidationError):
        halves_of(Decimal(text))


@pytest.mark.parametrize(("minutes", "halves"), [(30, 1), (31, 2), (60, 2), (1, 1), (120, 4)])
def test_a_begun_half_hour_has_room(minutes, halves):
    begins = datetime(2026, 3, 5, 1, tzinfo=UTC)
    assert room(begins, begins + timedelta(minutes=minutes)) == halves


@pytest.mark.parametrize(
    ("halves", "level", "missing"),
    [(0, 0, 200), (199, 0, 1), (200, 1, 400), (600, 2, 600), (1200, 3, 800), (2000, 4, 1000), (3000, 5, None)],
)
def test_stars_at_100_300_600_1000_and_1500_hours(halves, level, missing):
    assert stars(halves) == level
    assert halves_to_next_star(halves) == missing


@pytest.mark.parametrize(
    ("id_type", "typed", "number"),
    [
        ("resident", "11010519491231002x", "11010519491231002X"),
        ("resident", "１１０１０５ 19491231 002Ｘ", "11010519491231002X"),
        ("hk_macao", "h12345678", "H12345678"),
        ("taiwan", "12345678", "12345678"),
        ("passport", "e1234 5678", "E12345678"),
    ],
)
def test_a_number_has_one_form(id_type, typed, number):
    assert clean_id_number(id_type, typed) == number


@pytest.mark.parametrize(
    ("id_type", "typed"),
    [
        ("resident", "110105194912310021"),
        ("resident", ""),
        ("hk_macao", "X12345678"),
        ("passport", "'; --"),
        ("taiwan", "1"),
    ],
)
def test_a_number_that_cannot_be_is_refused(id_type, typed):
    with pytest.raises(ValidationError):
        clean_id_number(id_type, typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("138 0000 1234", "13800001234"), ("+86138-0000-1234", "13800001234"), ("０572-1234567", "0572-1234567")],
)
def test_a_phone_has_one_form(typed, number):
    assert clean_phone(typed) == number


@pytest.mark.parametrize("typed", ["", "12345", "23800001234", "138000012345", "一三八", "<b>"])
def test_a_phone_that_cannot_be_is_refused(typed):
    with pytest.raises(ValidationError):
        clean_phone(typed)


def test_the_day_somebody_comes_of_age():
    assert of_age_on(date(2008, 11, 23)) == date(2026, 11, 23)
    assert of_age_on(date(2008, 2, 29)) == date(2026, 3, 1)
    assert born_on("11010519491231002X") == date(1949, 12, 31)


@pytest.mark.parametrize("name", ["王𠅤芳", "䶮", "买买提·艾力", "Mary O'Hara", "欧阳 娜娜"])
def test_names(name):
    assert clean_name(f" {name} ") == name


@pytest.mark.parametrize("name", ["", "张3", "<b>", "😀", "'; DROP TABLE x", "·", "张_"])
def test_what_is_no_name(name):
    with pytest.raises(ValidationError):
        clean_name(name)
