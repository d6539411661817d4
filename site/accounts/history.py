"""Wagtail's report on everything that was done, kept to what its reader may reach.

The report asks only whether somebody may see a kind of thing somewhere, never which; it offers no hook to answer that.
"""

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from wagtail.models import ModelLogEntry

from accounts.scoping import is_scoped, rows_for


def install() -> None:
    """Narrow what a user may view of the log down to the rows that they reach. Called once."""
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
