"""What the search box offers while someone types."""

import json

import pytest

from search import outbox, suggestions
from search.documents import Document, Source, register, sources
from search.models import Suggestion

pytestmark = pytest.mark.django_db
URL = "/search/suggest/"


def document(key, *phrases, kind="guide", url=""):
    return Document(key=key, kind=kind, title=phrases[0], url=url or f"/{key}/", suggest=phrases)


@pytest.fixture
def phrases():
    suggestions.replace_all(
        [
            document("guide:1", "协议离婚怎么办手续", "和平分手去哪办"),
            document("guide:2", "离婚后孩子跟谁"),
            document("law:3", "中华人民共和国民法典", "民法典", kind="law"),
            document("law:4", "民事诉讼法", kind="law"),
            document("law:5", "道路交通安全法", "道交法", kind="law"),
            document("question:6", "Wi-Fi密码被蹭怎么办？", kind="question"),
            document("question:7", "村里“土地确权”证丢了咋补", kind="question"),
            document("guide:8", "领养孩子怎么登记"),
        ]
    )


def offered(text):
    return [offer.phrase for offer in suggestions.suggest(text)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("离婚", "离婚后孩子跟谁"),
        ("離婚", "离婚后孩子跟谁"),
        ("lihun", "离婚后孩子跟谁"),
        ("LiHun", "离婚后孩子跟谁"),
        ("li hun", "离婚后孩子跟谁"),
        ("li'hun", "离婚后孩子跟谁"),
        ("ｌｉｈｕｎ", "离婚后孩子跟谁"),
        ("lh", "离婚后孩子跟谁"),
        ("lihunhouhaizi", "离婚后孩子跟谁"),
        ("离昏", "离婚后孩子跟谁"),
        ("民法", "民法典"),
        ("mfd", "民法典"),
        ("minfadian", "民法典"),
        ("djf", "道交法"),
        ("wi-fi", "Wi-Fi密码被蹭怎么办？"),
        ("fenshou", "和平分手去哪办"),
        ("土地确权", "村里“土地确权”证丢了咋补"),
        ("lingyang", "领养孩子怎么登记"),
    ],
)
def test_found_by_characters_pinyin_and_initials(phrases, typed, first):
    assert offered(typed)[0] == first


def test_what_begins_with_it_stands_before_what_holds_it(phrases):
    assert offered("离婚") == ["离婚后孩子跟谁", "协议离婚怎么办手续"]
    assert offered("lihun") == ["离婚后孩子跟谁", "协议离婚怎么办手续"]


def test_pinyin_begins_with_a_syllable(phrases):
    # …chang an… is in 交通安全法 only across the edge of two syllables.
    assert offered("tongan") == ["道路交通安全法"]
    assert offered("onganq") == []


def test_one_line_for_each_page(phrases):
    assert offered("民") == []
    assert offered("民法典") == ["民法典"]


@pytest.mark.parametrize("typed", ["", " ", "离", "l", "字" * 41, "%%", "__", "\\\\", "\x00\x00", "''"])
def test_too_short_too_long_or_no_text(phrases, typed):
    assert offered(typed) == []


def test_json_for_the_box(client, phrases, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get(URL, {"q": "离婚", "format": "json"})
    assert response["Content-Type"] == "application/json"
    first = json.loads(response.content)["suggestions"][0]
    assert first == {"phrase": "离婚后孩子跟谁", "url": "/guide:2/", "kind": "guide", "label": "办事指南"}
    assert client.get(URL, {"q": "离婚"}, headers={"Accept": "application/json"})["Content-Type"] == "application/json"
    assert not response.cookies


def test_links_for_everybody_else(client, phrases):
    response = client.get(URL, {"q": "民法"}, headers={"Accept": "text/html,*/*;q=0.8"})
    page = response.content.decode()
    assert response["Content-Type"].startswith("text/html")
    assert '<a href="/law:3/">民法典</a>' in page
    assert "没有相近的标题" in client.get(URL, {"q": "qwerty"}).content.decode()


def test_phrases_follow_their_document(phrases):
    suggestions.update([document("guide:2", "离异后孩子跟谁")])
    assert offered("离婚") == ["协议离婚怎么办手续"]
    assert offered("liyi") == ["离异后孩子跟谁"]
    suggestions.update([], gone=["guide:2", "guide:1"])
    assert offered("liyi") == []
    assert offered("离婚") == []


def test_a_phrase_twice_in_a_document_is_one(phrases):
    suggestions.update([document("guide:9", "彩礼", "彩禮", " 彩礼 ", "", "，")])
    assert Suggestion.objects.filter(document="guide:9").count() == 1


def test_long_and_odd_phrases_are_stored():
    odd = ["很" * 500, "A" * 300, "NUL\x00字", "𠅤家的地", "ü" * 200, "㈠" * 120]
    suggestions.update([document("guide:1", *odd)])
    assert Suggestion.objects.count() == len(odd)


class _GuideTwin(Source):
    """A source whose one row the test decides on."""

    name = "suggestion-test"
    label = "测试"
    model = Suggestion

    def queryset(self):
        return Suggestion.objects.filter(kind="row")

    def document(self, obj):
        return Document(key=self.key(obj.pk), kind=self.name, title=obj.phrase, url="/row/", suggest=(obj.phrase,))


@pytest.fixture
def source(monkeypatch):
    monkeypatch.setattr("search.documents._sources", dict(sources()))
    return register(_GuideTwin())


def test_delivery_keeps_the_phrases(build, source):
    build()
    row = Suggestion.objects.create(kind="row", document="x", phrase="彩礼能退吗", folded="x", url="/")
    outbox.record(source.name, [row.pk])
    outbox.deliver()
    assert offered("caili") == ["彩礼能退吗"]
    pk = row.pk
    row.delete()
    outbox.record(source.name, [pk])
    outbox.deliver()
    assert offered("caili") == []


def test_a_document_without_phrases_leaves_no_row():
    suggestions.update([Document(key="guide:1", kind="guide", title="题", url="/")])
    assert not Suggestion.objects.exists()
