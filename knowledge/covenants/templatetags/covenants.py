"""What the pages of covenants need."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from knowledge.covenants.comparison import Row
from knowledge.laws.models import Article
from knowledge.laws.names import name_key
from knowledge.laws.numerals import format_label

register = template.Library()


@register.filter
def of_clause(items: Mapping[str, Any] | None, clause: str) -> list[Any]:
    """What points are given for, for a clause."""
    return list(items.get(clause, ())) if items and clause else []


@register.filter
def changed(rows: Iterable[Row]) -> int:
    """How many passages of a comparison are not the same in both texts."""
    return sum(row.kind != "same" for row in rows)


@register.simple_tag
def article_link(law: str, article: str) -> SafeString:
    """（《村民委员会组织法》第二十二条）, as a link where the law was imported."""
    text = f"《{law}》{format_label(int(article))}" if article.isdecimal() else f"《{law}》{article}"
    current = Article.objects.filter(edition__is_current=True, edition__law__names__key=name_key(law), key=article)
    found = current.select_related("edition__law").first()
    if not found:
        return format_html("（{}）", text)
    return format_html('（<a href="{}">{}</a>）', found.get_absolute_url(), text)
