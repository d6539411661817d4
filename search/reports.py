"""The report on what people asked and did not find."""

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page

from .models import UnansweredQuery
from .pages import page_sources


class UnansweredFilterSet(WagtailFilterSet):
    """Narrows the report."""

    state = django_filters.ChoiceFilter(
        label=_("状态"), choices=[("waiting", _("待处理")), ("handled", _("已处理"))], method="by_state"
    )
    results = django_filters.ChoiceFilter(label=_("结果数"), choices=[(0, "0"), (1, "1"), (2, "2")])

    class Meta:
        model = UnansweredQuery
        fields = ["state", "results"]

    def by_state(self, queries: "QuerySet[UnansweredQuery]", name: str, value: str) -> "QuerySet[UnansweredQuery]":
        """Those that wait, or those that do not."""
        waiting = UnansweredQuery.objects.waiting().values("pk")
        return queries.filter(pk__in=waiting) if value == "waiting" else queries.exclude(pk__in=waiting)


class UnansweredView(ReportView):
    """What people asked and did not find, the most frequent first: where a synonym or a guide is missing."""

    model = UnansweredQuery
    page_title = _("没有答案的查询")
    header_icon = "help"
    any_permission_required = ["view", "change"]
    filterset_class = UnansweredFilterSet
    index_url_name = "search_unanswered"
    index_results_url_name = "search_unanswered_results"
    results_template_name = "search/admin/unanswered_results.html"
    is_searchable = True
    search_fields = ["text"]
    default_ordering = "-times"
    # The cells are the template's; from these come the ways to sort.
    columns = [
        Column("text", label=_("查询"), sort_key="text"),
        NumberColumn("times", label=_("次数"), sort_key="times"),
        NumberColumn("results", label=_("结果数"), sort_key="results"),
        DateColumn("last_asked_at", label=_("最近"), sort_key="last_asked_at"),
    ]
    export_filename = "unanswered-queries"
    list_export = ["text", "times", "results", "first_asked_at", "last_asked_at", "handled_at"]
    export_headings = {
        "text": _("查询"),
        "times": _("次数"),
        "results": _("结果数"),
        "first_asked_at": _("首次"),
        "last_asked_at": _("最近"),
        "handled_at": _("处理时间"),
    }

    def get_context_data(self, *args: object, **kwargs: object) -> dict[str, object]:
        """With what may be done about a query."""
        may_change = self.user_has_permission("change")
        return super().get_context_data(*args, **kwargs) | {"may_change": may_change, "new_page_url": new_page_url()}

    def get_queryset(self) -> "QuerySet[UnansweredQuery]":
        return super().get_queryset().select_related("handled_by")


def new_page_url() -> str:
    """Where an editor writes a new page of the first searchable type; empty when it has no place yet."""
    for source in page_sources():
        parent = Page.objects.type(*source.model.allowed_parent_page_models()).live().order_by("path").first()
        if parent is not None:
            meta = source.model._meta
            return reverse("wagtailadmin_pages:add", args=(meta.app_label, meta.model_name, parent.pk))
    return ""
