"""Passages and what is marked in them."""

from hypothesis import given
from hypothesis import strategies as st

from search.analysis import terms
from search.passages import ELLIPSIS, LENGTH, best_passage, highlighted
from search.results import Segment


def weights(text: str) -> dict[str, float]:
    return dict.fromkeys(terms(text), 5.0)


def marked(segments: tuple[Segment, ...]) -> list[str]:
    return [segment.text for segment in segments if segment.matched]


def shown(segments: tuple[Segment, ...]) -> str:
    return "".join(segment.text for segment in segments)


def test_pairs_that_touch_are_marked_together():
    assert highlighted("夫妻共同财产的分割", weights("夫妻共同财产")) == (
        Segment("夫妻共同财产", matched=True),
        Segment("的分割"),
    )


def test_single_characters_are_not_marked_beside_pairs():
    assert marked(highlighted("离家出走后离婚", weights("离婚"))) == ["离婚"]


def test_a_telling_character_is_marked_where_nothing_longer_matches():
    assert marked(highlighted("被犬只咬伤", {"犬": 6.0, "只": 1.0})) == ["犬"]


def test_marks_stand_in_the_text_as_it_was_written():
    text = "服務(wù)人口超過ＷｉＦｉ"
    assert shown(highlighted(text, weights("服务人口 wifi"))) == text
    assert marked(highlighted(text, weights("服务人口 wifi"))) == ["服務(wù)人口", "ＷｉＦｉ"]


def test_a_word_of_letters_is_marked_whole_or_not_at_all():
    assert marked(highlighted("wifi wifi6", weights("wifi"))) == ["wifi"]


def test_a_short_text_is_shown_whole():
    assert shown(best_passage(["离婚应当登记。"], weights("离婚"))) == "离婚应当登记。"


def test_a_passage_begins_with_the_sentence_that_answers_and_ends_with_one():
    noise = "本办法适用于各级机关和事业单位的工作人员。" * 10
    answer = "押金应当在退租后三日内退还给承租人。"
    found = best_passage([noise + answer + noise], weights("退还押金"))
    assert shown(found).startswith(ELLIPSIS + answer)
    assert shown(found).rstrip(ELLIPSIS).endswith("。")
    assert shown(found).endswith(ELLIPSIS)


def test_the_window_with_more_distinct_terms_wins():
    first = "押金押金押金押金。" + "其他的规定都在后面的各章里说明。" * 12
    second = "房东不退押金的，可以起诉。"
    assert second in shown(best_passage([first + second], weights("房东不退押金")))


def test_the_text_that_answers_is_chosen_among_several():
    assert shown(best_passage(["与此无关。", "房东应当退押金。"], weights("退押金"))) == "房东应当退押金。"


def test_of_equal_texts_the_first_is_taken():
    assert shown(best_passage(["甲：退押金。", "乙：退押金。"], weights("退押金"))) == "甲：退押金。"


def test_nothing_where_nothing_matches():
    assert best_passage(["", "与此无关。"], weights("押金")) == ()


def test_paragraphs_are_joined_in_a_passage():
    assert "\n" not in shown(best_passage(["房东\n应当退押金。"], weights("押金")))


def test_a_sentence_without_end_is_entered_near_the_match():
    text = "无标点" * 400 + "押金" + "无标点" * 400
    found = best_passage([text], weights("押金"))
    assert marked(found) == ["押金"]
    assert len(shown(found)) <= LENGTH + 2


@given(st.text(alphabet="押金退还离婚，。；\n(wù)ＡàB ", max_size=400), st.text(alphabet="押金退还离婚ab", max_size=8))
def test_a_passage_is_a_stretch_of_the_text(text, query):
    found = best_passage([text], weights(query))
    inner = shown(found).removeprefix(ELLIPSIS).removesuffix(ELLIPSIS)
    assert inner.strip() in text.replace("\n", " ")
    assert len(inner) <= LENGTH
    assert shown(highlighted(text, weights(query))) == text
