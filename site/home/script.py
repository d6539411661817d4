"""Traditional characters for readers who chose them: pages are converted when they are sent.

Everything is written and stored in simplified characters. For readers with the cookie `script=hant` the text of a
finished page, and those of its attributes that people read, go through OpenCC's s2tw; addresses, form values, code and
whatever is marked `translate="no"` stay as they are, so that a page in either script is the same page.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import accumulate, pairwise

from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from .preferences import preferences, variant
from .traditional import HAN, HAN_RANGE, to_traditional

__all__ = ["ScriptMiddleware", "convert_html", "to_traditional", "variant"]


# A comment or declaration; an element whose content is no markup; a tag, whose quoted values may hold `>`; text.
_TOKEN = re.compile(
    r"""<!--.*?-->|<![^>]*>"""
    r"""|(?P<open><(?P<raw>script|style|textarea|xmp)\b(?:[^>"']|"[^"]*"|'[^']*')*+>).*?</(?P=raw)\s*>"""
    r"""|</?(?P<tag>[a-z][^\s/>]*)(?:[^>"']|"[^"]*"|'[^']*')*+>"""
    r"""|[^<]+|<""",
    re.DOTALL | re.IGNORECASE,
)
# What most of a page is made of and nothing has to be done about: tags and text without a Han character.
_INERT = re.compile(
    rf"""(?:[^<{HAN_RANGE}]++"""
    rf"""|</?(?!(?:script|style|textarea|xmp|code|kbd|samp)\b)[a-z]"""
    rf"""(?:[^<>"'{HAN_RANGE}]|"[^"{HAN_RANGE}]*"|'[^'{HAN_RANGE}]*')*+>)++""",
    re.IGNORECASE,
)
# Markup inside a word does not end it: 头<mark>发</mark> is 頭髮, while 发 alone would become 發.
_INLINE = re.compile(
    r"""(?:</?(?:a|abbr|b|bdi|cite|del|dfn|em|i|ins|mark|s|small|span|strong|sub|sup|u|wbr)\b"""
    r"""(?:[^>"']|"[^"]*"|'[^']*')*+>)+""",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""\s([^\s=>/"']+)\s*=\s*(?:"([^"]*)"|'([^']*)'|[^\s>"']+)""")
_LANG = re.compile(r"""(\slang\s*=\s*["']?)zh-(?:hans|cn)\b""", re.IGNORECASE)
_NOT_TRANSLATED = re.compile(r"""\stranslate\s*=\s*["']?no\b""", re.IGNORECASE)
_READ_META = re.compile(
    r"""\s(?:name|property)\s*=\s*["'](?:description|keywords|author|application-name|og:(?:title|description|site_name))"""
    r"""["']""",
    re.IGNORECASE,
)

_READ_ATTRIBUTES = frozenset(
    {"alt", "title", "placeholder", "label", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext"}
)
_LITERAL = frozenset({"code", "kbd", "samp"})
_BREAK = "\n"

_KEPT_PAGES = 64
"""How many converted bodies a process keeps, by content: for pages that are made anew but come out the same."""


def convert_html(html: str) -> str:
    """A page in traditional characters: the same tags and addresses, other characters in what people read."""
    if not HAN.search(html) and "zh-" not in html:
        return html
    return _Converted(html).html()


class _Converted:
    """A page taken apart into pieces that are copied and stretches that are converted, all of them in one call."""

    def __init__(self, page: str) -> None:
        self.pieces: list[str] = []
        self.texts: list[tuple[int, str]] = []
        """Which pieces are text, and what parts each from the one before: nothing inside a word, else a line break."""
        self.attributes: list[tuple[int, str]] = []
        """The same for values of attributes, which stand outside the flow of the text."""
        self._take_apart(page)

    def html(self) -> str:
        """The page put together again, converted."""
        stretches = self.texts + self.attributes
        before = [glue + self.pieces[at] for at, glue in stretches]
        for (at, glue), after in zip(stretches, _convert_each(before), strict=True):
            self.pieces[at] = after[len(glue) :]
        return "".join(self.pieces)

    def _take_apart(self, page: str) -> None:
        at, glue = 0, _BREAK
        while at < len(page):
            if inert := _inert(page, at):
                self.pieces.append(inert)
                at += len(inert)
                glue = glue if _INLINE.fullmatch(inert) else _BREAK
                continue
            token = _TOKEN.match(page, at)
            assert token is not None  # its last alternatives take any character
            at, glue = self._take(page, token, glue)

    def _take(self, page: str, token: re.Match[str], glue: str) -> tuple[int, str]:
        """Take one token, or the element that it opens if that stays as it is: where it ends, and the next glue."""
        piece, name, end = token[0], token["tag"], token.end()
        if piece[0] != "<":
            self.texts.append((len(self.pieces), glue))
            self.pieces.append(piece)
            return end, ""
        if name and not piece.startswith("</") and _is_literal(name, piece):
            end = _end_of_element(page, name, end)
            self.pieces.append(page[token.start() : end])
        elif name or token["raw"]:
            tag = token["open"] or piece
            self._tag(tag)
            self.pieces.append(piece[len(tag) :])
        else:
            self.pieces.append(piece)
        return end, glue if _INLINE.fullmatch(piece) else _BREAK

    def _tag(self, tag: str) -> None:
        """A tag, with the values that people read taken out of it."""
        if "zh-" in tag:
            tag = _LANG.sub(r"\1zh-Hant", tag)
        end = 0
        if HAN.search(tag):
            for start, stop in _read_values(tag):
                self.pieces.append(tag[end:start])
                self.attributes.append((len(self.pieces), _BREAK))
                self.pieces.append(tag[start:stop])
                end = stop
        self.pieces.append(tag[end:])


def _inert(page: str, at: int) -> str:
    """What can be copied from here on without looking at it."""
    match = _INERT.match(page, at)
    run = match[0] if match else ""
    return "" if "zh-" in run or "translate" in run else run


def _is_literal(name: str, tag: str) -> bool:
    return name.lower() in _LITERAL or _NOT_TRANSLATED.search(tag) is not None


def _end_of_element(page: str, name: str, at: int) -> int:
    """Where the element ends whose opening tag ends here; the page's end when it is never closed."""
    depth = 1
    for tag in re.compile(rf"<(/?){re.escape(name)}(?=[\s/>])", re.IGNORECASE).finditer(page, at):
        depth += -1 if tag[1] else 1
        if not depth:
            return page.find(">", tag.end()) + 1 or len(page)
    return len(page)


def _read_values(tag: str) -> Iterator[tuple[int, int]]:
    """Where in a tag the values stand that people read: start and end of each."""
    is_read_meta = tag[:5].lower() == "<meta" and _READ_META.search(tag) is not None
    for attribute in _ATTRIBUTE.finditer(tag):
        name = attribute[1].lower()
        if name in _READ_ATTRIBUTES or (is_read_meta and name == "content"):
            start, stop = max(attribute.span(2), attribute.span(3))
            if start >= 0:
                yield start, stop


def _convert_each(stretches: list[str]) -> list[str]:
    """Each stretch converted, with what stands beside it in view.

    The dictionaries of s2tw put a character for a character, so that the converted text is cut where the original
    was joined; should one ever not, each stretch is converted alone.
    """
    text = "".join(stretches)
    converted = to_traditional(text)
    if len(converted) != len(text):
        return [to_traditional(stretch) for stretch in stretches]
    ends = list(accumulate(map(len, stretches)))
    return [converted[start:end] for start, end in pairwise([0, *ends])]


@lru_cache(maxsize=_KEPT_PAGES)
def _kept(body: bytes, charset: str, convert: Callable[[str], str]) -> bytes:
    return convert(body.decode(charset)).encode(charset)


class ScriptMiddleware:
    """Sends public pages in the script that the reader chose.

    Belongs behind the page cache, so that a kept page is kept converted, and behind anything that compresses. The
    back office is for people who write, and what they write must stay as it is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or (convert := _conversion(request, response)) is None:
            return response
        patch_vary_headers(response, ["Cookie"])
        response["Content-Language"] = "zh-Hans"
        if preferences(request).script == "hant" and response.content:
            response.content = _kept(response.content, response.charset, convert)
            response["Content-Language"] = "zh-Hant"
            if response.has_header("Content-Length"):
                response["Content-Length"] = str(len(response.content))
        return response


def _conversion(request: HttpRequest, response: HttpResponse) -> Callable[[str], str] | None:
    """How this response is converted; None for what is no public page."""
    if request.path.startswith("/admin/") or response.has_header("Content-Encoding"):
        return None
    content_type = response.get("Content-Type", "").partition(";")[0]
    if content_type == "text/html":
        return convert_html
    # What the search box offers is read like a page; the addresses in it are ASCII.
    if content_type == "application/json" and request.path == reverse("search:suggest"):
        return to_traditional
    return None
