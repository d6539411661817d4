"""What is wrong with published pages: reviews that are due, replaced articles, links that lead nowhere.

Nothing here calls another host: a link to another site is only read, not opened.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.documents import get_document_model
from wagtail.models import Page

from knowledge.guides.addresses import broken_addresses
from knowledge.guides.links import Link, extract_links
from knowledge.laws.models import Article

if TYPE_CHECKING:
    from knowledge.guides.models import KnowledgePage


class Problem(models.TextChoices):
    """What can be wrong with a page."""

    PAST_REVIEW = "past-review", gettext_lazy("已到复核日期")
    NEVER_REVIEWED = "never-reviewed", gettext_lazy("没有审核")
    REPLACED_ARTICLE = "replaced-article", gettext_lazy("引用了旧法条")
    BROKEN_LINK = "broken-link", gettext_lazy("有打不开的链接")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, with the sentence that tells an editor what it is."""

    problem: Problem
    text: str


def examine(page: "KnowledgePage") -> list[Finding]:
    """What is wrong with one page as it is in memory, draft or published."""
    articles = Article.objects.select_related("edition__law").in_bulk(list(page.cited_articles()))
    return [
        *_review_findings(page),
        *(_replaced(article) for article in articles.values() if not article.edition.is_current),
        *(_broken(link) for link in sorted(broken_links(extract_links(page)))),
    ]


def examine_published(pages: "Iterable[KnowledgePage]") -> "dict[int, list[Finding]]":
    """What is wrong with these published pages, by primary key; in a fixed number of queries for any number of pages.

    Reads what was recorded when they were published (models.GuideCitation, models.PageLink).
    """
    from knowledge.guides.models import GuideCitation, PageLink

    pages = list(pages)
    findings: dict[int, list[Finding]] = {page.pk: list(_review_findings(page)) for page in pages}
    replaced = GuideCitation.objects.filter(page__in=findings, article__edition__is_current=False)
    for citation in replaced.select_related("article__edition__law"):
        findings[citation.page_id].append(_replaced(citation.article))
    links: dict[int, list[Link]] = defaultdict(list)
    for pk, kind, target in PageLink.objects.filter(page__in=findings).values_list("page_id", "kind", "target"):
        links[pk].append((kind, target))
    broken = broken_links({link for page_links in links.values() for link in page_links})
    for pk, page_links in links.items():
        findings[pk] += [_broken(link) for link in sorted(broken.intersection(page_links))]
    return findings


def pages_with_broken_links() -> set[int]:
    """The primary keys of published pages with at least one link that leads nowhere."""
    from knowledge.guides.models import PageLink

    links = set(PageLink.objects.values_list("kind", "target").distinct())
    pages: set[int] = set()
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, target in broken_links(links):
        by_kind[kind].append(target)
    for kind, targets in by_kind.items():
        pages.update(PageLink.objects.filter(kind=kind, target__in=targets).values_list("page_id", flat=True))
    return pages


def broken_links(links: Iterable[Link]) -> set[Link]:
    """Those of the links that lead nowhere within this site, or could not lead anywhere at all."""
    targets: dict[str, set[str]] = defaultdict(set)
    for kind, target in links:
        targets[kind].add(target)
    rows = {
        "page": Page.objects.live(),
        "document": get_document_model().objects.all(),
        "article": Article.objects.all(),
    }
    broken = {("address", address) for address in broken_addresses(targets.pop("address", set()))}
    for kind, wanted in targets.items():
        numbers = {int(target) for target in wanted if target.isdecimal()}
        there = set(rows[kind].filter(pk__in=numbers).values_list("pk", flat=True))
        broken |= {(kind, target) for target in wanted if not target.isdecimal() or int(target) not in there}
    return broken


def _review_findings(page: "KnowledgePage") -> Iterable[Finding]:
    if page.reviewed_on is None:
        yield Finding(Problem.NEVER_REVIEWED, _("还没有填写审核日期和审核单位。"))
    elif page.is_past_review:
        yield Finding(Problem.PAST_REVIEW, _("应在 %(day)s 前复核。") % {"day": page.review_again_on})


def _replaced(article: Article) -> Finding:
    text = _("%(article)s 引用的是旧文本（%(day)s），已有新文本，请核对后改引。")
    return Finding(
        Problem.REPLACED_ARTICLE, text % {"article": article.citation, "day": article.edition.published_on or "—"}
    )


def _broken(link: Link) -> Finding:
    kind, target = link
    texts = {
        "page": _("链接到的页面已删除或没有发布（编号 %(target)s）。"),
        "document": _("文件已从文件库删除（编号 %(target)s）。"),
        "article": _("引用的法条已不存在（编号 %(target)s）。"),
        "address": _("网址打不开：%(target)s"),
    }
    return Finding(Problem.BROKEN_LINK, texts[kind] % {"target": target})
