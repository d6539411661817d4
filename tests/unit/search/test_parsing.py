"""Queries taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import MAX_QUERY_CHARS
from search.parsing import MAX_OPERATORS, ParsedQuery, parse


def parts(text: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    parsed = parse(text)
    return parsed.words, parsed.phrases, parsed.excluded


@pytest.mark.parametrize(
    ("text", "words", "phrases", "excluded"),
    [
        ("离婚 抚养费", "离婚 抚养费", (), ()),
        ('"夫妻共同财产" 分割', "分割", ("夫妻共同财产",), ()),
        ('离婚"抚养费"多少', "离婚 多少", ("抚养费",), ()),
        ("“夫妻共同财产” 分割", "分割", ("夫妻共同财产",), ()),
        ("＂夫妻共同财产＂", "", ("夫妻共同财产",), ()),
        ("「宅基地」", "", ("宅基地",), ()),
        ("离婚 -抚养费", "离婚", (), ("抚养费",)),
        ("离婚 －抚养费", "离婚", (), ("抚养费",)),
        ('离婚 -"子女 抚养"', "离婚", (), ("子女 抚养",)),
        ("2020-2021年", "2020-2021年", (), ()),
        ("离婚 - 抚养费", "离婚 - 抚养费", (), ()),
        ("-抚养费", "-抚养费", (), ()),
        ('"没有关上的引号', '"没有关上的引号', (), ()),
        ('"" 离婚', '"" 离婚', (), ()),
        ('"，。" 离婚', '"，。" 离婚', (), ()),
    ],
)
def test_parts(text, words, phrases, excluded):
    assert parts(text) == (words, phrases, excluded)


def test_chinese_quotation_marks_inside_a_sentence_are_no_operators():
    assert parts("名为“个体工商户”实为“合伙”怎么认定") == ("名为“个体工商户”实为“合伙”怎么认定", (), ())


def test_the_terms_of_phrases_count_too():
    assert parse('"抚养费"').terms == ["抚", "抚养", "养", "养费", "费"]


def test_a_long_query_is_cut_and_says_so():
    parsed = parse("离婚" * 50_000)
    assert parsed.cut
    assert len(parsed.text) == MAX_QUERY_CHARS
    assert not parse("离婚").cut


def test_operators_are_bounded():
    parsed = parse(" ".join(f'"词{number}"' for number in range(30)))
    assert len(parsed.phrases) == MAX_OPERATORS


@pytest.mark.parametrize("text", ["", " ", "。", "\x00", "\ud800", "！？", '""', "- - -"])
def test_what_holds_no_word_is_empty(text):
    assert not parse(text)


@given(st.text(alphabet='离婚抚养 "“”-－「」\x00\ud800ab', max_size=300))
def test_nothing_is_refused(text):
    parsed = parse(text)
    assert isinstance(parsed, ParsedQuery)
    assert len(parsed.text) <= MAX_QUERY_CHARS
    assert "\x00" not in parsed.text
