"""The small tags and filters of the templates."""

import pytest
from django.utils.safestring import mark_safe

from home.templatetags.look import dialled, kind_label, page_link, page_numbers, paragraphs, segments, under
from search.results import Segment


def test_what_matched_is_marked_and_everything_is_escaped() -> None:
    hit = (Segment("<b>协议"), Segment("离婚&", matched=True))
    assert segments(hit) == "&lt;b&gt;协议<mark>离婚&amp;</mark>"
    assert segments("<b>") == "&lt;b&gt;"


@pytest.mark.parametrize(
    ("page", "count", "numbers"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, None, 9]),
        (3, 9, [1, 2, 3, 4, None, 9]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (7, 9, [1, None, 6, 7, 8, 9]),
        (9, 9, [1, None, 8, 9]),
    ],
)
def test_the_pages_round_this_one_are_named(page: int, count: int, numbers: list[int | None]) -> None:
    assert page_numbers(page, count) == numbers


def test_a_page_keeps_the_filters_and_loses_the_old_page() -> None:
    assert page_link(3, "q=离婚&page=2&kind=guide") == "?q=%E7%A6%BB%E5%A9%9A&kind=guide&page=3"
    assert page_link(1, "?q=a%26b&page=2") == "?q=a%26b"


def test_text_becomes_paragraphs_and_markup_is_escaped() -> None:
    assert paragraphs("一\n\n<二>") == "<p>一</p>\n\n<p>&lt;二&gt;</p>"


def test_safe_html_keeps_its_own_blocks() -> None:
    assert paragraphs(mark_safe("<p>一</p>")) == "<p>一</p>"
    assert paragraphs(mark_safe('见<a href="/x">这里</a>')) == '<p>见<a href="/x">这里</a></p>'


def test_a_short_or_long_row_still_has_its_cells() -> None:
    assert under(["甲", "乙"], ["一", "二", "三"]) == [("一", "甲"), ("二", "乙")]
    assert under(["甲", "乙"], ["一"]) == [("一", "甲"), ("", "乙")]


def test_a_telephone_number_is_dialled_without_its_dressing() -> None:
    assert dialled("(0571) 8888-6666 转 2") == "0571888866662"


def test_an_unknown_kind_keeps_its_name() -> None:
    assert kind_label("guide") == "办事指南"
    assert kind_label("comet") == "comet"
