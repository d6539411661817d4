"""Links from citations in running text to the articles: in a whole rendered page at once, in two queries."""

import re
from collections.abc import Iterable, Iterator

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from knowledge.laws.citations import Citation, parse
from knowledge.laws.models import Article

_TAG = re.compile(r"(<[^>]*>)")
_TAG_NAME = re.compile(r"</?([a-zA-Z0-9]+)")
_UNTOUCHED = frozenset({"a", "details", "button", "h1", "h2", "h3", "h4", "script", "style"})
"""Inside these nothing is linked: no link within a link, and what a details holds is the law's own text."""

_BOUNDARY = "\x00"
"""Stands between the pieces of text, so that no citation is read across two of them."""

_BACKWARD = ("该", "同", "上述", "前述")
"""A citation without a name, or with one of these, means the law named before it."""

Key = tuple[int, int, int]
"""(law, number, sub) of an article."""


def link_laws(html: str) -> SafeString:
    """The same HTML, with each citation of an article in force made a link. Text that names no law is left alone."""
    pieces = _TAG.split(html)
    places = [place for place in _text_places(pieces) if pieces[place].strip()]
    cited = list(_citations(pieces, places))
    addresses = _addresses(_key(citation) for _place, citation, _start in cited if citation.law_id)
    for place, citation, start in reversed(cited):
        url = addresses.get(_key(citation)) if citation.law_id else None
        if url:
            text = pieces[place]
            begin, end = start, start + citation.end - citation.start
            link = format_html('<a class="law-link" href="{}">{}</a>', url, mark_safe(text[begin:end]))
            pieces[place] = text[:begin] + link + text[end:]
    return mark_safe("".join(pieces))


def _text_places(pieces: list[str]) -> Iterator[int]:
    """Where the pieces of text are that may get links: the tags are at the odd places."""
    depth = 0
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            if not depth:
                yield place
        elif (match := _TAG_NAME.match(piece)) and match.group(1).lower() in _UNTOUCHED and not piece.endswith("/>"):
            depth = max(0, depth - 1) if piece.startswith("</") else depth + 1


def _citations(pieces: list[str], places: list[int]) -> Iterator[tuple[int, Citation, int]]:
    """(place, citation, where it begins in that piece), in order.

    A citation without a law of its own belongs to the last one named in the same piece, never to one further up.
    """
    starts: list[int] = []
    position = 0
    for place in places:
        starts.append(position)
        position += len(pieces[place]) + len(_BOUNDARY)
    current, named_here = 0, False
    for citation in parse(_BOUNDARY.join(pieces[place] for place in places)):
        while current + 1 < len(starts) and citation.start >= starts[current + 1]:
            current, named_here = current + 1, False
        has_own_name = bool(citation.law_name) and not citation.law_name.startswith(_BACKWARD)
        if has_own_name or named_here:
            yield places[current], citation, citation.start - starts[current]
        named_here = named_here or has_own_name


def _key(citation: Citation) -> Key:
    return (citation.law_id or 0, citation.number, citation.sub)


def _addresses(keys: Iterable[Key]) -> dict[Key, str]:
    wanted = set(keys)
    if not wanted:
        return {}
    rows = Article.objects.current().filter(
        kind=Article.Kind.ARTICLE,
        edition__law__in={law for law, _number, _sub in wanted},
        number__in={number for _law, number, _sub in wanted},
    )
    addresses: dict[Key, str] = {}
    for article in rows.select_related("edition__law").defer("text", "edition__history").order_by("-position"):
        key = (article.edition.law_id, article.number or 0, article.sub)
        if key in wanted:
            addresses[key] = article.get_absolute_url()
    return addresses
