"""The dialog in which a place is chosen."""

from typing import Any

from django.db.models import Q, QuerySet
from django.forms import CharField, TextInput
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser as chooser_views

from accounts.viewsets import ScopedChooserViewSet
from registry.places.models import Place, trails


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

    def filter(self, objects: QuerySet[Place]) -> QuerySet[Place]:
        """Narrow down by what was typed."""
        objects = super().filter(objects)
        typed = (self.cleaned_data.get("q") or "").strip()
        if not typed:
            return objects
        self.is_searching, self.search_query = True, typed
        return objects.filter(matching(typed))


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
    icon = "site"
    per_page = 20
    choose_view_class = PlaceChooseView
    choose_results_view_class = PlaceChooseResultsView
    choose_one_text = _("选一个地方")
    choose_another_text = _("换一个地方")
    edit_item_text = _("查看这个地方")


place_chooser_viewset = PlaceChooserViewSet()
