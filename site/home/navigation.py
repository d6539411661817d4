"""The main menu: the site's sections in the order in which residents ask for them."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site


@dataclass(frozen=True, slots=True)
class Section:
    """An entry of the menu as it is declared: a page below the home page, or a view."""

    label: str | Promise
    slug: str = ""
    view: str = ""


SECTIONS = (
    Section(_("指南"), slug="guides"),
    Section(_("问答"), slug="questions"),
    Section(_("案例"), slug="stories"),
    Section(_("课程"), slug="lessons"),
    Section(_("法律法规"), view="laws:index"),
    Section(_("村规民约"), slug="covenants"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the menu as a page shows it."""

    label: str
    url: str
    current: str = ""
    """The value of aria-current: `page` on the entry's own page, `true` below it, else empty."""


def main_menu(request: HttpRequest | None) -> list[Item]:
    """The entries that lead somewhere: a section whose page is not published is left out. One query a request."""
    if request is None:
        return [_item(_("首页"), "/", "")]
    cached: list[Item] | None = getattr(request, "_main_menu", None)
    if cached is None:
        urls = _section_urls(request)
        cached = [_item(_("首页"), "/", request.path)]
        cached += [_item(section.label, url, request.path) for section in SECTIONS if (url := urls.get(section))]
        request._main_menu = cached  # type: ignore[attr-defined]
    return cached


def _item(label: str | Promise, url: str, path: str) -> Item:
    if path == url:
        return Item(str(label), url, "page")
    return Item(str(label), url, "true" if url != "/" and path.startswith(url) else "")


def _section_urls(request: HttpRequest) -> dict[Section, str]:
    site = Site.find_for_request(request)
    slugs = [section.slug for section in SECTIONS if section.slug]
    published: set[str] = set()
    if site is not None:
        pages = Page.objects.live().public().filter(slug__in=slugs, depth=site.root_page.depth + 1)
        published = set(pages.filter(path__startswith=site.root_page.path).values_list("slug", flat=True))
    urls = {}
    for section in SECTIONS:
        if section.view:
            urls[section] = _reverse_or_empty(section.view)
        elif section.slug in published:
            urls[section] = f"/{section.slug}/"
    return urls


def _reverse_or_empty(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
