"""Public pages of laws: the list, a law, a part of it, an article."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from . import lookup, reading, structure
from .citations import REACH
from .keys import format_key, parse_key
from .listing import LawList
from .models import Article, Edition, Law, LawName, Reference
from .names import name_key, without_issuer

MAX_CITING = 30
"""How many citing articles and guides an article's page lists; of more it tells the number."""

MAX_NAMES = 5

Crumbs = list[tuple[str, str]]


@require_safe
def law_list(request: HttpRequest) -> HttpResponse:
    """All laws: by kind, by name, by date."""
    return render(request, "laws/law_list.html", {"listing": LawList(request.GET), "crumbs": [(_("法律法规"), "")]})


@require_safe
def law(request: HttpRequest, slug: str, day: str | None = None) -> HttpResponse:
    """A law: its headings and dates, and its text where it fits on one page."""
    edition = _edition(slug, day)
    if edition is None:
        return _unknown_law(request, slug, day)
    if day and edition.is_current:
        return HttpResponseRedirect(edition.get_absolute_url())
    tree = reading.outline(edition)
    context = {
        "law": edition.law,
        "edition": edition,
        "outline": tree,
        "parts": reading.parts(tree, own_only=not tree.fits),
        "first_unit": next(iter(tree.units()), None),
        "editions": list(edition.law.editions.select_related("law").order_by("-published_on")),
        "today": timezone.localdate(),
        "names": _other_names(edition.law),
        "crumbs": [*_crumbs(edition)[:-1], (edition.law.short_title, "")],
    }
    return render(request, "laws/law.html", context)


@require_safe
def division(request: HttpRequest, slug: str, key: str, day: str | None = None) -> HttpResponse:
    """A part, chapter or section by itself; of one that is too long for a page, the headings below it."""
    edition = _edition(slug, day)
    if edition is None:
        return _unknown_law(request, slug, day)
    if day and edition.is_current:
        return HttpResponseRedirect(f"{edition.get_absolute_url()}part/{key}/")
    tree = reading.outline(edition)
    node = next((node for node in tree.nodes.values() if node.division.key == key), None)
    if node is None:
        return _unknown_part(request, edition, tree)
    fits = node.total <= reading.PAGE_CHARACTERS or not node.children
    units = tree.units()
    place = next((i for i, unit in enumerate(units) if unit is node), None)
    context = {
        "law": edition.law,
        "edition": edition,
        "node": node,
        "fits": fits,
        "parts": reading.parts(tree, node, own_only=not fits),
        "previous": units[place - 1] if place else None,
        "next": units[place + 1] if place is not None and place + 1 < len(units) else None,
        "crumbs": [*_crumbs(edition), *_way(tree, node)],
    }
    return render(request, "laws/division.html", context)


@require_safe
def article(request: HttpRequest, slug: str, key: str, day: str | None = None) -> HttpResponse:
    """An article: its text, its place, what cites it."""
    edition = _edition(slug, day)
    if edition is None:
        return _unknown_law(request, slug, day)
    found = edition.articles.select_related("division").filter(key=key).first()
    if found is None:
        return _other_spelling(edition, key) or _unknown_article(request, edition, key)
    found.edition = edition
    if day and edition.is_current:
        return HttpResponseRedirect(found.get_absolute_url())
    tree = reading.outline(edition)
    before, after = _neighbours(found)
    paragraphs, items = structure.counts(found.paragraphs)
    citing, citing_count = _first(_citing(found))
    guides, guide_count = _first(_guides(found))
    context = {
        "law": edition.law,
        "edition": edition,
        "article": found,
        "reading": reading.read([found], edition, previous=before)[0],
        "previous": before[-1] if before else None,
        "next": after,
        "paragraph_count": paragraphs,
        "item_count": items,
        "in_text": reading.article_page(tree, found),
        "citing": citing,
        "citing_count": citing_count,
        "guides": [(page.title, page.url, _kind_of_page(page)) for page in guides],
        "guide_count": guide_count,
        "elsewhere": _in_other_editions(found),
        "copy_text": f"{found.citation}：\n{found.text}",
        "place": _way(tree, tree.nodes.get(found.division_id or 0)),
        "crumbs": [*_crumbs(edition), (found.label, "")],
    }
    return render(request, "laws/article.html", context)


# --- what a page needs -----------------------------------------------------------------------------------------


def _edition(slug: str, day: str | None) -> Edition | None:
    editions = Edition.objects.select_related("law", "replaced_by").filter(law__slug=slug)
    if day is None:
        return editions.filter(is_current=True).first()
    on = None if day == "undated" else lookup.parse_day(day)
    return editions.filter(published_on=on).first() if on or day == "undated" else None


def _other_names(law: Law) -> list[str]:
    """What people call the law beside its title: the names that someone chose, and the shortest one by rule."""
    shown = [name_key(name) for name in (law.title, law.short_title, without_issuer(law.short_title))]
    names = list(law.names.exclude(key__in=shown).exclude(origin=LawName.Origin.TITLE))
    generated = sorted((name.name for name in names if name.origin == LawName.Origin.GENERATED), key=len)
    return [*(name.name for name in names if name.origin != LawName.Origin.GENERATED), *generated[:1]][:MAX_NAMES]


