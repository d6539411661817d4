"""The back office as a whole: its look, its menus in the order of work, what waits on its first page."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from laces.components import Component
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .dashboard import ReviewDuePanel, StartPanel, WaitingPanel

# What is written comes first, then what finds it, then what it is made of, then what looks after it all.
MENU_ORDER = {
    "explorer": 100,
    "laws": 200,
    "search-desk": 300,
    "images": 400,
    "documents": 500,
    "reports": 9000,
    "settings": 10000,
    "help": 11000,
}


@hooks.register("construct_main_menu")
def order_main_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Put the known entries in the order of work; entries of other apps keep their own place among them."""
    for item in items:
        item.order = MENU_ORDER.get(item.name, item.order)


@hooks.register("construct_help_menu")
def own_help(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave out what leads to English pages on other hosts."""
    items[:] = [item for item in items if item.attrs.get("target") != "_blank"]


@hooks.register("register_help_menu_item")
def site_link() -> MenuItem:
    """The way back to the public site; with an anchor, since the sidebar takes every address below `/` for it."""
    return MenuItem(_("查看网站"), "/#main", name="public-site", icon_name="home", order=100)


@hooks.register("register_help_menu_item")
def patterns_link() -> MenuItem:
    """The pattern page."""
    return MenuItem(_("组件样例"), reverse("home:patterns"), name="patterns", icon_name="view", order=200)


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    """The site's accent and Chinese fonts in the back office, and its tables on a phone."""
    sheets = [(static(f"home/css/{name}.css"),) for name in ("admin", "admin-tables")]
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', sheets)


@hooks.register("insert_global_admin_js")
def admin_js() -> SafeString:
    """What the tables' columns are called, for a phone."""
    return format_html('<script src="{}" defer></script>', static("home/js/admin-tables.js"))


@hooks.register("construct_homepage_panels")
def add_panels(request: HttpRequest, panels: list[Component]) -> None:
    """What waits stands first, then what to begin with; what is due for review is below what is to be moderated."""
    panels += [WaitingPanel(), StartPanel(), ReviewDuePanel()]
