"""Traditional characters: what is converted, what never is."""

from html.parser import HTMLParser

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from home.script import ScriptMiddleware, convert_html, to_traditional, variant

# --- what is converted -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>离婚</p>", "<p>離婚</p>"),
        ('<html lang="zh-Hans">', '<html lang="zh-Hant">'),
        ("<title>继承</title>", "<title>繼承</title>"),
        ('<img alt="头发" src="/头发.png">', '<img alt="頭髮" src="/头发.png">'),
        ("<a title='后来' href='/后'>x</a>", "<a title='後來' href='/后'>x</a>"),
        ('<input placeholder="搜索这里" value="离婚">', '<input placeholder="搜索這裡" value="离婚">'),
        ('<nav aria-label="当前位置" data-label="当前位置">', '<nav aria-label="當前位置" data-label="当前位置">'),
        ('<meta name="description" content="说法">', '<meta name="description" content="說法">'),
        ('<meta property="og:title" content="说法">', '<meta property="og:title" content="說法">'),
        ("<option value='婚姻'>继承</option>", "<option value='婚姻'>繼承</option>"),
        ("<noscript>请开启脚本</noscript>", "<noscript>請開啟腳本</noscript>"),
        ("&lt;离&gt; &amp; 婚", "&lt;離&gt; &amp; 婚"),
    ],
)
def test_what_people_read_is_converted(html: str, expected: str) -> None:
    assert convert_html(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        "<script>var 头发 = '<p>头发</p>'; if (a<b) {}</script>",
        "<style>.头发::before { content: '头发' }</style>",
        "<textarea name='头发'>离婚<b>头发</textarea>",
        "<code>头发<code>头发</code>头发</code>",
        "<KBD>头发</KBD>",
        "<!-- 头发 -->",
        "<!doctype html>",
        '<button value="头发" translate="no">简体<b>头发</b></button>',
        '<meta name="keyphrase" content="头发">',
        '<div class="头发" id="头发" data-x=\'title="头发"\' name="头发"></div>',
        "plain <b>ASCII</b> & no Han",
        "",
    ],
)
def test_what_machines_read_stays(html: str) -> None:
    assert convert_html(html) == html


def test_a_word_is_seen_whole_across_inline_markup() -> None:
    assert convert_html("<p>头<mark>发</mark>，<b>发</b>展</p>") == "<p>頭<mark>髮</mark>，<b>發</b>展</p>"


def test_blocks_part_words() -> None:
    assert convert_html("<td>头</td><td>发</td>") == "<td>頭</td><td>發</td>"


def test_text_after_what_stays_is_converted() -> None:
    html = '<span translate="no">简体<span>里</span></span>简体<textarea placeholder="后面">后面</textarea>后面'
    assert convert_html(html) == (
        '<span translate="no">简体<span>里</span></span>簡體<textarea placeholder="後面">后面</textarea>後面'
    )


def test_an_element_never_closed_stays_to_the_end() -> None:
    assert convert_html("<p>离婚</p><code>头发") == "<p>離婚</p><code>头发"


# --- properties ------------------------------------------------------------------------------------------------


