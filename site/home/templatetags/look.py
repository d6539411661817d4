"""What the base template and the components need: icons, the menu, the reader's choices, small pieces of text."""

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django import template
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeData, SafeString, mark_safe

from home import navigation
from home.models import SiteSettings
from home.preferences import Preferences
from home.preferences import preferences as preferences_of
from search import documents

register = template.Library()

_BLOCK_MARKUP = re.compile(r"\s*<(?:p|ul|ol|dl|div|h[1-6]|table|figure|blockquote)\b")


def _request(context: template.Context) -> HttpRequest | None:
    request = context.get("request")
    return request if isinstance(request, HttpRequest) else None


def _site_request(context: template.Context) -> HttpRequest | None:
    """The request, unless the page says that it must be shown `without_database`."""
    return None if context.get("without_database") else _request(context)


@register.simple_tag(takes_context=True)
def preferences(context: template.Context) -> Preferences:
    """The reader's script and size of type."""
    return preferences_of(_request(context))


@register.simple_tag(takes_context=True)
def site_settings(context: template.Context) -> SiteSettings:
    """Name, address and telephone of this site; the defaults where there is no request."""
    return SiteSettings.of(_site_request(context))


@register.simple_tag(takes_context=True)
def main_menu(context: template.Context) -> list[navigation.Item]:
    """The main menu, with the place where the reader is marked."""
    return navigation.main_menu(_site_request(context))


@register.simple_tag(takes_context=True)
def section_url(context: template.Context, name: str) -> str:
    """The address of a section of the menu (guides, questions, laws …); empty when it is not published."""
    return next((item.url for item in main_menu(context) if item.name == name), "")


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing of the sprite `home/icons.svg`; always beside a text that says the same, so hidden from readers."""
    return format_html(
        '<svg class="icon icon--{}" width="24" height="24" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        name,
        static("home/icons.svg"),
        name,
    )


@register.filter
def fields_with_errors(form: BaseForm) -> list[BoundField]:
    """The fields that somebody has to put right, as the form shows them."""
    return [field for field in form.visible_fields() if field.errors]


@register.filter
def segments(value: Any) -> SafeString:
    """The segments of a search hit, with `<mark>` round what matched; plain text is escaped."""
    if isinstance(value, str):
        return format_html("{}", value)
    return format_html_join("", "{}{}{}", ((_MARK[s.matched][0], s.text, _MARK[s.matched][1]) for s in value))


_MARK = {True: (mark_safe("<mark>"), mark_safe("</mark>")), False: ("", "")}


@register.filter
def kind_label(kind: str) -> str:
    """What readers call a kind of search document: 指南 for `guide`; the kind itself when no source is registered."""
    source = documents.sources().get(kind)
    return str(source.label) if source else kind


@register.filter
def paragraphs(value: Any) -> SafeString:
    """Text as paragraphs. Safe HTML that already has blocks stays; safe inline HTML gets its paragraphs."""
    if isinstance(value, SafeData) and _BLOCK_MARKUP.match(str(value)):
        return mark_safe(str(value))
    return mark_safe(linebreaks(value, autoescape=not isinstance(value, SafeData)))


@register.filter
def under(row: Sequence[Any], head: Sequence[Any]) -> list[tuple[Any, Any]]:
    """A table row's cells, each with the heading of its column."""
    return list(zip_longest(head[: len(row)], row, fillvalue=""))


@register.filter
def dialled(phone: str) -> str:
    """A telephone number as `tel:` takes it."""
    return re.sub(r"[^\d+,;*#]", "", phone)


@register.simple_tag
def page_numbers(page: int, page_count: int) -> list[int | None]:
    """The page numbers to show: the first, the last, and those round this one; None stands for those left out."""
    shown = sorted({1, page_count, *range(max(1, page - 1), min(page_count, page + 1) + 1)})
    numbers: list[int | None] = []
    for number in shown:
        if numbers and number - (numbers[-1] or 0) == 2:
            numbers.append(number - 1)
        elif numbers and number - (numbers[-1] or 0) > 2:
            numbers.append(None)
        numbers.append(number)
    return numbers


@register.simple_tag
def page_link(number: int, query: str = "") -> str:
    """The address of a page of results: the query string without its page, then this page (left out for the first)."""
    pairs: Iterable[tuple[str, str]] = [pair for pair in parse_qsl(query.lstrip("?")) if pair[0] != "page"]
    if number > 1:
        pairs = [*pairs, ("page", str(number))]
    return f"?{urlencode(list(pairs))}"


@register.simple_tag
def search_link(question: str) -> str:
    """The address of the results for a question."""
    return f"{reverse('search:results')}?{urlencode({'q': question})}"
