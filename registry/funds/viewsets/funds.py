"""Funds: the list, the form, the page of each."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView, InspectView

from accounts.acting import ActionMixin
from accounts.scoping import rows_for
from accounts.viewsets import ScopedModelViewSet

from .. import actions, disclosure, history
from ..desk import may_publish
from ..forms import FundForm
from ..models import Fund
from ..periods import next_period
from .base import MoneyColumn, to_row


class FundIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[Fund]:
        return super().get_base_queryset().with_balance().select_related("place", "manager")


class FundCreateView(ActionMixin, CreateView):
    def act(self, data: dict[str, Any]) -> Fund:
        return actions.open_fund(fund=self.form.instance, by=self.request.user)


class FundEditView(ActionMixin, EditView):
    def act(self, data: dict[str, Any]) -> Fund:
        fields = self.form.changed_data
        return actions.change_fund(fund=self.form.instance, fields=fields, by=self.request.user)


class FundInspectView(InspectView):
    page_title = gettext_lazy("基金")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fund = self.object
        due = disclosure.due([fund])
        mine = rows_for(Fund, self.request.user, "change").filter(pk=fund.pk).exists()
        return super().get_context_data(**kwargs) | {
            "fund": fund,
            "balances": fund.balances.filter(amount__gt=0),
            "stocks": fund.stocks.there(),
            "due": due,
            "next": next_period(fund, fund.closed_until),
            "may_change": mine,
            "may_publish": mine and may_publish(self.request.user, fund),
            "statements": fund.statements.select_related("document"),
            "pending": fund.vouchers.pending().count(),
            "audit": history.of(fund),
        }


class FundViewSet(ScopedModelViewSet):
    model = Fund
    name = "fund_list"
    url_prefix = "funds/list"
    icon = "folder-open-inverse"
    menu_label = gettext_lazy("基金")
    add_to_admin_menu = False
    index_view_class = FundIndexView
    add_view_class = FundCreateView
    edit_view_class = FundEditView
    inspect_view_class = FundInspectView
    inspect_view_enabled = True
    inspect_template_name = "funds/admin/fund.html"
    list_display = [
        to_row("name", gettext_lazy("名称"), "fund_list", sort_key="name"),
        Column("get_kind_display", label=gettext_lazy("类型"), sort_key="kind"),
        Column("place", label=gettext_lazy("监管单位所在地"), sort_key="place__path"),
        Column("manager", label=gettext_lazy("管理单位")),
        MoneyColumn("balance", label=gettext_lazy("余额（元）"), sort_key="balance"),
        Column("closed_on", label=gettext_lazy("终止日期"), sort_key="closed_on"),
    ]
    list_filter = ["kind", "disclosure_months"]
    list_export = ["code", "name", "get_kind_display", "place", "manager", "balance", "started_on", "closed_on"]
    export_headings = {"get_kind_display": gettext_lazy("类型"), "balance": gettext_lazy("余额（元）")}
    export_filename = "funds"
    search_fields = ["name", "code"]
    ordering = ["code"]
    form_class = FundForm
