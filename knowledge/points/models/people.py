"""Who did something, as a field."""

from typing import Any

from django.conf import settings
from django.db import models


def done_by(label: Any, *, always: bool = False) -> Any:
    """A foreign key to the user who did it; `always` where nobody else can have: not the system, not a household."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=not always,
        blank=not always,
        related_name="+",
        verbose_name=label,
    )