class _Structure(HTMLParser):
    """All of a page but its texts and the values that people read."""

    READ = frozenset({"alt", "title", "placeholder", "label", "aria-label", "lang", "content"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.events: list[object] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = [(name, "" if name in self.READ else value) for name, value in attrs]
        self.events.append(("start", tag, kept))

    def handle_endtag(self, tag: str) -> None:
        self.events.append(("end", tag))

    def handle_comment(self, data: str) -> None:
        self.events.append(("comment", data))

    def handle_entityref(self, name: str) -> None:
        self.events.append(("entity", name))


_TEXT = st.text(alphabet="离婚头发后里只干面 abc&;/=-\n\"'签", max_size=12)
_NAMES = st.sampled_from(["p", "div", "a", "mark", "span", "b", "code", "td", "h2", "textarea", "button"])
_ATTRIBUTES = st.dictionaries(
    st.sampled_from(["title", "href", "class", "data-title", "aria-label", "value", "translate", "lang"]),
    st.one_of(_TEXT.map(lambda text: text.replace('"', "").replace("'", "")), st.sampled_from(["no", "zh-Hans"])),
    max_size=3,
)


@st.composite
def _elements(draw: st.DrawFn, children: st.SearchStrategy[str]) -> str:
    name = draw(_NAMES)
    quote = draw(st.sampled_from(["'", '"']))
    attributes = "".join(f" {key}={quote}{value}{quote}" for key, value in draw(_ATTRIBUTES).items())
    inner = draw(_TEXT) if name == "textarea" else "".join(draw(st.lists(children, max_size=4)))
    return f"<{name}{attributes}>{inner}</{name}>"


_HTML = st.recursive(_TEXT, lambda children: _elements(children), max_leaves=12)


@given(_HTML)
def test_the_markup_is_never_changed(html: str) -> None:
    assert _Structure(convert_html(html)).events == _Structure(html).events


@given(_HTML)
def test_nothing_is_lost_or_added(html: str) -> None:
    converted = convert_html(html).replace("zh-Hant", "zh-Hans")
    assert len(converted) == len(html)
    assert [c for c in converted if ord(c) < 0x2E80] == [c for c in html if ord(c) < 0x2E80]


@given(st.text(alphabet="<>/\"'= !-abctextarea离婚头发", max_size=60))
def test_any_text_at_all_has_an_answer(text: str) -> None:
    assert len(convert_html(text)) == len(text)


@given(st.text(max_size=60))
def test_conversion_keeps_the_length(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    assert len(to_traditional(text)) == len(text)


# --- the middleware --------------------------------------------------------------------------------------------

PAGE = "<p>离婚</p>"


def _request(path: str = "/", **cookies: str) -> HttpRequest:
    request = HttpRequest()
    request.path = path
    request.COOKIES = dict(cookies)
    return request


def _send(request: HttpRequest, response: HttpResponse | StreamingHttpResponse) -> HttpResponse:
    return ScriptMiddleware(lambda _: response)(request)


def test_a_page_is_sent_in_the_script_that_was_chosen() -> None:
    response = _send(_request(script="hant"), HttpResponse(PAGE))
    assert response.content.decode() == "<p>離婚</p>"
    assert response["Content-Language"] == "zh-Hant"


def test_the_length_that_was_announced_is_put_right() -> None:
    response = HttpResponse("<p>里</p>", headers={"Content-Length": "999"})
    assert _send(_request(script="hant"), response)["Content-Length"] == str(len("<p>里</p>".encode()))


@pytest.mark.parametrize("cookies", [{}, {"script": "hans"}, {"script": "klingon"}, {"type": "large"}])
def test_a_page_stays_as_written_for_everybody_else(cookies: dict[str, str]) -> None:
    response = _send(_request(**cookies), HttpResponse(PAGE))
    assert response.content.decode() == PAGE
    assert response["Content-Language"] == "zh-Hans"


def test_caches_are_told_that_pages_differ_by_cookie() -> None:
    assert "Cookie" in _send(_request(), HttpResponse(PAGE))["Vary"]


@pytest.mark.parametrize(
    ("path", "response"),
    [
        ("/admin/pages/", HttpResponse(PAGE)),
        ("/", HttpResponse(PAGE, content_type="text/plain")),
        ("/", JsonResponse({"title": "离婚"}, json_dumps_params={"ensure_ascii": False})),
        ("/", HttpResponse(PAGE, headers={"Content-Encoding": "gzip"})),
    ],
)
def test_what_is_no_public_page_is_left_alone(path: str, response: HttpResponse) -> None:
    before = response.content
    assert _send(_request(path, script="hant"), response).content == before


def test_what_the_search_box_offers_is_read_like_a_page() -> None:
    offers = {"suggestions": [{"phrase": "离婚", "url": "/search/?q=%E7%A6%BB%E5%A9%9A"}]}
    response = JsonResponse(offers, json_dumps_params={"ensure_ascii": False})
    content = _send(_request(reverse("search:suggest"), script="hant"), response).content.decode()
    assert content == '{"suggestions": [{"phrase": "離婚", "url": "/search/?q=%E7%A6%BB%E5%A9%9A"}]}'


def test_a_stream_is_left_alone() -> None:
    response = _send(_request(script="hant"), StreamingHttpResponse([PAGE.encode()]))
    assert b"".join(response.streaming_content).decode() == PAGE


def test_the_variant_is_made_of_both_choices_and_of_nothing_unknown() -> None:
    assert variant(_request()) == "hans-normal"
    assert variant(_request(script="hant", type="large")) == "hant-large"
    assert variant(_request(script="x" * 5000, type="\x00")) == "hans-normal"
