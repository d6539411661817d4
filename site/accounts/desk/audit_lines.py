"""Who did what, when: read and exported, never changed."""

import json
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from accounts.audit import name_of
from accounts.desk.columns import WIDE, DayColumn
from accounts.models import AuditLine
from accounts.scoping import rows_for
from accounts.viewsets import ScopedModelViewSet
from registry.places.models import Place, below_path


def _actions(request: Any) -> list[tuple[str, str]]:
    if request is None:
        return []
    found = rows_for(AuditLine, request.user).order_by("action").values_list("action", flat=True).distinct()
    return [(action, name_of(action)) for action in found]


class AuditFilters(WagtailFilterSet):
    """Narrows the lines down."""

    at = django_filters.DateFromToRangeFilter(label=_("日期"), widget=DateRangePickerWidget)
    actor = django_filters.CharFilter(label=_("谁"), lookup_expr="contains")
    place = django_filters.CharFilter(label=_("地方（代码或名称）"), method="filter_place")
    action = django_filters.ChoiceFilter(label=_("做了什么"), choices=[])

    class Meta:
        model = AuditLine
        fields = ["at", "actor", "place", "action"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["action"].extra["choices"] = _actions(self.request)

    def filter_place(self, rows: QuerySet[AuditLine], name: str, value: str) -> QuerySet[AuditLine]:
        """Lines of the places that are meant and of all below them, where the reader may see those places."""
        condition = Q(pk__in=[])
        meant = Place.objects.filter(Q(code=value.strip()) | Q(name=value.strip()))
        for path in meant.values_list("path", flat=True)[:50]:
            condition |= below_path(path, "place_path")
        return rows.filter(condition)


def as_text(details: dict[str, Any]) -> str:
    """The details of a line as an export writes them."""
    return json.dumps(details, ensure_ascii=False) if details else ""


class AuditIndexView(generic.IndexView):
    """The lines, the newest first."""

    filterset_class = AuditFilters
    any_permission_required = ["view"]
    custom_field_preprocess = {
        "details": {"csv": as_text, "xlsx": as_text},
        "action": {"csv": name_of, "xlsx": name_of},
    }

    def search_queryset(self, queryset: QuerySet[AuditLine]) -> QuerySet[AuditLine]:
        return queryset.filter(subject__contains=self.search_query.strip()) if self.is_searching else queryset


class AuditLineViewSet(ScopedModelViewSet):
    """Audit lines: a list and nothing else."""

    model = AuditLine
    name = "audit"
    icon = "history"
    menu_label = _("操作记录")
    add_to_reference_index = False
    index_view_class = AuditIndexView
    exclude_form_fields = ()
    inspect_view_enabled = True
    inspect_view_fields = ["at", "actor", "action", "subject", "subject_type", "subject_id", "place", "details"]
    list_per_page = 50
    list_display = [
        Column("subject", label=_("对象")),
        Column("action", label=_("做了什么"), accessor=lambda line: name_of(line.action), sort_key="action"),
        Column("who", label=_("谁"), sort_key="actor"),
        Column("place", label=_("地方"), sort_key="place", classname=WIDE),
        DayColumn("at", label=_("时间"), sort_key="at"),
    ]
    list_export = ["at", "actor", "action", "place", "subject", "subject_type", "subject_id", "details"]
    export_filename = "audit"
    search_fields = ["subject"]
    search_backend_name = None
    ordering = ["-at", "-pk"]

    def get_urlpatterns(self) -> list[URLPattern]:
        """Reading only."""
        kept = {"index", "index_results", "inspect"}
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in kept]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """No view knows of an address that is not there."""
        absent = ("add", "edit", "delete", "history", "usage")
        return super().get_common_view_kwargs(**{f"{name}_url_name": None for name in absent}, **kwargs)


audit_viewset = AuditLineViewSet()
