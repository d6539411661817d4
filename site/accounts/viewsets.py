"""Back-office views that show and take only what the user's roles reach.

A viewset of a scoped model is a ScopedModelViewSet, a chooser of one a ScopedChooserViewSet: each of their views is
mixed with the class here, so that lists, forms, filters, exports, history, usage and choosers ask the same question.
"""

from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import Http404
from django.urls import path
from django.utils.functional import cached_property
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, NullAdminURLFinder
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.chooser import BaseChooser

from accounts.filters import ListFilters
from accounts.scoping import is_scoped, reached, rows_for

MOST_CHOICES = 50
"""A select of more than these is read by nobody."""

_choosers: "dict[type[models.Model], type[ScopedChooser]]" = {}


def limit_choices(form: forms.BaseForm, user: Any) -> None:
    """Leave in each choice of a form only what the user may see; what a saved row already names stays."""
    for name, field in form.fields.items():
        queryset = getattr(field, "queryset", None)
        if queryset is None or not is_scoped(queryset.model):
            continue
        condition = reached(queryset.model, user)
        if isinstance(form, forms.ModelForm) and form.instance.pk and condition:
            condition |= models.Q(pk__in=_already(form.instance, name))
        narrow(field, queryset.filter(condition))


def narrow(field: Any, rows: "models.QuerySet[Any]") -> None:
    """Let a field take these rows alone, and its chooser show the title of no other that somebody sent.

    What a select would list beyond reading is looked for in the chooser's dialog, where there is one.
    """
    field.queryset = rows
    _choose_in_dialog(field)
    if isinstance(field.widget, ScopedChooser):
        field.widget.rows = rows


def _choose_in_dialog(field: Any) -> None:
    chooser = _choosers.get(field.queryset.model)
    if chooser is None or type(field.widget) is not forms.Select:
        return
    if len(field.queryset.order_by().values_list("pk")[: MOST_CHOICES + 1]) > MOST_CHOICES:
        field.widget = chooser()
        field.widget.is_required = field.required


def _already(instance: models.Model, name: str) -> list[Any]:
    try:
        field = instance._meta.get_field(name)
    except FieldDoesNotExist:
        return []
    if isinstance(field, models.ManyToManyField):
        return list(getattr(instance, name).values_list("pk", flat=True))
    return [field.value_from_object(instance)] if isinstance(field, models.ForeignKey) else []


def harmless(value: Any) -> Any:
    """Text that a spreadsheet program would run as a formula, with an apostrophe in front (CWE-1236)."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value


class ScopedViewMixin:
    """Goes in front of a view of a scoped model. What stands outside the user's reach is not there: 404."""

    scoped = True
    base_filterset_class = ListFilters

    @property
    def scoped_actions(self) -> list[str]:
        """The actions of which the user needs one, on the row that the view is about."""
        if required := getattr(self, "permission_required", None):
            return [required]
        return list(getattr(self, "any_permission_required", None) or ["view"])

    def get_object(self, *args: Any, **kwargs: Any) -> Any:
        """The row, where the user's roles reach it."""
        found = super().get_object(*args, **kwargs)  # type: ignore[misc]
        user = self.request.user  # type: ignore[attr-defined]
        if is_scoped(type(found)) and not any(
            rows_for(type(found), user, action).filter(pk=found.pk).exists() for action in self.scoped_actions
        ):
            raise Http404
        return found

    def get_base_queryset(self) -> Any:
        """The rows of a list."""
        rows = super().get_base_queryset()  # type: ignore[misc]
        if not is_scoped(rows.model):
            return rows
        return rows.filter(reached(rows.model, self.request.user))  # type: ignore[attr-defined]

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        """The form, with the choices that the user may see."""
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        limit_choices(form, self.request.user)  # type: ignore[attr-defined]
        return form

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        """A row of an export, in which no cell is a formula to a spreadsheet program."""
        row = super().to_row_dict(item)  # type: ignore[misc]
        return {name: harmless(value) for name, value in row.items()}

    @cached_property
    def filters(self) -> Any:
        """The filters of a list, with the choices that the user may see."""
        found = super().filters  # type: ignore[misc]
        if found is not None:
            limit_choices(found.form, self.request.user)  # type: ignore[attr-defined]
        return found


