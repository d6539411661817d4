"""Small helps for the templates of organizations."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def lookup(mapping: Mapping[str, Any], key: str) -> Any:
    """What a mapping holds under a key that the template has in a variable; nothing when it holds nothing."""
    return mapping.get(key) if isinstance(mapping, Mapping) else None
