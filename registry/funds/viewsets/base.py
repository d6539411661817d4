"""What the lists of funds share."""

from typing import Any

from wagtail.admin.ui.tables import Column, TitleColumn

from accounts.viewsets import ReadOnlyViewSet

from ..templatetags.fund_numbers import money, quantity


class MoneyColumn(Column):
    """Yuan with their separators."""

    def get_value(self, instance: Any) -> str:
        return money(super().get_value(instance))


class QuantityColumn(Column):
    """A quantity without empty decimals."""

    def get_value(self, instance: Any) -> str:
        return quantity(super().get_value(instance))


def to_row(name: str, heading: Any, viewset: str, *, sort_key: str | None = None) -> TitleColumn:
    """A column that leads to the row's own page."""
    return TitleColumn(name, label=heading, url_name=f"{viewset}:inspect", sort_key=sort_key)


class LedgerViewSet(ReadOnlyViewSet):
    """Rows that are only looked at: what is in the books changes by vouchers alone."""

    add_to_admin_menu = False
    list_per_page = 50