def _crumbs(edition: Edition) -> Crumbs:
    """The way from the list of laws to an edition."""
    crumbs: Crumbs = [(_("法律法规"), reverse("laws:list")), (edition.law.short_title, edition.law.get_absolute_url())]
    if not edition.is_current:
        crumbs.append((edition.date_slug, edition.get_absolute_url()))
    return crumbs


def _way(tree: reading.Outline, node: reading.Node | None) -> Crumbs:
    """The headings from the top of a law down to one of them."""
    way: Crumbs = []
    while node:
        way.insert(0, (node.division.heading, node.url))
        node = tree.nodes.get(node.division.parent_id or 0)
    return way


def _neighbours(found: Article) -> tuple[list[Article], Article | None]:
    """The articles right before (nearest last) and the one after."""
    around = found.edition.articles.filter(position__range=(found.position - REACH, found.position + 1)).defer("text")
    rows = [row for row in around.order_by("position") if row.pk != found.pk]
    for row in rows:
        row.edition = found.edition
    before = [row for row in rows if row.position < found.position]
    return before, next((row for row in rows if row.position > found.position), None)


def _citing(found: Article) -> QuerySet[Article]:
    """The articles in force that name this one: first those of other laws, then those of its own."""
    if not found.number:
        return Article.objects.none()
    law = found.edition.law
    references = Reference.objects.filter(law=law, number=found.number, sub=found.sub).values("article")
    citing = Article.objects.current().filter(pk__in=references).exclude(pk=found.pk)
    own = ExpressionWrapper(Q(edition__law=law), BooleanField())
    return citing.select_related("edition__law").defer("text").order_by(own, "edition__law__slug", "position")


def _first(rows: QuerySet[Any]) -> tuple[list[Any], int]:
    """The first rows, and how many there are in all."""
    first = list(rows[: MAX_CITING + 1])
    return first[:MAX_CITING], len(first) if len(first) <= MAX_CITING else rows.count()


def _guides(found: Article) -> QuerySet[Any]:
    """The published pages that rest on this article, in whichever edition they cite it.

    The relation is the guides' own (an article knows no guides): without that app there are none.
    """
    try:
        citation: Any = Article._meta.get_field("guide_citations").related_model
    except FieldDoesNotExist:
        return Article.objects.none()
    same = {"article__edition__law": found.edition.law, "article__number": found.number, "article__sub": found.sub}
    cited = citation.objects.filter(**same) if found.number else citation.objects.filter(article=found)
    pages: QuerySet[Any] = citation._meta.get_field("page").related_model.objects.live().public()
    return pages.filter(pk__in=cited.values("page")).select_related("content_type").order_by("title")


def _kind_of_page(page: Any) -> str:
    """What readers call this kind of page: 办事指南, 问答."""
    model = page.cached_content_type.model_class()
    return str(model._meta.verbose_name) if model else ""


def _in_other_editions(found: Article) -> list[Article]:
    """The article of the same number in the other editions of the law, the newest first."""
    if not found.number:
        return []
    others = Article.objects.filter(edition__law=found.edition.law, number=found.number, sub=found.sub)
    others = others.exclude(edition=found.edition).select_related("edition__law").defer("text")
    return list(others.order_by("-edition__published_on", "position"))


# --- what is not there -----------------------------------------------------------------------------------------


def _other_spelling(edition: Edition, key: str) -> HttpResponse | None:
    """The address of the same article in its usual form: 0079 is 79."""
    numbers = parse_key(key)
    usual = format_key(*numbers) if numbers else key
    if usual == key or not edition.articles.filter(key=usual).exists():
        return None
    return HttpResponsePermanentRedirect(f"{edition.get_absolute_url()}{usual}/")


def _unknown_law(request: HttpRequest, slug: str, day: str | None) -> HttpResponse:
    known = Law.objects.filter(slug=slug).first() if day else None
    if known:
        heading = _("%(law)s没有这一天公布的文本") % {"law": known.quoted_title}
        editions = known.editions.select_related("law").order_by("-published_on")
        nearest = [(f"{edition.title} {edition.date_slug}", edition.get_absolute_url()) for edition in editions]
    else:
        heading = _("没有找到这部法律")
        nearest = [(law.quoted_title, law.get_absolute_url()) for law in lookup.nearest_slugs(slug)]
    return _not_found(request, heading, nearest, [])


def _unknown_part(request: HttpRequest, edition: Edition, tree: reading.Outline) -> HttpResponse:
    heading = _("%(law)s没有这一部分") % {"law": edition.law.quoted_title}
    return _not_found(request, heading, [(root.division.heading, root.url) for root in tree.roots], _crumbs(edition))


def _unknown_article(request: HttpRequest, edition: Edition, key: str) -> HttpResponse:
    numbers = parse_key(key)
    near = lookup.nearest_articles(edition, numbers[0]) if numbers else []
    label = lookup.Typed("", *numbers).label if numbers else key
    heading = _("%(law)s没有%(label)s") % {"law": edition.law.quoted_title, "label": label}
    links = [(article.citation, article.get_absolute_url()) for article in near]
    return _not_found(request, heading, links, _crumbs(edition))


def _not_found(request: HttpRequest, heading: str, nearest: Crumbs, crumbs: Crumbs) -> HttpResponse:
    context = {"heading": heading, "nearest": nearest, "crumbs": [*crumbs, (heading, "")] if crumbs else []}
    return render(request, "laws/not_found.html", context, status=404)
