"""What the tables of printed pages need."""

from collections.abc import Mapping
from typing import Any

from django import template

from printing import fields

register = template.Library()


@register.filter
def cells(columns: fields.Fields, row: Any) -> list[tuple[fields.Field, str]]:
    """Each column with what it says in a row."""
    return [(field, field.text(row)) for field in columns]


@register.filter
def summed(columns: fields.Fields, sums: Mapping[str, Any]) -> list[fields.SumCell]:
    """The cells of a line of sums."""
    return columns.summed(sums)


@register.filter
def shown(value: object) -> str:
    """A number, date or text as it reads on paper."""
    return fields.shown(value)
