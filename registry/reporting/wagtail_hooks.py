"""Reports in the back office's menu."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from registry.reporting import views
from registry.reporting.datasets import datasets_for


class ReportsMenuItem(MenuItem):
    """Shown to those who may see the rows of some dataset."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(datasets_for(request.user))


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    """The list of reports."""
    return ReportsMenuItem(_("统计报表"), reverse("reporting_index"), name="reporting", icon_name="table", order=450)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """The pages of reporting."""
    return [
        path("reporting/", views.IndexView.as_view(), name="reporting_index"),
        path("reporting/new/<str:key>/", views.BuilderView.as_view(), name="reporting_new"),
        path("reporting/<int:pk>/", views.ReportView.as_view(), name="reporting_report"),
        path("reporting/<int:pk>/change/", views.BuilderView.as_view(), name="reporting_change"),
    ]
