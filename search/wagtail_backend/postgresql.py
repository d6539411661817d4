"""Wagtail's PostgreSQL backend (tsvector) over terms."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from wagtail.search.backends.database.postgres.postgres import (
    PostgresAutocompleteQueryCompiler,
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
)
from wagtail.search.query import SearchQuery

from .analyzed import AnalyzedObject, analyzed


class ChinesePostgresIndex(PostgresIndex):
    """Keeps the terms of objects."""

    def add_items(self, model: type[Any], objs: Iterable[Any]) -> None:
        """Store these objects, in place of what was stored of them."""
        super().add_items(model, [AnalyzedObject(obj) for obj in objs])


class ChinesePostgresSearchQueryCompiler(PostgresSearchQueryCompiler):
    """Whole words."""

    query: SearchQuery
    fields: list[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query = analyzed(self.query)

    def get_fields_vectors(self, search_query: Any) -> list[tuple[Any, Any]]:
        """The parts of the index that hold the fields that were asked for: the model's own columns hold no terms."""
        title, body = self.get_index_vectors(search_query)
        asked = ((title, "title" in self.fields), (body, set(self.fields) != {"title"}))
        return [vector for vector, wanted in asked if wanted]


class ChinesePostgresAutocompleteQueryCompiler(PostgresAutocompleteQueryCompiler):
    """What begins with the last word."""

    query: SearchQuery

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query = analyzed(self.query)

    def get_fields_vectors(self, search_query: Any) -> list[tuple[Any, Any]]:
        """The index of beginnings: it does not keep fields apart."""
        return [(F("index_entries__autocomplete"), 1.0)]


class ChinesePostgresSearchBackend(PostgresSearchBackend):
    """Finds Chinese words wherever they stand in a text."""

    index_class = ChinesePostgresIndex
    query_compiler_class = ChinesePostgresSearchQueryCompiler
    autocomplete_query_compiler_class = ChinesePostgresAutocompleteQueryCompiler

    def __init__(self, params: dict[str, Any]) -> None:
        # Terms are words already: neither a language's endings nor its stop words may be cut off them.
        super().__init__({**params, "SEARCH_CONFIG": "simple"})
