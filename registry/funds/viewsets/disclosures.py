"""Donations with their receipts, and published accounts with their corrections."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView, InspectView

from accounts.desk.columns import DayColumn
from accounts.scoping import rows_for

from .. import history
from ..forms import CorrectionForm
from ..models import Donation, Statement, Voucher
from .base import LedgerViewSet, MoneyColumn, to_row


class DonationFilterSet(WagtailFilterSet):
    voucher__on = django_filters.DateFromToRangeFilter(label=gettext_lazy("捐赠日期"), widget=DateRangePickerWidget)

    class Meta:
        model = Donation
        fields = ["receipt_status", "named", "voucher__fund", "voucher__donor_kind", "voucher__on"]


class DonationIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[Donation]:
        return super().get_base_queryset().select_related("voucher__fund", "receipt")


class DonationInspectView(InspectView):
    page_title = gettext_lazy("捐赠")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        donation = self.object
        return super().get_context_data(**kwargs) | {
            "donation": donation,
            "voucher": donation.voucher,
            "reversed": donation.voucher.reversals.posted().exists(),
            "may_change": rows_for(Donation, self.request.user, "change").filter(pk=donation.pk).exists(),
            "audit": history.of(donation.voucher),
        }


class DonationViewSet(LedgerViewSet):
    model = Donation
    name = "fund_donations"
    url_prefix = "funds/donations"
    icon = "pick"
    menu_label = gettext_lazy("捐赠与票据")
    index_view_class = DonationIndexView
    inspect_view_class = DonationInspectView
    inspect_view_enabled = True
    inspect_template_name = "funds/admin/donation.html"
    filterset_class = DonationFilterSet
    list_display = [
        to_row("donor", gettext_lazy("捐赠人"), "fund_donations"),
        Column("voucher.what", label=gettext_lazy("捐赠")),
        DayColumn("voucher.on", label=gettext_lazy("捐赠日期"), sort_key="voucher__on"),
        Column("voucher.fund", label=gettext_lazy("基金"), sort_key="voucher__fund__name"),
        Column("named", label=gettext_lazy("同意公开"), sort_key="named"),
        Column("get_receipt_status_display", label=gettext_lazy("捐赠票据"), sort_key="receipt_status"),
    ]
    list_export = ["voucher.fund", "voucher.on", "donor", "voucher.what", "named", "get_receipt_status_display"]
    list_export += ["receipt"]
    export_headings = {
        "voucher.fund": gettext_lazy("基金"),
        "voucher.on": gettext_lazy("捐赠日期"),
        "voucher.what": gettext_lazy("捐赠"),
        "donor": gettext_lazy("捐赠人"),
        "get_receipt_status_display": gettext_lazy("票据状态"),
    }
    export_filename = "fund-donations"
    search_fields = ["voucher__donor_name"]
    ordering = ["-voucher__on"]


class StatementIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[Statement]:
        return super().get_base_queryset().select_related("fund", "document", "published_by")


class StatementInspectView(InspectView):
    page_title = gettext_lazy("公开账目")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        statement, user = self.object, self.request.user
        return super().get_context_data(**kwargs) | {
            "statement": statement,
            "corrections": statement.corrections.select_related("document", "published_by"),
            "may_publish": rows_for(Statement, user, "publish").filter(pk=statement.pk).exists(),
            "untold": Voucher.objects.correcting(statement).exists(),
            "form": CorrectionForm(statement=statement),
            "audit": history.of(statement),
        }


class StatementViewSet(LedgerViewSet):
    model = Statement
    name = "fund_statements"
    url_prefix = "funds/statements"
    icon = "doc-full"
    menu_label = gettext_lazy("公开账目")
    index_view_class = StatementIndexView
    inspect_view_class = StatementInspectView
    inspect_view_enabled = True
    inspect_template_name = "funds/admin/statement.html"
    list_filter = ["fund"]
    list_display = [
        to_row("title", gettext_lazy("账期"), "fund_statements", sort_key="ends_on"),
        Column("fund", label=gettext_lazy("基金"), sort_key="fund__name"),
        MoneyColumn("opening", label=gettext_lazy("期初余额")),
        MoneyColumn("income", label=gettext_lazy("本期收入"), sort_key="income"),
        MoneyColumn("expense", label=gettext_lazy("本期支出"), sort_key="expense"),
        MoneyColumn("closing", label=gettext_lazy("期末余额"), sort_key="closing"),
        DayColumn("published_at", label=gettext_lazy("公开时间"), sort_key="published_at"),
        Column("document", label=gettext_lazy("文件编号")),
    ]
    list_export = ["fund", "title", "starts_on", "ends_on", "opening", "income", "expense", "closing"]
    list_export += ["published_at", "published_by", "document"]
    export_headings = {"title": gettext_lazy("账期")}
    export_filename = "fund-statements"
    ordering = ["-ends_on", "fund"]
