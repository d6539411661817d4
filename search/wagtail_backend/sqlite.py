"""Wagtail's SQLite backend (FTS5) over terms."""

from collections.abc import Iterable
from typing import Any

from wagtail.search.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)
from wagtail.search.query import SearchQuery

from .analyzed import AnalyzedObject, analyzed


class ChineseSQLiteIndex(SQLiteIndex):
    """Keeps the terms of objects."""

    def add_items(self, model: type[Any], objs: Iterable[Any]) -> None:
        """Store these objects, in place of what was stored of them."""
        super().add_items(model, [AnalyzedObject(obj) for obj in objs])


class AnalyzedQueryMixin:
    """Asks for terms."""

    FTS_TABLE_FIELDS: list[str]
    fields: list[str] | None
    query: SearchQuery

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query = analyzed(self.query)

    def search(self, *args: Any, **kwargs: Any) -> Any:
        """The objects that match.

        The index has three columns, not one for each field of a model: fields that were asked for are looked for in
        those of the columns that hold them.
        """
        if self.fields:
            named = ["title" if field == "title" else "body" for field in self.fields]
            self.fields = [column for column in self.FTS_TABLE_FIELDS if column in named] or self.FTS_TABLE_FIELDS
        return super().search(*args, **kwargs)  # type: ignore[misc]


class ChineseSQLiteSearchQueryCompiler(AnalyzedQueryMixin, SQLiteSearchQueryCompiler):
    """Whole words."""


class ChineseSQLiteAutocompleteQueryCompiler(AnalyzedQueryMixin, SQLiteAutocompleteQueryCompiler):
    """What begins with the last word."""


class ChineseSQLiteSearchBackend(SQLiteSearchBackend):
    """Finds Chinese words wherever they stand in a text."""

    index_class = ChineseSQLiteIndex
    query_compiler_class = ChineseSQLiteSearchQueryCompiler
    autocomplete_query_compiler_class = ChineseSQLiteAutocompleteQueryCompiler
