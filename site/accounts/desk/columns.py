"""Columns of the back office's lists."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from wagtail.admin.ui.tables import Column

WIDE = "xy-wide"
"""The class of a column that a phone does without."""


class DayColumn(Column):
    """A day, or a moment to the minute, as it is written: 2026-03-05, 2026-03-05 14:30."""

    def get_value(self, instance: Any) -> str:
        """The text; nothing for nothing."""
        value = super().get_value(instance)
        if isinstance(value, datetime):
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        return f"{value:%Y-%m-%d}" if isinstance(value, date) else ""
