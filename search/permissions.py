"""Who may use the search's desk in the back office."""

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

DESK = Q(
    content_type__app_label="search",
    codename__in=[
        "add_synonymgroup",
        "change_synonymgroup",
        "delete_synonymgroup",
        "view_synonymgroup",
        "change_unansweredquery",
        "view_unansweredquery",
    ],
) | Q(
    content_type__app_label="wagtailsearchpromotions",
    codename__in=["add_searchpromotion", "change_searchpromotion", "delete_searchpromotion"],
)


def desk_permissions() -> "QuerySet[Permission]":
    """What an editor needs who keeps synonyms, promoted results and the list of unanswered queries."""
    return Permission.objects.filter(DESK)
