"""Two of Wagtail's own reports, kept to what their reader may reach.

The history of the site asks only whether somebody may see a kind of thing somewhere, never which; the report on page
types names the page that was edited last, whosever it is. Neither offers a hook to answer that.
"""

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.models import ModelLogEntry, Page
from wagtail.permissions import policy_registry

from accounts.scoping import is_scoped, rows_for


def install() -> None:
    """Narrow both down to what their reader reaches. Called once."""
    _narrow_the_log()
    _narrow_page_types()


def _narrow_page_types() -> None:
    report = PageTypesUsageReportView
    if hasattr(report, "_reach_is_asked"):
        return
    decorate = report.decorate_paginated_queryset

    def decorate_paginated_queryset(self: Any, page_types: Any) -> Any:
        rows = decorate(self, page_types)
        explorable = policy_registry.get_by_type(Page).explorable_instances(self.request.user)
        named = [row.last_edited_page.pk for row in rows if row.last_edited_page]
        reached = set(explorable.filter(pk__in=named).values_list("pk", flat=True))
        for row in rows:
            if row.last_edited_page and row.last_edited_page.pk not in reached:
                row.last_edited_page = None
        return rows

    report.decorate_paginated_queryset = decorate_paginated_queryset
    report._reach_is_asked = True


def _narrow_the_log() -> None:
    manager = type(ModelLogEntry.objects)
    if hasattr(manager, "_reach_is_asked"):
        return
    of_kinds = manager.viewable_by_user

    def viewable_by_user(self: Any, user: Any) -> Any:
        entries = of_kinds(self, user)
        return entries if user.is_superuser else entries.exclude(_beyond(user, entries))

    manager.viewable_by_user = viewable_by_user
    manager._reach_is_asked = True


def _beyond(user: Any, entries: Any) -> Q:
    beyond = Q(pk__in=[])
    kinds = set(entries.order_by().values_list("content_type", flat=True).distinct())
    for model in apps.get_models():
        if not is_scoped(model):
            continue
        kind = ContentType.objects.get_for_model(model)
        if kind.pk in kinds:
            reached = rows_for(model, user).order_by().annotate(_key=Cast("pk", CharField())).values("_key")
            beyond |= Q(content_type=kind) & ~Q(object_id__in=reached)
    return beyond
