"""The main menu: the site's sections in the order in which residents ask for them."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from .contentversion import kept
from .visibility import open_to_all


@dataclass(frozen=True, slots=True)
class Section:
    """An entry of the menu as it is declared: the slug of a page below the home page, or a view."""

    name: str
    label: str | Promise
    view: str = ""


SECTIONS = (
    Section("guides", _("指南")),
    Section("questions", _("问答")),
    Section("stories", _("案例")),
    Section("lessons", _("课程")),
    Section("laws", _("法律法规"), view="laws:list"),
    Section("covenants", _("村规民约")),
    Section("points", _("积分"), view="points:index"),
    Section("volunteers", _("志愿服务"), view="volunteers:activities"),
    Section("organizations", _("社会组织"), view="organizations:directory"),
    Section("funds", _("社区基金"), view="funds:directory"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the menu as a page shows it."""

    name: str
    label: str
    url: str
    current: str = ""
    """The value of aria-current: `page` on the entry's own page, `true` below it, else empty."""


def main_menu(request: HttpRequest | None) -> list[Item]:
    """The entries that lead somewhere: a section whose page is not published is left out. One query a request."""
    if request is None:
        return [Item("home", str(_("首页")), "/")]
    menu: list[Item] | None = getattr(request, "_main_menu", None)
    if menu is None:
        published = kept(request, "sections", lambda: _published_slugs(request))
        menu = [_item("home", _("首页"), "/", request.path)]
        for section in SECTIONS:
            url = reverse(section.view) if section.view else f"/{section.name}/" * (section.name in published)
            if url:
                menu.append(_item(section.name, section.label, url, request.path))
        request._main_menu = menu  # type: ignore[attr-defined]
    return menu


def _item(name: str, label: str | Promise, url: str, path: str) -> Item:
    below = url != "/" and path.startswith(url)
    return Item(name, str(label), url, "page" if path == url else "true" if below else "")


def _published_slugs(request: HttpRequest) -> set[str]:
    site = Site.find_for_request(request)
    if site is None:
        return set()
    pages = open_to_all(Page.objects.child_of(site.root_page))
    return set(pages.filter(slug__in=[section.name for section in SECTIONS]).values_list("slug", flat=True))
