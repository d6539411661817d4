"""The dialog in which a place is chosen."""

from typing import Any

from django.db.models import Q, QuerySet
from django.forms import CharField, HiddenInput, TextInput
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser as chooser_views

from accounts.viewsets import ScopedChooser, ScopedChooserViewSet
from registry.places.models import Kind, Place, trails


def matching(typed: str) -> Q:
    """The condition that a place is meant by what was typed: the beginning of its code, or a part of its name."""
    typed = typed.strip()
    if typed[:1].isdigit():
        return Q(code__gte=typed, code__lte=typed + "~")
    return Q(name__contains=typed)


class PlaceFilterForm(BaseFilterForm):
    """Finds a place by its name or code."""

    q = CharField(
        label=_("查找"), required=False, max_length=60, widget=TextInput(attrs={"placeholder": _("名称或代码")})
    )

    kinds = CharField(required=False, max_length=100, widget=HiddenInput())

    def filter(self, objects: QuerySet[Place]) -> QuerySet[Place]:
        """Narrow down to the levels that the form takes, and by what was typed."""
        objects = super().filter(objects)
        if kinds := self.cleaned_data.get("kinds"):
            objects = objects.filter(kind__in=kinds.split(","))
        typed = (self.cleaned_data.get("q") or "").strip()
        if not typed:
            return objects
        self.is_searching, self.search_query = True, typed
        return objects.filter(matching(typed))


class PlaceChooser(ScopedChooser):
    """The field: its dialog offers the levels that the form takes."""

    def get_chooser_modal_url(self) -> str:
        """With the levels, where not all may be chosen."""
        address: str = super().get_chooser_modal_url()
        return f"{address}?{urlencode({'kinds': self.kinds})}" if self.kinds else address

    @cached_property
    def kinds(self) -> str:
        """The levels of the places that may be chosen; empty when they are all."""
        if self.rows is None:
            return ""
        found = set(self.rows.order_by().values_list("kind", flat=True).distinct())
        return ",".join(kind for kind in Kind.values if kind in found) if len(found) < len(Kind) else ""


class PlaceChooseMixin(chooser_views.BaseChooseView):
    """Lists places with their level and what they stand in."""

    filter_form_class = PlaceFilterForm
    ordering = "path"

    @property
    def columns(self) -> list[Column]:
        return [
            self.title_column,
            Column("get_kind_display", label=_("层级")),
            Column("trail", label=_("所属")),
            Column("code", label=_("代码")),
        ]

    def get_results_page(self, request: HttpRequest) -> Any:
        """A page of places, which know what they stand in."""
        page = super().get_results_page(request)
        page.object_list = list(page.object_list)
        above = trails(page.object_list)
        for place in page.object_list:
            place.trail = above[place.path]
        return page


class PlaceChooseView(PlaceChooseMixin, chooser_views.ChooseView):
    """The dialog."""


class PlaceChooseResultsView(PlaceChooseMixin, chooser_views.ChooseResultsView):
    """The list in the dialog, when it is searched or turned over."""


class PlaceChooserViewSet(ScopedChooserViewSet):
    """The dialog in which a place is chosen, wherever a form of the back office asks for one."""

    model = Place
    name = "place_chooser"
    base_widget_class = PlaceChooser
    preserve_url_parameters = ["multiple", "kinds"]
    icon = "site"
    per_page = 20
    choose_view_class = PlaceChooseView
    choose_results_view_class = PlaceChooseResultsView
    choose_one_text = _("选一个地方")
    choose_another_text = _("换一个地方")
    edit_item_text = _("查看这个地方")


place_chooser_viewset = PlaceChooserViewSet()
