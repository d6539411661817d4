import pytest

from knowledge.guides.lawlinks import _TAG, _text_places
from knowledge.guides.links import extract_links
from knowledge.guides.models import GuidePage, LessonPage, StoryPage

# Wagtail looks up the content type of every page that is made, saved or not.
pytestmark = pytest.mark.django_db


def test_links_in_rich_text_are_told_by_kind() -> None:
    story = StoryPage(
        what_happened='<p><a linktype="page" id="7">一</a> <a linktype="document" id="3">二</a></p>',
        outcome='<p><a href="https://example.com/?a=1&amp;b=2">三</a></p>',
        lesson='<p><a href="/laws/minfadian/">四</a></p>',
    )
    assert extract_links(story) == [
        ("page", "7"),
        ("document", "3"),
        ("address", "https://example.com/?a=1&b=2"),
        ("address", "/laws/minfadian/"),
    ]


def test_links_in_blocks_are_read_from_what_is_stored() -> None:
    # Rows that are gone must be told too: nothing is looked up.
    guide = GuidePage()
    guide.body = guide.body.stream_block.to_python(
        [
            {"type": "text", "value": '<p><a linktype="page" id="9">一</a></p>'},
            {"type": "downloads", "value": [{"type": "item", "value": {"document": 5, "title": ""}}]},
            {"type": "video", "value": {"title": "看", "file": None, "link": "https://v.example.cn/1"}},
            {"type": "cited_article", "value": {"article": 11, "why": "依据"}},
        ]
    )
    guide.sources = guide.sources.stream_block.to_python([{"type": "article", "value": {"article": 12, "why": ""}}])
    assert set(extract_links(guide)) == {
        ("page", "9"),
        ("document", "5"),
        ("address", "https://v.example.cn/1"),
        ("article", "11"),
        ("article", "12"),
    }
    assert guide.cited_articles() == {12: "", 11: "依据"}


def test_a_lessons_own_links_count() -> None:
    lesson = LessonPage(link="https://live.example.cn/", recording_link="https://v.example.cn/2", recording_id=4)
    assert set(extract_links(lesson)) == {
        ("address", "https://live.example.cn/"),
        ("address", "https://v.example.cn/2"),
        ("document", "4"),
    }


def test_a_link_that_is_there_twice_is_one() -> None:
    story = StoryPage(what_happened='<a href="/x/">一</a>', outcome='<a href="/x/">二</a>', lesson="")
    assert extract_links(story) == [("address", "/x/")]


def test_no_links_are_put_into_links_headings_and_the_laws_own_text() -> None:
    html = "<p>一<a href='/'>二</a>三</p><h2>四</h2><details><p>五<b>六</b></p></details>七"
    pieces = _TAG.split(html)
    assert [pieces[place] for place in _text_places(pieces) if pieces[place]] == ["一", "三", "七"]
