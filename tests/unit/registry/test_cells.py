"""What officials type, read as they meant it."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from registry.importing import cells


@pytest.mark.parametrize(
    "typed",
    [
        "2024年3月5日",
        "2024-3-5",
        "2024/03/05",
        "2024.3.5",
        "20240305",
        "２０２４年３月５日",
        " 2024年 3月 5日 ",
        45356,
        "45356",
        45356.0,
        datetime.date(2024, 3, 5),
        datetime.datetime.fromisoformat("2024-03-05"),
        "2024-03-05 00:00:00",
    ],
)
def test_days_are_read_however_they_were_typed(typed):
    assert cells.date(typed) == datetime.date(2024, 3, 5)


@pytest.mark.parametrize("typed", ["三月五日", "3/5/24", "2024-13-05", "2024年2月30日", "昨天", 12, -1, "=TODAY()"])
def test_what_is_no_day_is_refused(typed):
    with pytest.raises(ValueError, match=r"[一-龥]"):
        cells.date(typed)


@given(st.dates(datetime.date(1911, 1, 1), datetime.date(2100, 1, 1)))
def test_every_day_comes_back_from_its_serial_number_and_its_text(day):
    assert cells.date((day - datetime.date(1899, 12, 30)).days) == day
    assert cells.date(f"{day.year}年{day.month}月{day.day}日") == day


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1,200.50", "1200.50"), ("￥1200.5元", "1200.50"), ("１２００．５", "1200.50"), (0.1 + 0.2, "0.30"), (7, "7.00")],
)
def test_amounts(typed, meant):
    assert cells.decimal(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", ["1.234", "NaN", "Infinity", "一百", "1e400", "--1"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValueError, match=r"[一-龥]"):
        cells.decimal(typed)


def test_whole_numbers():
    assert [cells.integer(typed) for typed in ("１２", 12.0, "12", None, " ")] == [12, 12, 12, None, None]
    for typed in ("12.5", "十二", "1e-3"):
        with pytest.raises(ValueError, match="整数"):
            cells.integer(typed)


def test_moments():
    wanted = timezone.make_aware(datetime.datetime.fromisoformat("2024-03-05 14:30"))
    for typed in (
        "2024年3月5日 下午2:30",
        "2024-3-5 14:30",
        "2024/3/5 14点30分",
        "2024年3月5日14:30",
        wanted.replace(tzinfo=None),
    ):
        assert cells.moment(typed) == wanted
    with pytest.raises(ValueError, match="时间"):
        cells.moment("2024-3-5 25:00")


@pytest.mark.parametrize("typed", [1.23e17, 330522199001011234, "1.23E+17", 3.30522199001011e17])
def test_id_numbers_that_excel_spoiled_are_refused_and_told_why(typed):
    with pytest.raises(ValueError, match="文本"):
        cells.digits(typed)


def test_numbers_that_are_names():
    assert cells.digits("'３３０５２２１９９００１０１１２３x") == "33052219900101123X"
    assert cells.digits(990100001) == "990100001"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (13800000000, "13800000000"),
        ("138 0000 0000", "13800000000"),
        ("+86-138-0000-0000", "13800000000"),
        ("0572-5123456", "0572-5123456"),
    ],
)
def test_phones(typed, meant):
    assert cells.phone(typed) == meant


def test_text_keeps_rare_characters_and_loses_what_cannot_be_seen():
    assert cells.text("\u3000𠅤䶮\u200b ") == "𠅤䶮"
    assert cells.text("  ") is None
    assert cells.text(12.0) == "12"


def test_yes_and_no():
    assert [cells.boolean(typed) for typed in ("是", "√", "否", "无", None, True)] == [
        True,
        True,
        False,
        False,
        None,
        True,
    ]
    with pytest.raises(ValueError, match="是"):
        cells.boolean("也许")
