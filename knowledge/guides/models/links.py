"""What published pages point to: the articles that they cite, and their links. Written when a page is published."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import KnowledgePage


class GuideCitation(models.Model):
    """A published page rests on an article.

    Derived from the page's content (see actions.rewrite_links); only there so that an article can tell its guides
    and guides can find those that share their articles.
    """

    page = models.ForeignKey(KnowledgePage, on_delete=models.CASCADE, related_name="citations")
    article = models.ForeignKey("laws.Article", on_delete=models.CASCADE, related_name="guide_citations")
    why = models.CharField(_("说明了什么"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("次序"))

    class Meta:
        verbose_name = _("指南引用")
        verbose_name_plural = _("指南引用")
        ordering = ["page", "position"]
        constraints = [models.UniqueConstraint(fields=["page", "article"], name="guides_citation_once")]

    def __str__(self) -> str:
        return f"{self.page_id} → {self.article_id}"


class PageLink(models.Model):
    """A link in a published page's text, kept so that the report can say which links lead nowhere.

    `target` is the primary key of a page, document or article, or the address as it was typed.
    """

    class Kind(models.TextChoices):
        PAGE = "page", _("页面")
        DOCUMENT = "document", _("文件")
        ARTICLE = "article", _("法条")
        ADDRESS = "address", _("网址")

    page = models.ForeignKey(KnowledgePage, on_delete=models.CASCADE, related_name="outgoing_links")
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    target = models.CharField(_("指向"), max_length=500)

    class Meta:
        verbose_name = _("页面链接")
        verbose_name_plural = _("页面链接")
        indexes = [models.Index(fields=["kind", "target"], name="guides_pagelink_target")]
        constraints = [
            models.UniqueConstraint(fields=["page", "kind", "target"], name="guides_pagelink_once"),
            models.CheckConstraint(condition=~models.Q(target=""), name="guides_pagelink_target_given"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.target}"
