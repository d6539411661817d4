"""Text to terms."""

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import (
    MAX_QUERY_CHARS,
    MAX_WORD_CHARS,
    clean,
    fingerprint,
    fold,
    fold_with_offsets,
    query_terms,
    terms,
)


def test_han_becomes_single_characters_and_pairs_in_the_order_of_the_text():
    assert terms("离婚后") == ["离", "离婚", "婚", "婚后", "后"]


def test_other_scripts_and_digits_stay_whole_words():
    assert terms("WiFi密码是abc123") == ["wifi", "密", "密码", "码", "码是", "是", "abc123"]


def test_no_pair_reaches_across_punctuation():
    assert "婚抚" not in terms("离婚，抚养")


def test_a_character_outside_the_basic_plane_is_one_character():
    assert terms("𠅤村") == ["𠅤", "𠅤村", "村"]


def test_a_word_without_end_is_cut():
    assert terms("x" * 500) == ["x" * MAX_WORD_CHARS]


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("離婚協議書", "离婚协议书"),
        ("服務(wù)人口", "服务人口"),
        ("經（jīng）濟（jì）發(fā)展", "经济发展"),
        ("(a)款", "(a)款"),
        ("第(二)項", "第(二)项"),
        ("瞭解屋簷傢俱", "了解屋檐家具"),
        ("①", "1"),
    ],
)
def test_folding(written, folded):
    assert fold(written) == folded.replace("家", fold("家"))


@pytest.mark.parametrize("scheme", ["s2tw", "s2hk", "s2t"])
def test_traditional_text_folds_to_what_simplified_text_folds_to(scheme):
    text = "借口答复了解后面里外制造发展机关头发干涉着作权家具座位苏醒屋檐卫生叙述"
    assert fold(opencc.OpenCC(scheme).convert(text)) == fold(text)


def test_clean_takes_out_what_no_database_holds_and_keeps_lines():
    assert clean("a\x00b\ud800c\nd\te\x1b") == "abc\nd\te"


def test_question_words_and_repeats_are_dropped_from_a_query():
    assert query_terms("怎么离婚离婚？") == ["离", "离婚", "婚", "婚离"]


@pytest.mark.parametrize("word", ["标的物", "目的", "了解", "他人", "其他", "我国"])
def test_characters_of_words_are_no_question_words(word):
    assert query_terms(f"我{word}的") == terms(word)


def test_a_question_of_nothing_but_question_words_keeps_them():
    assert query_terms("什么") == ["什", "什么", "么"]


@pytest.mark.parametrize("text", ["", "。，！", "\x00", "\ud800", '"" OR NOT -', "   "])
def test_a_query_without_a_word_has_no_terms_of_it(text):
    assert query_terms(text) in ([], ["or", "not"])


def test_a_query_is_bounded():
    assert len(query_terms("".join(chr(0x4E00 + i) for i in range(10_000)))) <= 2 * MAX_QUERY_CHARS


def test_the_fingerprint_is_the_same_each_time():
    assert fingerprint() == fingerprint()


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=60))
def test_offsets_lead_back_to_where_each_character_came_from(text):
    folded, offsets = fold_with_offsets(text)
    assert len(offsets) == len(folded) + 1
    assert offsets == sorted(offsets)
    assert all(0 <= offset <= len(text) for offset in offsets)


@given(st.text(alphabet="離婚后abＡ１(wùé)，。ﬁ㈱ ", max_size=40))
def test_offsets_belong_to_the_folded_text(text):
    assert fold_with_offsets(text)[0] == fold(text)


@given(st.text(max_size=200))
def test_nothing_breaks_the_analysis(text):
    for term in query_terms(text):
        assert term
        assert not any(character.isspace() for character in term)
