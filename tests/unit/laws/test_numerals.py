import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.laws.numerals import format_label, format_number, parse_number


@given(st.integers(1, 9999))
def test_every_number_survives_the_way_to_chinese_and_back(number):
    assert parse_number(format_number(number)) == number


@given(st.integers(1, 9999))
def test_digits_of_both_widths_mean_the_same(number):
    wide = str(number).translate({ord(d): ord("０") + int(d) for d in "0123456789"})
    assert parse_number(str(number)) == parse_number(wide) == number


@given(st.text(max_size=12))
def test_whatever_is_no_numeral_is_none_and_never_an_error(text):
    value = parse_number(text)
    assert value is None or 0 <= value <= 9999


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零一", 101),
        ("一百一十", 110),
        ("二百十五", 215),
        ("一千零七十九", 1079),
        ("一〇七九", 1079),
        ("一千二百六十", 1260),
        ("兩百", 200),
        ("贰佰叁拾", 230),
    ],
)
def test_numerals_as_statutes_write_them(written, value):
    assert parse_number(written) == value


@pytest.mark.parametrize("written", ["", "百", "二三十", "十百", "一万", "12345", "第五", "五条", "一百百"])
def test_what_is_not_a_numeral_is_refused(written):
    assert parse_number(written) is None


def test_labels_have_the_zero_and_the_ones_that_statutes_write():
    assert format_label(10) == "第十条"
    assert format_label(110) == "第一百一十条"
    assert format_label(133, 1) == "第一百三十三条之一"
    assert format_label(1001) == "第一千零一条"


@pytest.mark.parametrize("number", [0, -1, 10_000])
def test_a_number_that_no_article_has_is_refused(number):
    with pytest.raises(ValueError, match="not the number"):
        format_number(number)
