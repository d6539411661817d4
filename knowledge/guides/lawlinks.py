"""Links from citations in running text to the articles: in a whole rendered page at once, in two queries."""

import re
from collections.abc import Iterator
from html import unescape

from django.utils.safestring import SafeString, mark_safe

from knowledge.laws.linking import link_all

_TAG = re.compile(r"(<[^>]*>)")
_TAG_NAME = re.compile(r"</?([a-zA-Z0-9]+)")
_UNTOUCHED = frozenset({"a", "details", "button", "h1", "h2", "h3", "h4", "script", "style"})
"""Inside these nothing is linked: no link within a link, and what a details holds is the law's own text."""


def link_laws(html: str) -> SafeString:
    """The same HTML, with each citation of an article in force made a link. Text that names no law is left alone."""
    pieces = _TAG.split(html)
    places = [place for place in _text_places(pieces) if "条" in pieces[place] or "條" in pieces[place]]
    linked = link_all([(unescape(pieces[place]), None) for place in places])
    for place, text in zip(places, linked, strict=True):
        pieces[place] = text
    return mark_safe("".join(pieces))


def _text_places(pieces: list[str]) -> Iterator[int]:
    """Where the pieces of text are that may get links; the tags are at the odd places."""
    depth = 0
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            if not depth:
                yield place
        elif (match := _TAG_NAME.match(piece)) and match.group(1).lower() in _UNTOUCHED and not piece.endswith("/>"):
            depth = max(0, depth - 1) if piece.startswith("</") else depth + 1