class ScopedChooser(BaseChooser):
    """The field of a chooser. What was sent but is not among its rows has no title here, and neither has nonsense."""

    rows: "models.QuerySet[Any] | None" = None

    def get_instance(self, value: Any) -> Any:
        """The row, where it may be shown."""
        if value is None or isinstance(value, self.model_class):
            return value
        rows = self.model_class._default_manager.all() if self.rows is None else self.rows
        try:
            return rows.filter(pk=value).first()
        except (TypeError, ValueError):
            return None


def scoped_view(view_class: type) -> type:
    """The view class with the mixin in front."""
    if issubclass(view_class, ScopedViewMixin):
        return view_class
    return type(view_class.__name__, (ScopedViewMixin, view_class), {"__doc__": view_class.__doc__})


class ScopedModelViewSet(ModelViewSet):
    """A viewset of a scoped model."""

    copy_view_enabled = False
    form_class: Any = None
    """The form that rows are both added and changed with, where Wagtail does not make it of panels or fields."""
    row_pages: tuple[str, ...] = ("edit", "inspect")
    """Where a row is looked at, for links from elsewhere: the first that is there."""

    def construct_view(self, view_class: type, **kwargs: Any) -> Any:
        """Every view of the viewset, scoped."""
        return super().construct_view(scoped_view(view_class), **kwargs)

    def get_form_class(self, for_update: bool = False) -> Any:
        """That form, else Wagtail's."""
        return self.form_class or super().get_form_class(for_update)

    @property
    def url_finder_class(self) -> type:
        """The first of `row_pages`, else nowhere."""
        names = {pattern.name for pattern in self.get_urlpatterns()}
        page = next((name for name in self.row_pages if name in names), None)
        if page is None:
            return NullAdminURLFinder
        return type("RowURLFinder", (ModelAdminURLFinder,), {"edit_url_name": self.get_url_name(page)})


class ReadOnlyViewSet(ScopedModelViewSet):
    """A list and, where it is enabled, the page about one row: what stands there is written elsewhere."""

    form_fields: list[str] = []

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """No way to forms that are not there."""
        none = ("add_url_name", "edit_url_name", "delete_url_name", "history_url_name", "usage_url_name")
        return super().get_common_view_kwargs(**kwargs) | dict.fromkeys(none)

    def get_urlpatterns(self) -> list[Any]:
        """The list with its exports, and the page about one."""
        patterns = [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]
        if self.inspect_view_enabled:
            patterns.append(path("inspect/<int:pk>/", self.inspect_view, name="inspect"))
        return patterns


class ScopedChooserMixin:
    """Goes in front of a chooser's views."""

    scoped = True

    def get_object_list(self) -> Any:
        """The rows to choose from."""
        return rows_for(self.model_class, self.request.user)  # type: ignore[attr-defined]

    def get_object(self, pk: Any) -> Any:
        """The chosen row."""
        return rows_for(self.model_class, self.request.user).get(pk=pk)  # type: ignore[attr-defined]

    def get_objects(self, pks: Any) -> Any:
        """The chosen rows."""
        return rows_for(self.model_class, self.request.user).filter(pk__in=pks)  # type: ignore[attr-defined]


class ScopedChooserViewSet(ChooserViewSet):
    """A chooser of a scoped model."""

    base_widget_class = ScopedChooser
    typed_as = "name"
    """The column by which lists are narrowed to one of the rows."""

    def on_register(self) -> None:
        """Let forms and filters know of it."""
        super().on_register()
        _choosers[self.model] = self.widget_class
        ListFilters.typed[self.model] = self.typed_as

    def construct_view(self, view_class: type, **kwargs: Any) -> Any:
        """Every view of the chooser, scoped."""
        scoped = type(view_class.__name__, (ScopedChooserMixin, view_class), {"__doc__": view_class.__doc__})
        return super().construct_view(scoped, **kwargs)
