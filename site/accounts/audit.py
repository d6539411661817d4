"""The line that every action writes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction

from accounts.models import AuditLine
from registry.places.models import Place

_BATCH = 500
SYSTEM = "system"
"""Who acts when nobody does: a timer, a command."""


_names: dict[str, Any] = {}


def name_actions(names: Mapping[str, Any]) -> None:
    """Say what actions are called where people read of them: {"organizations.approve_filing": _("准予备案")}.

    An app calls it in its `audit_names.py`.
    """
    _names.update(names)


def name_of(action: str) -> str:
    """What an action is called; its code where its app did not say."""
    return str(_names.get(action, action))


def record(*, by: Any, action: str, subject: models.Model, place: Place | None = None, **details: Any) -> AuditLine:
    """Write who did what; call it inside the transaction of what was done.

    `action` is "app.what" ("organizations.approve_filing"); `by` is a user or None for the system. The details are
    JSON values and hold no ID number, phone number or other secret.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit line belongs in the transaction of what it tells of.")
    line = _line(by, action, subject, place, details)
    line.save(force_insert=True)
    return line


def record_all(*, by: Any, action: str, subjects: Iterable[tuple[models.Model, Place | None, dict[str, Any]]]) -> None:
    """Write a line for each of many subjects of one action, with its place and details."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit line belongs in the transaction of what it tells of.")
    lines = (_line(by, action, subject, place, details) for subject, place, details in subjects)
    AuditLine.objects.bulk_create(lines, batch_size=_BATCH)


def _line(by: Any, action: str, subject: models.Model, place: Place | None, details: dict[str, Any]) -> AuditLine:
    return AuditLine(
        actor_id=getattr(by, "pk", None),
        actor=str(by)[:150] if getattr(by, "pk", None) else SYSTEM,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject=str(subject)[:255],
        place_path=place.path if place else "",
        place=place.name if place else "",
        details=details,
    )


def lines_about(subject: models.Model) -> "models.QuerySet[AuditLine]":
    """All that was done to something, the newest first."""
    return AuditLine.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
