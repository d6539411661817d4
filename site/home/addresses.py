"""Addresses of other apps' views, for pages that must be shown whatever else is mounted."""

from django.urls import NoReverseMatch, reverse


def address(name: str, *args: object) -> str:
    """The address of a view; empty when there is none by this name."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
