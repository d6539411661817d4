"""What the lists of funds share."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import path
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.ui.tables import Column, TitleColumn

from accounts.viewsets import ScopedModelViewSet

from ..templatetags.fund_numbers import money, quantity

RANGES = {"widget": DateRangePickerWidget}


class MoneyColumn(Column):
    """Yuan with their separators."""

    def get_value(self, instance: Any) -> str:
        return money(super().get_value(instance))


class DayColumn(Column):
    """A date as the books write it, not as so many days ago."""

    def get_value(self, instance: Any) -> str:
        value = super().get_value(instance)
        return "" if value is None else f"{value:%Y-%m-%d}"


class QuantityColumn(Column):
    """A quantity without empty decimals."""

    def get_value(self, instance: Any) -> str:
        return quantity(super().get_value(instance))


def to_row(name: str, heading: Any, viewset: str, *, sort_key: str | None = None) -> TitleColumn:
    """A column that leads to the row's own page."""
    return TitleColumn(name, label=heading, url_name=f"{viewset}:inspect", sort_key=sort_key)


class LedgerViewSet(ScopedModelViewSet):
    """Rows that are only looked at: what is in the books changes by vouchers alone."""

    add_to_admin_menu = False
    list_per_page = 50

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """No address for what cannot be done."""
        none = dict.fromkeys(["add_url_name", "edit_url_name", "delete_url_name"])
        none |= dict.fromkeys(["history_url_name", "usage_url_name"])
        return super().get_common_view_kwargs(**none | kwargs)

    def get_urlpatterns(self) -> list[Any]:
        """The list, its results, and the page of a row where there is one."""
        patterns = [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]
        if self.inspect_view_enabled:
            patterns.append(path("inspect/<int:pk>/", self.inspect_view, name="inspect"))
        return patterns


class ByAction:
    """Saves through an action; what it refuses stands in the form."""

    def form_valid(self, form: Any) -> HttpResponse:
        self.form = form
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except ValidationError as error:
            form._update_errors(error)
            return self.form_invalid(form)  # type: ignore[attr-defined]
