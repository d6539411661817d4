import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from knowledge.guides.topics import fold_topic, parse_topics


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("离婚", "离婚"),
        (" 離婚 ", "离婚"),
        ("ＷｉＦｉ", "WiFi"),
        ("人身安全  保护令", "人身安全 保护令"),
        ("“彩礼”", "彩礼"),
    ],
)
def test_a_topic_is_written_one_way(typed: str, name: str) -> None:
    assert fold_topic(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "离婚、彩礼",
        "离婚 彩礼",
        "离婚，彩礼",
        "离婚,彩礼",
        "离婚；彩礼",
        "离婚，，彩礼、",
        '"离婚", "彩礼"',
        "離婚、离婚、彩礼",
    ],
)
def test_topics_are_separated_the_chinese_way_too(typed: str) -> None:
    assert parse_topics(typed) == ["离婚", "彩礼"]


def test_a_topic_of_latin_words_keeps_its_spaces() -> None:
    assert parse_topics("GPS 定位、App Store") == ["GPS 定位", "App Store"]


@pytest.mark.parametrize("typed", ["", "、，,", "   ", None])
def test_separators_alone_are_no_topic(typed: str | None) -> None:
    assert parse_topics(typed or "") == []


def test_the_parser_is_the_one_that_forms_use() -> None:
    assert import_string(settings.TAGGIT_TAGS_FROM_STRING) is parse_topics
