"""Citations of articles in templates: {{ text|link_citations }}."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from knowledge.laws import linking
from knowledge.laws.citations import Context
from knowledge.laws.models import Law

register = template.Library()


@register.filter
def link_citations(text: object, law: Law | None = None) -> SafeString:
    """The text with links on the articles that it cites; `law` is what 本法 and bare numbers mean.

    Escapes the text: give it plain text, not HTML.
    """
    return linking.link(str(text or ""), Context.of(law) if law else None)


@register.filter
def link_citations_paragraphs(text: object, law: Law | None = None) -> SafeString:
    """The same for a text of several paragraphs: each line that holds something becomes a paragraph."""
    lines = [line for line in str(text or "").splitlines() if line.strip()]
    linked = linking.link_all([(line, Context.of(law) if law else None) for line in lines])
    return format_html_join("\n", "<p>{}</p>", ((line,) for line in linked))
