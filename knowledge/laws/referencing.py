"""Which article names which. Part of the import (see actions.py)."""

from collections.abc import Collection

from .importers import Progress, no_progress
from .models import Article, Reference


def rewrite_references(*, articles: Collection[int] | None, progress: Progress = no_progress) -> int:
    """Read the citations in these articles, or in all of the current editions, and keep them as rows."""
    return 0
