"""Viewsets whose writes are told by the audit: Wagtail's own history of them would stay empty."""

from typing import Any

from django.urls import URLPattern

ABSENT: dict[str, Any] = {"history_url_name": None, "usage_url_name": None}
"""For `get_common_view_kwargs`: no view links to them."""


def without_history(patterns: list[URLPattern]) -> list[URLPattern]:
    """The addresses without those of history and usage."""
    return [pattern for pattern in patterns if pattern.name not in {"history", "history_results", "usage"}]
