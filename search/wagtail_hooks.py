"""The search in the back office: one menu, and in it what the role may use."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSetGroup

from . import desk
from .reports import UnansweredView
from .viewsets import SynonymViewSet


class PermittedMenuItem(MenuItem):
    """Shown to those who have any of these permissions."""

    permissions: tuple[str, ...] = ()

    def is_shown(self, request: HttpRequest) -> bool:
        return any(request.user.has_perm(permission) for permission in self.permissions)


class PromotionsMenuItem(PermittedMenuItem):
    """Wagtail's own list of promoted results."""

    permissions = tuple(f"wagtailsearchpromotions.{verb}_searchpromotion" for verb in ("add", "change", "delete"))


class UnansweredMenuItem(PermittedMenuItem):
    """The report on unanswered queries."""

    permissions = ("search.view_unansweredquery", "search.change_unansweredquery")


class TryMenuItem(PermittedMenuItem):
    """The page that takes a query apart."""

    permissions = tuple(f"search.{verb}_synonymgroup" for verb in ("view", "add", "change"))


class SearchGroup(ViewSetGroup):
    """Everything about the search that editors keep."""

    menu_label = _("站内搜索")
    menu_name = "search-desk"
    menu_icon = "search"
    menu_order = 400
    items = (SynonymViewSet("synonyms"),)

    def get_submenu_items(self) -> list[MenuItem]:
        """The synonyms, and the pages that are no viewsets."""
        return [
            *super().get_submenu_items(),
            PromotionsMenuItem(
                _("推荐结果"),
                reverse("wagtailsearchpromotions:index"),
                name="search-promotions",
                icon_name="pick",
                order=20,
            ),
            UnansweredMenuItem(
                _("没有答案的查询"), reverse("search_unanswered"), name="search-unanswered", icon_name="help", order=30
            ),
            TryMenuItem(_("试一试"), reverse("search_try"), name="search-try", icon_name="search", order=40),
        ]


@hooks.register("register_admin_viewset")
def search_group() -> SearchGroup:
    """The menu 站内搜索."""
    return SearchGroup()


@hooks.register("register_admin_urls")
def search_urls() -> list[URLPattern]:
    """The report, the trial page and the mark on a query."""
    return [
        path("search-desk/unanswered/", UnansweredView.as_view(), name="search_unanswered"),
        path(
            "search-desk/unanswered/results/",
            UnansweredView.as_view(results_only=True),
            name="search_unanswered_results",
        ),
        path("search-desk/unanswered/<int:pk>/handled/", desk.handled, name="search_unanswered_handled"),
        path("search-desk/try/", desk.TryView.as_view(), name="search_try"),
    ]


@hooks.register("construct_settings_menu")
def promotions_once(request: HttpRequest, items: list[MenuItem]) -> None:
    """Promoted results stand in the menu 站内搜索; twice would be once too often."""
    items[:] = [item for item in items if item.name != "promoted-search-results"]
