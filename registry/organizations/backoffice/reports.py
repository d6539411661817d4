"""Reports: filings past their day, services that nobody confirmed for too long."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from accounts.scoping import rows_for
from accounts.viewsets import ScopedViewMixin
from registry.organizations.backoffice.filters import FilingFilterSet, ServiceFilterSet
from registry.organizations.models import Filing, Service


class StaleServiceFilterSet(ServiceFilterSet):
    """By whom they are for, and where."""

    class Meta(ServiceFilterSet.Meta):
        fields = ["audience", "place"]

    stale = None


class OverdueFilterSet(FilingFilterSet):
    """By what they ask for, and where."""

    class Meta(FilingFilterSet.Meta):
        fields = ["purpose", "place"]

    state = overdue = None


class StaleServicesView(ScopedViewMixin, ReportView):
    """Services that were not confirmed for longer than their county allows: the public sees them as out of date."""

    model = Service
    page_title = _("过时的服务信息")
    header_icon = "warning"
    filterset_class = StaleServiceFilterSet
    index_url_name = "organizations_stale_services"
    index_results_url_name = "organizations_stale_services_results"
    results_template_name = "organizations/admin/stale_services_results.html"
    any_permission_required = ["view"]
    export_filename = "stale-services"
    list_export = ["organization.name", "organization.place.name", "name", "confirmed_on", "contact"]
    export_headings = {
        "organization.name": _("社会组织"),
        "organization.place.name": _("所在地"),
        "name": _("服务名称"),
        "confirmed_on": _("最近核实日期"),
        "contact": _("联系方式"),
    }

    @property
    def permission_policy(self) -> Any:
        """The policy of services."""
        return policy_registry.get_by_type(Service)

    def get_queryset(self) -> QuerySet[Service]:
        mine = rows_for(Service, self.request.user)
        return (
            mine.filter(pk__in=Service.objects.stale().values("pk"))
            .select_related("organization__place")
            .order_by("confirmed_on", "pk")
        )


class OverdueFilingsView(ScopedViewMixin, ReportView):
    """Filings on which the opinion should have been given."""

    model = Filing
    page_title = _("超期的备案申请")
    header_icon = "warning"
    filterset_class = OverdueFilterSet
    index_url_name = "organizations_overdue_filings"
    index_results_url_name = "organizations_overdue_filings_results"
    results_template_name = "organizations/admin/overdue_filings_results.html"
    any_permission_required = ["view"]
    export_filename = "overdue-filings"
    list_export = [
        "name",
        "place.name",
        "get_purpose_display",
        "get_state_display",
        "submitted_at",
        "due_on",
        "reviewer",
    ]
    export_headings = {
        "name": _("组织名称"),
        "place.name": _("所在地"),
        "get_purpose_display": _("事项"),
        "get_state_display": _("状态"),
        "submitted_at": _("提交时间"),
        "due_on": _("应办结日期"),
        "reviewer": _("审核人"),
    }

    @property
    def permission_policy(self) -> Any:
        """The policy of filings."""
        return policy_registry.get_by_type(Filing)

    def get_queryset(self) -> QuerySet[Filing]:
        mine = rows_for(Filing, self.request.user)
        return (
            mine.filter(pk__in=Filing.objects.overdue().values("pk"))
            .select_related("place", "reviewer")
            .order_by("due_on", "pk")
        )
