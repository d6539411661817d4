"""Blocks that guides and covenants share: an article of a law, chosen and cited."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from knowledge.laws.models import Article

RICH_TEXT_FEATURES = ["h3", "h4", "bold", "ol", "ul", "link", "document-link"]
"""No slanted text (Chinese has none), no pictures or embeds inside a paragraph: blocks of their own do that."""


class ArticleBlock(blocks.ChooserBlock):
    """An article of a law, chosen by searching the laws. Comes with its edition and law, in one query a stream."""

    target_model = Article

    @cached_property
    def widget(self) -> forms.Widget:
        from knowledge.laws.viewsets import article_chooser_viewset

        return article_chooser_viewset.widget_class()

    def bulk_to_python(self, values: list[int | None]) -> list[Article | None]:
        found = Article.objects.select_related("edition__law").in_bulk([pk for pk in values if pk is not None])
        return [found.get(pk) if pk is not None else None for pk in values]

    class Meta:
        icon = "openquote"
        label = _("法条")


class CitedArticleValue(blocks.StructValue):
    """What a template shows of a cited article."""

    @property
    def is_replaced(self) -> bool:
        """Whether the article stands in an edition that is no longer the current one."""
        article = self.get("article")
        return article is not None and not article.edition.is_current

    @property
    def html(self) -> SafeString:
        """The article's text, paragraph by paragraph."""
        article = self.get("article")
        return format_html_join("", "<p>{}</p>", ((text,) for text in article.paragraphs)) if article else mark_safe("")


class CitedArticleBlock(blocks.StructBlock):
    """An article that the page rests on, shown with its text."""

    article = ArticleBlock(label=_("法条"), help_text=_("按法律名称、条号或条文里的词查找"))
    why = blocks.CharBlock(
        label=_("说明了什么"), max_length=60, required=False, help_text=_("一句话，三十字以内：这一条管的是什么")
    )

    class Meta:
        icon = "openquote"
        label = _("引用法条")
        template = "knowledge/cited_article.html"
        value_class = CitedArticleValue

    def get_searchable_content(self, value: Any) -> list[str]:
        # The text of the law is found as itself; here only what the editor wrote.
        return [value["why"]] if value.get("why") else []


def cited(stream: blocks.StreamValue | None) -> Iterator[tuple[int, str]]:
    """The articles cited in a stream: (primary key, why), dangling ones included, in order.

    Reads the stored numbers, not the rows: an article that is no longer there must still be reported.
    """
    if stream is None:
        return
    for item in stream.get_prep_value():
        if item["type"] in ("article", "cited_article") and item["value"].get("article"):
            yield int(item["value"]["article"]), item["value"].get("why") or ""
