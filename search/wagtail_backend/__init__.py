"""Wagtail's own search boxes (pages, images, documents, snippets) with the analysis of the public search.

Wagtail's database backends leave words to the database, which takes a Chinese sentence for one word. Here an object
is given to them as its terms, and a query as the terms that must be there; everything else is theirs. Which of them,
the database decides, as it does in Wagtail: SQLite and PostgreSQL have a full text index, others fall back to Wagtail.

    WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.wagtail_backend"}}

After switching to it, or changing the analysis, `manage.py wagtail_update_index` writes the index anew.
"""

from typing import Any

from django.db import connection
from modelsearch.backends import database
from wagtail.search.backends.base import BaseSearchBackend


def SearchBackend(params: dict[str, Any]) -> BaseSearchBackend:  # noqa: N802 -- the name that Wagtail asks for
    """The backend for the default database."""
    # Each vendor's models exist on that vendor only, so that its module can be imported only there.
    if connection.vendor == "postgresql":
        from .postgresql import ChinesePostgresSearchBackend

        return ChinesePostgresSearchBackend(params)
    stock = database.SearchBackend(params)
    if connection.vendor == "sqlite" and database.USE_SQLITE_FTS:
        from .sqlite import ChineseSQLiteSearchBackend

        return ChineseSQLiteSearchBackend(params)
    return stock
