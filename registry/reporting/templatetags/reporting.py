"""Cells of a report on screen."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils import timezone

from printing.fields import shown
from registry.reporting.query import is_number

register = template.Library()


@register.filter
def cell(value: Any) -> str:
    """A value as it reads on screen, the same as on paper; a moment in local time."""
    if isinstance(value, datetime.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return shown(value)


@register.filter
def is_figure(value: Any) -> bool:
    """Whether a cell is aligned to the right."""
    return is_number(value)


@register.filter
def has_figures(totals: Iterable[Any]) -> bool:
    """Whether anything adds up."""
    return any(total is not None for total in totals)
