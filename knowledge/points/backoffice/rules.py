"""Rules and items."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn

from accounts.acting import KeptViewSet

from ..actions import rules
from ..models import Item, Rules
from . import forms


class ItemViewSet(KeptViewSet):
    """What points are given for."""

    model = Item
    icon = "clipboard-list"
    menu_label = _("积分项目")
    menu_order = 160
    form_class = forms.ItemForm
    list_display = [
        TitleColumn("name", label=_("项目"), url_name="points_items:edit", sort_key="name"),
        Column("place", label=_("村、社区"), sort_key="place__path"),
        Column("get_category_display", label=_("类别"), sort_key="category"),
        Column("points", label=_("每次积分"), sort_key="points"),
        Column("cap_text", label=_("上限")),
        BooleanColumn("needs_evidence", label=_("要附凭证")),
        Column("valid_from", label=_("启用"), sort_key="valid_from"),
        Column("valid_until", label=_("停用"), sort_key="valid_until"),
    ]
    list_filter = {"place": ["exact"], "category": ["exact"]}
    list_export = [
        "place", "get_category_display", "name", "points", "unit", "cap_text", "needs_evidence", "valid_from",
        "valid_until",
    ]  # fmt: skip
    export_filename = "points-items"
    search_fields = ["name"]
    ordering = ["place", "position", "pk"]

    @staticmethod
    def write(item: Item, by: Any) -> Item:
        """By the action."""
        return rules.save_item(item=item, by=by)


class RulesViewSet(KeptViewSet):
    """Settings, village by village."""

    model = Rules
    icon = "cogs"
    menu_label = _("积分设置")
    menu_order = 210
    form_class = forms.RulesForm
    list_display = [
        TitleColumn("place", label=_("村、社区"), url_name="points_rules:edit", sort_key="place__path"),
        Column("panel_size", label=_("评议人数")),
        Column("publicity_days", label=_("公示天数")),
        BooleanColumn("may_be_negative", label=_("余额可以为负")),
        Column("get_year_end_display", label=_("年终余额")),
    ]
    search_fields = ["place__name"]
    ordering = ["place"]

    @staticmethod
    def write(settings: Rules, by: Any) -> Rules:
        """By the action."""
        return rules.set_rules(rules=settings, by=by)
