"""Columns of a table that leaves the site as a spreadsheet, and what is done to its cells."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .tables import width_of

Format = Literal["text", "integer", "money", "date", "datetime", "percent"]
Value = str | int | float | Decimal | dt.datetime | dt.date | None

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, full width too (OWASP, CSV injection)."""
_EXACT_DIGITS = 15
"""Excel keeps no more digits of a number than these."""


@dataclass(frozen=True)
class Column:
    """A heading and how the cells below it are shown; `width` in characters, 0: as wide as the heading needs."""

    heading: str | Promise
    format: Format = "text"
    width: float = 0

    @property
    def shown_width(self) -> float:
        """The width in Excel's unit, a digit."""
        return self.width or max(10.0, min(40.0, width_of(self.heading) * 2 + 4))


def is_dangerous(value: object) -> bool:
    """Whether a spreadsheet could take a text for a formula."""
    return isinstance(value, str) and value.startswith(_DANGEROUS)


def plain(value: Any) -> Value:
    """A value as a spreadsheet can hold it: local time, no lazy texts, no number that would lose its last digits."""
    match value:
        case bool():
            return _("是") if value else _("否")
        case dt.datetime():
            return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
        case int() if len(str(abs(value))) > _EXACT_DIGITS:
            return str(value)
        case None | int() | float() | Decimal() | dt.date():
            return value
        case _:
            return str(value)
