"""The line that tells the search of a change, in the transaction of the change."""

from registry.volunteers.models import Activity
from search import outbox


def activity_changed(activity: Activity) -> None:
    """An activity, its shifts included."""
    outbox.record("activity", [activity.pk])
