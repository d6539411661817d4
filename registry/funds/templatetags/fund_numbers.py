"""Sums and quantities as people read them: Chinese formats of Django group no digits."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def money(value: Decimal | None) -> str:
    """1234.5 as 1,234.50; nothing as a dash."""
    return "—" if value is None else f"{value:,.2f}"


@register.filter
def quantity(value: Decimal | None) -> str:
    """1234.500 as 1,234.5; nothing as a dash."""
    if value is None:
        return "—"
    text = f"{value:,.3f}"
    return text.rstrip("0").rstrip(".")
