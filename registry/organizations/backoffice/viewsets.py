"""What belongs to organizations: services, contracts, nurture, support, annual reports."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import IndexView

from accounts.acting import KeptViewSet, WritingEditView
from registry.organizations import actions
from registry.organizations.backoffice import filters
from registry.organizations.models import (
    AnnualReport,
    Nurture,
    PurchasedService,
    Service,
    Support,
)


class BelongingIndexView(IndexView):
    """A list of what belongs to organizations."""

    any_permission_required = ["view"]

    def get_base_queryset(self) -> QuerySet[Any]:
        return super().get_base_queryset().select_related("organization__place")


ORGANIZATION = Column("organization", label=gettext_lazy("社会组织"), sort_key="organization__name")
PLACE = Column("organization.place", label=gettext_lazy("所在地"), sort_key="organization__place__path")


class Belonging(KeptViewSet):
    """Rows that belong to an organization: a service is withdrawn, a mistake is corrected."""

    index_view_class = BelongingIndexView
    list_per_page = 50


class ServiceViewSet(Belonging):
    """Services that organizations offer."""

    model = Service
    icon = "pick"
    menu_label = gettext_lazy("服务")
    menu_name = "organization-services"
    filterset_class = filters.ServiceFilterSet
    search_fields = ["name", "organization__name"]
    list_display = [
        "name",
        ORGANIZATION,
        PLACE,
        Column("get_audience_display", label=gettext_lazy("服务对象"), sort_key="audience"),
        Column("confirmed_on", label=gettext_lazy("最近核实日期"), sort_key="confirmed_on"),
        BooleanColumn("withdrawn", label=gettext_lazy("已停止"), sort_key="withdrawn"),
    ]
    list_export = [
        "name",
        "organization.name",
        "organization.place.name",
        "get_audience_display",
        "description",
        "location",
        "hours",
        "cost",
        "contact",
        "confirmed_on",
    ]
    export_headings = {
        "organization.name": gettext_lazy("社会组织"),
        "organization.place.name": gettext_lazy("所在地"),
        "get_audience_display": gettext_lazy("服务对象"),
    }
    export_filename = "services"
    panels = [
        FieldPanel("organization"),
        FieldPanel("name"),
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("audience"), FieldPanel("cost")]),
        FieldRowPanel([FieldPanel("location"), FieldPanel("hours")]),
        FieldPanel("contact"),
        FieldPanel("withdrawn"),
    ]

    @staticmethod
    def write(service: Service, by: Any) -> Service:
        """By the action."""
        return actions.save_service(service=service, by=by)


class ContractViewSet(Belonging):
    """Services that public bodies buy."""

    model = PurchasedService
    icon = "doc-full"
    menu_label = gettext_lazy("政府购买服务")
    menu_name = "organization-contracts"
    filterset_class = filters.ContractFilterSet
    search_fields = ["title", "number", "organization__name"]
    list_display = [
        "title",
        ORGANIZATION,
        PLACE,
        Column("amount", label=gettext_lazy("金额（元）"), sort_key="amount"),
        Column("starts_on", label=gettext_lazy("开始"), sort_key="starts_on"),
        Column("ends_on", label=gettext_lazy("结束"), sort_key="ends_on"),
        Column("get_rating_display", label=gettext_lazy("绩效评价"), sort_key="rating"),
    ]
    list_export = [
        "number",
        "title",
        "organization.name",
        "organization.place.name",
        "purchaser",
        "amount",
        "starts_on",
        "ends_on",
        "get_rating_display",
        "evaluation",
    ]
    export_headings = {
        "organization.name": gettext_lazy("社会组织"),
        "organization.place.name": gettext_lazy("所在地"),
        "get_rating_display": gettext_lazy("绩效评价"),
    }
    export_filename = "contracts"
    panels = [
        FieldPanel("organization"),
        FieldRowPanel([FieldPanel("number"), FieldPanel("purchaser")]),
        FieldPanel("title"),
        FieldPanel("amount"),
        FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
        FieldPanel("deliverables"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("rating"), FieldPanel("evaluated_on")]), FieldPanel("evaluation")],
            heading=gettext_lazy("绩效评价"),
        ),
    ]

    @staticmethod
    def write(contract: PurchasedService, by: Any) -> PurchasedService:
        """By the action."""
        return actions.award_contract(contract=contract, by=by)


class NurtureViewSet(Belonging):
    """Stages of incubation."""

    model = Nurture
    icon = "arrow-up"
    menu_label = gettext_lazy("孵化阶段")
    menu_name = "organization-nurture"
    list_filter = ["stage"]
    search_fields = ["organization__name"]
    list_display = [
        "__str__",
        PLACE,
        Column("since", label=gettext_lazy("自"), sort_key="since"),
        Column("note", label=gettext_lazy("说明")),
    ]
    panels = [
        FieldPanel("organization"),
        FieldRowPanel([FieldPanel("stage"), FieldPanel("since")]),
        FieldPanel("note"),
    ]

    @staticmethod
    def write(nurture: Nurture, by: Any) -> Nurture:
        """By the action."""
        return actions.record_stage(nurture=nurture, by=by)


class SupportViewSet(Belonging):
    """Support that organizations received."""

    model = Support
    icon = "plus-inverse"
    menu_label = gettext_lazy("扶持记录")
    menu_name = "organization-support"
    list_filter = ["kind", "on"]
    search_fields = ["description", "organization__name"]
    list_display = [
        "description",
        ORGANIZATION,
        PLACE,
        Column("get_kind_display", label=gettext_lazy("支持方式"), sort_key="kind"),
        Column("on", label=gettext_lazy("日期"), sort_key="on"),
        Column("value", label=gettext_lazy("折合金额（元）"), sort_key="value"),
    ]
    list_export = [
        "organization.name",
        "organization.place.name",
        "get_kind_display",
        "on",
        "description",
        "provider",
        "value",
    ]
    export_headings = {
        "organization.name": gettext_lazy("社会组织"),
        "organization.place.name": gettext_lazy("所在地"),
        "get_kind_display": gettext_lazy("支持方式"),
    }
    export_filename = "support"
    panels = [
        FieldPanel("organization"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("on")]),
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("provider"), FieldPanel("value")]),
    ]

    @staticmethod
    def write(support: Support, by: Any) -> Support:
        """By the action."""
        return actions.record_support(support=support, by=by)


class ConfirmView(WritingEditView):
    """An annual report as it was filed; saving confirms it."""

    page_title = gettext_lazy("确认年度报告")

    def get_success_message(self) -> str:
        """What was done."""
        return _("已确认，报告显示在组织的公开页面上。")


class AnnualReportViewSet(Belonging):
    """Annual reports: read, and confirmed."""

    model = AnnualReport
    icon = "calendar-check"
    menu_label = gettext_lazy("年度报告")
    menu_name = "organization-annual-reports"
    filterset_class = filters.AnnualReportFilterSet
    edit_view_class = ConfirmView
    edit_template_name = "organizations/admin/annual_report.html"
    search_fields = ["organization__name"]
    list_display = [
        "__str__",
        PLACE,
        Column("income", label=gettext_lazy("收入（元）"), sort_key="income"),
        Column("expenditure", label=gettext_lazy("支出（元）"), sort_key="expenditure"),
        Column("people_served", label=gettext_lazy("服务人次"), sort_key="people_served"),
        Column("filed_at", label=gettext_lazy("报送时间"), sort_key="filed_at"),
        Column("confirmed_at", label=gettext_lazy("确认时间"), sort_key="confirmed_at"),
    ]
    list_export = [
        "organization.name",
        "organization.place.name",
        "year",
        "activities",
        "people_served",
        "members",
        "opening_balance",
        "income",
        "expenditure",
        "closing_balance",
        "filed_at",
        "confirmed_at",
    ]
    export_headings = {
        "organization.name": gettext_lazy("社会组织"),
        "organization.place.name": gettext_lazy("所在地"),
        "closing_balance": gettext_lazy("年末结余（元）"),
    }
    export_filename = "annual-reports"
    panels = [
        FieldPanel(name, read_only=True)
        for name in (
            "organization",
            "year",
            "work",
            "plans",
            "activities",
            "people_served",
            "members",
            "opening_balance",
            "income",
            "expenditure",
            "filed_at",
            "filed_by",
            "confirmed_at",
            "confirmed_by",
        )
    ]

    @staticmethod
    def write(report: AnnualReport, by: Any) -> AnnualReport:
        """What was filed is confirmed as it stands."""
        return actions.confirm_annual_report(report=report, by=by)

    def get_urlpatterns(self) -> list[Any]:
        """Reports are filed on the public site."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "add"]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """No address to add one."""
        return super().get_common_view_kwargs(**kwargs) | {"add_url_name": None}
