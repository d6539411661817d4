"""The back office: the menu of organizations, the chooser, the reports."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from registry.organizations.backoffice.menu import OrganizationsGroup
from registry.organizations.backoffice.organizations import OrganizationChooserViewSet
from registry.organizations.backoffice.reports import OverdueFilingsView, StaleServicesView


@hooks.register("register_admin_viewset")
def organizations() -> list[Any]:
    """The menu and the chooser."""
    return [OrganizationsGroup(), OrganizationChooserViewSet("organization_chooser")]


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    """The colours of states, and the table of a review."""
    return format_html('<link rel="stylesheet" href="{}">', static("home/css/organizations-admin.css"))


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern]:
    """The reports' addresses."""
    return [
        path("reports/overdue-filings/", OverdueFilingsView.as_view(), name="organizations_overdue_filings"),
        path(
            "reports/overdue-filings/results/",
            OverdueFilingsView.as_view(results_only=True),
            name="organizations_overdue_filings_results",
        ),
        path("reports/stale-services/", StaleServicesView.as_view(), name="organizations_stale_services"),
        path(
            "reports/stale-services/results/",
            StaleServicesView.as_view(results_only=True),
            name="organizations_stale_services_results",
        ),
    ]


class PermittedMenuItem(MenuItem):
    """Shown to those who may see rows of the permission anywhere."""

    def __init__(self, *args: Any, permission: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the user holds the permission at some place."""
        return request.user.has_perm(self.permission)


@hooks.register("register_reports_menu_item")
def overdue_item() -> MenuItem:
    """Filings past their day."""
    return PermittedMenuItem(
        _("超期的备案申请"),
        reverse("organizations_overdue_filings"),
        name="overdue-filings",
        icon_name="warning",
        order=210,
        permission="organizations.view_filing",
    )


@hooks.register("register_reports_menu_item")
def stale_item() -> MenuItem:
    """Services out of date."""
    return PermittedMenuItem(
        _("过时的服务信息"),
        reverse("organizations_stale_services"),
        name="stale-services",
        icon_name="warning",
        order=220,
        permission="organizations.view_service",
    )
