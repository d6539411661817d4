"""Citations in a text made into links. Everything that is not a link of ours is escaped."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from .citations import Citation, Context, names_in, parse
from .directory import Directory
from .models import Article, Edition

Key = tuple[int, int, int]
"""Law, number and sub-number."""


def resolve(citations: Iterable[Citation], *, edition: Edition | None = None) -> dict[Key, Article]:
    """The articles that are cited, by (law, number, sub); with one query.

    They are of the newest editions; but what cites its own law is answered from `edition`, so that a replaced text
    keeps pointing into itself.
    """
    numbers: dict[int, set[int]] = defaultdict(set)
    for citation in citations:
        if citation.law_id is not None:
            numbers[citation.law_id].add(citation.number)
    if not numbers:
        return {}
    wanted = reduce(or_, (_of_law(law, of_law, edition) for law, of_law in numbers.items()))
    rows = Article.objects.filter(wanted).select_related("edition__law").order_by("-position")
    rows = rows.only(
        "key", "label", "number", "sub", "edition__published_on", "edition__is_current", "edition__law__slug"
    )
    # Of two articles with one number the first is meant: it comes last here and overwrites the other.
    return {(article.edition.law_id, article.number or 0, article.sub): article for article in rows}


def _of_law(law: int, numbers: set[int], edition: Edition | None) -> Q:
    if edition is not None and edition.law_id == law:
        return Q(edition=edition, number__in=numbers)
    return Q(edition__law=law, edition__is_current=True, number__in=numbers)


def link(text: str, context: Context | None = None, *, edition: Edition | None = None) -> SafeString:
    """The text, escaped, with a link on each citation of an article that is there."""
    return link_all([(text, context)], edition=edition)[0]


def link_all(texts: Sequence[tuple[str, Context | None]], *, edition: Edition | None = None) -> list[SafeString]:
    """The same for many texts, with two queries for all of them."""
    directory = Directory()
    directory.prefetch(name for text, _ in texts for name in names_in(text))
    parsed = [parse(text, context=context, directory=directory) for text, context in texts]
    articles = resolve((citation for citations in parsed for citation in citations), edition=edition)
    return [
        _with_links(text, citations, articles, context or Context())
        for (text, context), citations in zip(texts, parsed, strict=True)
    ]


def _with_links(text: str, citations: list[Citation], articles: dict[Key, Article], context: Context) -> SafeString:
    pieces: list[str] = []
    position = 0
    for citation in citations:
        article = articles.get((citation.law_id or 0, citation.number, citation.sub))
        if article is None:
            continue
        pieces.append(conditional_escape(str(text[position : citation.start])))
        pieces.append(_anchor(text[citation.start : citation.end], citation, article, context))
        position = citation.end
    pieces.append(conditional_escape(str(text[position:])))
    return mark_safe("".join(pieces))


def _anchor(written: str, citation: Citation, article: Article, context: Context) -> SafeString:
    """A link to the article, and in it to the paragraph that is cited; within the same article only the latter."""
    place = f"#kuan-{citation.paragraph}" if citation.paragraph else ""
    own = citation.law_id == context.law_id
    here = own and (citation.number, citation.sub) == (context.number, context.sub) and place
    url = place if here else f"{article.get_absolute_url()}{place}"
    return format_html('<a class="cite" href="{}">{}</a>', url, written)
