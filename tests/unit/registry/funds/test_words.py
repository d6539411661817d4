"""Sums in the capital numerals of receipts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.funds.reports import amount_in_words
from registry.funds.templatetags.fund_numbers import money, quantity

_VALUES = {"零": 0} | {digit: number for number, digit in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}
_UNITS = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("1.05", "壹元零伍分"),
        ("10", "壹拾元整"),
        ("1200.50", "壹仟贰佰元伍角整"),
        ("10005.55", "壹万零伍元伍角伍分"),
        ("100050", "壹拾万零伍拾元整"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("20300004000.30", "贰佰零叁亿零肆仟元叁角整"),
    ],
)
def test_a_sum_in_words(amount, words):
    assert amount_in_words(Decimal(amount)) == words


def _read(words: str) -> Decimal:
    """The sum that the words say."""
    yuan, found, rest = words.partition("元")
    if not found:
        yuan, rest = "零", words
    fen = 0
    said = rest.replace("整", "").replace("零", "")
    for digit, unit in zip(said[::2], said[1::2], strict=True):
        fen += _VALUES[digit] * {"角": 10, "分": 1}[unit]
    return Decimal(_whole(yuan)) + Decimal(fen) / 100


def _whole(text: str) -> int:
    total = group = digit = 0
    for char in text:
        if char in _VALUES:
            digit = _VALUES[char]
        elif char in _UNITS:
            group, digit = group + digit * _UNITS[char], 0
        elif char == "万":
            total, group, digit = total + (group + digit) * 10_000, 0, 0
        else:
            total, group, digit = (total + group + digit) * 10**8, 0, 0
    return total + group + digit


@given(st.decimals(min_value=0, max_value=Decimal("99999999999.99"), places=2))
def test_the_words_say_the_sum(amount):
    assert _read(amount_in_words(amount)) == amount


def test_numbers_on_pages():
    assert money(Decimal("1234.5")) == "1,234.50"
    assert quantity(Decimal("1200.000")) == "1,200"
    assert quantity(Decimal("0.500")) == "0.5"
    assert money(None) == quantity(None) == "—"
