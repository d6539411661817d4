"""Places in the back office: level by level, found by name or code, grids drawn and figures kept."""

from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from accounts.desk.choosers import matching
from accounts.desk.columns import WIDE, DayColumn
from accounts.desk.forms import ActionViewMixin, FiguresForm, GridForm
from accounts.desk.histories import ABSENT, without_history
from accounts.scoping import places_with, rows_for
from accounts.viewsets import ScopedModelViewSet, narrow
from registry.places import actions
from registry.places.models import Kind, Place, below_path, trails

_VIEW = "places.view_place"


class PlaceFilters(WagtailFilterSet):
    """Narrows the list down."""

    kind = django_filters.MultipleChoiceFilter(label=_("层级"), choices=Kind.choices)
    unconfirmed = django_filters.BooleanFilter(
        label=_("没有核实过人口户数"), field_name="confirmed_on", lookup_expr="isnull"
    )

    class Meta:
        model = Place
        fields = ["kind", "unconfirmed"]


class PlaceIndexView(generic.IndexView):
    """One level of the tree; with a search or a filter, all that is below it."""

    filterset_class = PlaceFilters
    default_ordering = "path"
    add_item_label = _("加网格")

    @cached_property
    def columns(self) -> list[Any]:
        """The name leads one level down; what may be done with the place hangs on it."""
        column = self._get_title_column_class(TitleColumn)
        name = column("name", label=_("名称"), get_url=_level, sort_key="name")
        return [name, *super().columns[1:]]

    @cached_property
    def inside(self) -> Place | None:
        """The place whose level is shown; none for where the user's own reach begins."""
        asked = self.request.GET.get("inside", "")
        if not asked.isdigit():
            return None
        return rows_for(Place, self.request.user).filter(pk=int(asked)).first()

    def get_queryset(self) -> QuerySet[Place]:
        rows = super().get_queryset()
        within = Q() if self.inside is None else below_path(self.inside.path)
        if self.is_searching or self.is_filtering or self.is_export:
            return rows.filter(within)
        if self.inside is not None:
            return rows.filter(within, depth=self.inside.depth + 1)
        return rows.filter(self._tops())

    def _tops(self) -> Q:
        user = self.request.user
        if user.is_superuser:
            return Q(depth=1)
        tops = [place.pk for place in places_with(user, _VIEW)]
        return Q(pk__in=tops)

    def search_queryset(self, queryset: QuerySet[Place]) -> QuerySet[Place]:
        return queryset.filter(matching(self.search_query)) if self.is_searching else queryset

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        rows = list(context["page_obj"].object_list) if context.get("page_obj") else []
        above = trails(rows)
        for row in context["object_list"]:
            row.trail = above.get(row.path, "")
        return context

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [*self.breadcrumbs_items, {"url": reverse(self.index_url_name), "label": self.get_page_title()}]
        if self.inside is not None:
            reached = rows_for(Place, self.request.user).filter(pk__in=self.inside.get_ancestors().values("pk"))
            items += [{"url": _level(place), "label": place.name} for place in [*reached.order_by("path"), self.inside]]
        items[-1]["url"] = ""
        return items

    @cached_property
    def header_buttons(self) -> list[Any]:
        # Grids are drawn below a village: the button stands there, and knows which.
        return super().header_buttons if self.inside is not None and self.inside.kind in actions.GRIDS else []

    def get_add_url(self) -> str | None:
        address = super().get_add_url()
        return f"{address}?parent={self.inside.pk}" if address and self.inside is not None else address

    def get_list_more_buttons(self, instance: Place) -> list[Any]:
        buttons = [button for button in super().get_list_more_buttons(instance) if _is_shown(button, instance)]
        if instance.kind in actions.GRIDS and self.add_url:
            address = f"{reverse(self.add_url_name)}?parent={instance.pk}"
            buttons.append(MenuItem(_("加网格"), url=address, icon_name="plus", priority=15))
        return buttons


def _is_shown(button: Any, place: Place) -> bool:
    return getattr(button, "icon_name", "") != "bin" or place.kind in actions.GRIDS.values()


def _level(place: Place) -> str:
    return f"{reverse('places:index')}?inside={place.pk}"


class PlaceCreateView(ActionViewMixin, generic.CreateView):
    """Draws a grid or a micro-grid."""

    page_subtitle = _("网格")

    def get_initial(self) -> dict[str, Any]:
        parent = self.request.GET.get("parent", "")
        return super().get_initial() | ({"parent": parent} if parent.isdigit() else {})

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)
        parent = form.fields["parent"]
        narrow(parent, parent.queryset.filter(pk__in=rows_for(Place, self.request.user, "add").values("pk")))
        return form

    def perform(self, given: dict[str, Any]) -> Place:
        return actions.add_grid(parent=given["parent"], name=given["name"], by=self.request.user, **self.form.figures())

    def get_success_url(self) -> str:
        return _level(self.object.get_parent())


class PlaceEditView(ActionViewMixin, generic.EditView):
    """The figures, and of grids the name."""

    def perform(self, given: dict[str, Any]) -> Place:
        place = actions.change_figures(place=self.object, by=self.request.user, **self.form.figures())
        if not self.form.fields["name"].disabled:
            place = actions.rename(place=place, name=given["name"], by=self.request.user)
        return place

    def get_success_url(self) -> str:
        parent = self.object.get_parent()
        seen = parent is not None and rows_for(Place, self.request.user).filter(pk=parent.pk).exists()
        return _level(parent) if seen else super().get_success_url()

    @cached_property
    def can_delete(self) -> bool:
        return super().can_delete and self.object.kind in actions.GRIDS.values()


class PlaceDeleteView(generic.DeleteView):
    """Takes a grid out of the tree, where nothing stands at it."""

    def form_valid(self, form: Any) -> Any:
        above = self.object.get_parent()
        try:
            actions.delete_place(place=self.object, by=self.request.user)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(self.request, self.get_success_message())
        return redirect(_level(above) if above else self.get_success_url())


class PlaceViewSet(ScopedModelViewSet):
    """Places."""

    model = Place
    name = "places"
    icon = "site"
    menu_label = _("地方")
    add_to_reference_index = False
    index_view_class = PlaceIndexView
    add_view_class = PlaceCreateView
    edit_view_class = PlaceEditView
    delete_view_class = PlaceDeleteView
    list_per_page = 50
    list_display = [
        "name",
        Column("get_kind_display", label=_("层级")),
        Column("code", label=_("代码"), sort_key="code", classname=WIDE),
        Column("trail", label=_("所属"), classname=WIDE),
        Column("population", label=_("人口"), sort_key="population"),
        Column("households", label=_("户数"), sort_key="households"),
        DayColumn("confirmed_on", label=_("核实日期"), sort_key="confirmed_on", classname=WIDE),
    ]
    list_export = ["code", "name", "get_kind_display", "population", "households", "confirmed_on"]
    export_headings = {"get_kind_display": _("层级")}
    export_filename = "places"
    search_fields = ["name", "code"]
    search_backend_name = None
    ordering = ["path"]

    def get_form_class(self, for_update: bool = False) -> type:
        """A new grid says where it is."""
        return FiguresForm if for_update else GridForm

    def get_urlpatterns(self) -> list[URLPattern]:
        """What was done is told by the audit, what stands here by the refusal to delete."""
        return without_history(super().get_urlpatterns())

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """No view knows of an address that is not there."""
        return super().get_common_view_kwargs(**ABSENT, **kwargs)


place_viewset = PlaceViewSet()
