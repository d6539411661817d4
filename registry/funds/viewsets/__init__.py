"""Funds in the back office: lists with filters and exports, forms, and the page of each row with its steps."""

from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSetGroup

from .books import EntryViewSet, GoodsViewSet, StockViewSet
from .disclosures import DonationViewSet, StatementViewSet
from .funds import FundViewSet
from .vouchers import VoucherViewSet


class FundGroup(ViewSetGroup):
    """The entry of the menu."""

    menu_label = gettext_lazy("社区基金")
    menu_icon = "pick"
    menu_order = 260
    items = (
        VoucherViewSet("fund_vouchers"),
        FundViewSet("fund_list"),
        EntryViewSet("fund_entries"),
        GoodsViewSet("fund_goods"),
        StockViewSet("fund_stocks"),
        DonationViewSet("fund_donations"),
        StatementViewSet("fund_statements"),
    )
