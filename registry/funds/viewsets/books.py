"""The books of money and of goods, and what is there: only looked at."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView

from accounts.desk.columns import DayColumn

from ..models import Entry, GoodsLine, Stock
from .base import LedgerViewSet, MoneyColumn, QuantityColumn


class EntryIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[Entry]:
        rows = super().get_base_queryset()
        return rows.select_related("fund", "voucher", "entered_by", "approved_by")


class EntryViewSet(LedgerViewSet):
    model = Entry
    name = "fund_entries"
    url_prefix = "funds/entries"
    icon = "list-ul"
    menu_label = gettext_lazy("收支明细")
    index_view_class = EntryIndexView
    list_filter = {"fund": ["exact"], "kind": ["exact"], "debit": ["exact"], "credit": ["exact"], "on": ["range"]}
    list_display = [
        TitleColumn(
            "purpose",
            label=gettext_lazy("事由"),
            get_url=lambda entry: reverse("fund_vouchers:inspect", args=[entry.voucher_id]),
        ),
        DayColumn("on", label=gettext_lazy("发生日期"), sort_key="on"),
        Column("fund", label=gettext_lazy("基金"), sort_key="fund__name"),
        Column("get_kind_display", label=gettext_lazy("事项"), sort_key="kind"),
        Column("get_debit_display", label=gettext_lazy("借方"), sort_key="debit"),
        Column("get_credit_display", label=gettext_lazy("贷方"), sort_key="credit"),
        MoneyColumn("amount", label=gettext_lazy("金额（元）"), sort_key="amount"),
        Column("entered_by", label=gettext_lazy("经办人")),
        Column("approved_by", label=gettext_lazy("审批人")),
    ]
    list_export = ["voucher.number", "on", "fund", "get_kind_display", "get_debit_display", "get_credit_display"]
    list_export += ["amount", "purpose", "attachments", "entered_by", "approved_by", "posted_at"]
    export_headings = {
        "voucher.number": gettext_lazy("凭证号"),
        "get_kind_display": gettext_lazy("事项"),
        "get_debit_display": gettext_lazy("借方"),
        "get_credit_display": gettext_lazy("贷方"),
    }
    export_filename = "fund-entries"
    search_fields = ["purpose"]
    ordering = ["-on", "-pk"]


class GoodsIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[GoodsLine]:
        rows = super().get_base_queryset()
        return rows.select_related("stock__fund", "voucher", "entered_by", "approved_by")


class GoodsViewSet(LedgerViewSet):
    model = GoodsLine
    name = "fund_goods"
    url_prefix = "funds/goods"
    icon = "clipboard-list"
    menu_label = gettext_lazy("物资明细")
    index_view_class = GoodsIndexView
    list_filter = {"stock__fund": ["exact"], "kind": ["exact"], "incoming": ["exact"], "on": ["range"]}
    list_display = [
        TitleColumn(
            "stock.goods",
            label=gettext_lazy("物资名称"),
            get_url=lambda line: reverse("fund_vouchers:inspect", args=[line.voucher_id]),
        ),
        DayColumn("on", label=gettext_lazy("发生日期"), sort_key="on"),
        Column("stock.fund", label=gettext_lazy("基金"), sort_key="stock__fund__name"),
        Column("get_kind_display", label=gettext_lazy("事项"), sort_key="kind"),
        QuantityColumn("quantity", label=gettext_lazy("数量"), sort_key="quantity"),
        Column("stock.unit", label=gettext_lazy("计量单位")),
        MoneyColumn("value", label=gettext_lazy("估价（元）"), sort_key="value"),
        Column("purpose", label=gettext_lazy("事由")),
    ]
    list_export = ["voucher.number", "on", "stock.fund", "get_kind_display", "stock.goods", "quantity", "stock.unit"]
    list_export += ["value", "purpose", "attachments", "entered_by", "approved_by", "posted_at"]
    export_headings = {
        "voucher.number": gettext_lazy("凭证号"),
        "stock.fund": gettext_lazy("基金"),
        "stock.goods": gettext_lazy("物资名称"),
        "stock.unit": gettext_lazy("计量单位"),
        "get_kind_display": gettext_lazy("事项"),
    }
    export_filename = "fund-goods"
    search_fields = ["purpose", "stock__goods"]
    ordering = ["-on", "-pk"]


class StockIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[Stock]:
        return super().get_base_queryset().select_related("fund")


class StockViewSet(LedgerViewSet):
    model = Stock
    name = "fund_stocks"
    url_prefix = "funds/stocks"
    icon = "table"
    menu_label = gettext_lazy("物资库存")
    index_view_class = StockIndexView
    list_filter = ["fund"]
    list_display = [
        Column("goods", label=gettext_lazy("物资名称"), sort_key="goods"),
        Column("fund", label=gettext_lazy("基金"), sort_key="fund__name"),
        QuantityColumn("quantity", label=gettext_lazy("数量"), sort_key="quantity"),
        Column("unit", label=gettext_lazy("计量单位")),
        MoneyColumn("value", label=gettext_lazy("估价合计（元）"), sort_key="value"),
    ]
    list_export = ["fund", "goods", "quantity", "unit", "value"]
    export_filename = "fund-stocks"
    search_fields = ["goods"]
    ordering = ["fund", "goods"]
