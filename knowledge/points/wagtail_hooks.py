"""Points in the back office: one group of the menu in the order of the work, and the pages that its lists lead to."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSetGroup

from .backoffice import books, desk, grid, people, reports, rules, store


class PermittedMenuItem(MenuItem):
    """Shown to those who may do this somewhere."""

    def __init__(self, *args: object, permission: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the user may."""
        return bool(request.user.has_perm(self.permission))


_PAGES = (
    (_("工作台"), "points_desk", "tasks", 100, "points.view_claim"),
    (_("登记一笔"), "points_enter", "plus", 110, "points.add_claim"),
    (_("批量登记"), "points_grid", "table", 120, "points.add_claim"),
    (_("办理兑换"), "points_redeem", "download", 175, "points.add_redemption"),
    (_("结账"), "points_periods", "calendar", 200, "points.view_period"),
    (_("积分报表"), "points_reports", "doc-full", 210, "points.view_report"),
)


class PointsGroup(ViewSetGroup):
    """The menu group."""

    menu_label = _("积分")
    menu_name = "points"
    menu_icon = "clipboard-list"
    menu_order = 600
    items = (
        desk.ClaimViewSet("points_claims", url_prefix="points/claims"),
        books.LineViewSet("points_ledger", url_prefix="points/ledger"),
        people.HouseholdViewSet("points_households", url_prefix="points/households"),
        rules.ItemViewSet("points_items", url_prefix="points/items"),
        store.RewardViewSet("points_rewards", url_prefix="points/store"),
        store.RedemptionViewSet("points_redemptions", url_prefix="points/redemptions"),
        store.HonourViewSet("points_honours", url_prefix="points/honours"),
        rules.RulesViewSet("points_rules", url_prefix="points/rules"),
    )

    def get_submenu_items(self) -> list[MenuItem]:
        """The lists, and the pages of the day's work."""
        pages = [
            PermittedMenuItem(label, reverse(name), name=name, icon_name=icon, order=order, permission=permission)
            for label, name, icon, order, permission in _PAGES
        ]
        return [*super().get_submenu_items(), *pages]


@hooks.register("register_admin_viewset")
def points_group() -> PointsGroup:
    """The lists."""
    return PointsGroup()


@hooks.register("register_admin_urls")
def pages() -> list[URLPattern]:
    """The day's work, and what is done with a row."""
    return [
        path("points/desk/", desk.DeskView.as_view(), name="points_desk"),
        path("points/enter/", desk.EnterView.as_view(), name="points_enter"),
        path("points/grid/", grid.GridView.as_view(), name="points_grid"),
        path("points/redeem/", store.RedeemView.as_view(), name="points_redeem"),
        path("points/periods/", books.PeriodsView.as_view(), name="points_periods"),
        path("points/claim/<int:pk>/", desk.ClaimView.as_view(), name="points_claim"),
        path("points/photo/<int:pk>/", desk.PhotoView.as_view(), name="points_photo"),
        path("points/line/<int:pk>/", books.LineView.as_view(), name="points_line"),
        path("points/household/<int:pk>/", people.HouseholdView.as_view(), name="points_household"),
        path("points/household/<int:pk>/split/", people.SplitView.as_view(), name="points_split"),
        path("points/household/<int:pk>/merge/", people.MergeView.as_view(), name="points_merge"),
        path("points/member/<int:pk>/relation/", people.RelationView.as_view(), name="points_relation"),
        path("points/member/<int:pk>/leave/", people.LeaveView.as_view(), name="points_leave"),
        path("points/stock/<int:pk>/", store.StockView.as_view(), name="points_stock"),
        path("points/redemption/<int:pk>/", store.RedemptionView.as_view(), name="points_redemption"),
        path("points/redemption/<int:pk>/slip/", store.SlipView.as_view(), name="points_slip"),
        path("points/honour/<int:pk>/", store.HonourView.as_view(), name="points_honour"),
        path("points/reports/", reports.IndexView.as_view(), name="points_reports"),
        path("points/reports/paper/<int:pk>/", reports.PaperView.as_view(), name="points_report_paper"),
        path("points/reports/<slug:report>/", reports.ReportView.as_view(), name="points_report"),
        path("points/reports/<slug:report>/preview/", reports.PreviewView.as_view(), name="points_report_preview"),
        path("points/reports/<slug:report>/xlsx/", reports.SpreadsheetView.as_view(), name="points_report_xlsx"),
        path("points/reports/<slug:report>/issue/", reports.IssueView.as_view(), name="points_report_issue"),
        path("points/reports/<slug:report>/batch/", reports.BatchView.as_view(), name="points_report_batch"),
    ]
