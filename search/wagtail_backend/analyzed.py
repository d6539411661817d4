"""Objects and queries as terms, in the shapes that Wagtail's database backends take."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Manager
from django.utils.encoding import force_str
from wagtail.search.index import AutocompleteField, RelatedFields, SearchField
from wagtail.search.query import MATCH_NONE, And, Boost, Fuzzy, Not, Or, Phrase, PlainText, SearchQuery

from search import analysis


def plain(value: Any) -> str:
    """The text of a field's value, as an index would take it; lists and dictionaries give what they hold."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "\n".join(plain(item) for item in value.values())
    if isinstance(value, list | tuple):
        return "\n".join(plain(item) for item in value)
    return "" if value is None else force_str(value)


def as_terms(value: Any) -> str:
    """A field's value as terms with spaces between, so that a database that splits at spaces keeps them."""
    return " ".join(analysis.terms(analysis.clean(plain(value))))


def _cut(text: str) -> str:
    return analysis.clean(text[: analysis.MAX_QUERY_CHARS])


def analyzed(query: SearchQuery) -> SearchQuery:
    """The query with its texts as terms. What holds no term at all (punctuation) matches nothing, and is left out of
    a larger query."""
    return _analyzed(query) or MATCH_NONE


def _analyzed(query: SearchQuery) -> SearchQuery | None:
    if isinstance(query, PlainText):
        words = analysis.whole_terms(analysis.fold(_cut(query.query_string)))
        return PlainText(" ".join(words), operator=query.operator, boost=query.boost) if words else None
    if isinstance(query, Phrase):
        terms = as_terms(_cut(query.query_string))
        return Phrase(terms) if terms else None
    if isinstance(query, Fuzzy):
        terms = as_terms(_cut(query.query_string))
        return Fuzzy(terms, operator=query.operator, unaccent=query.unaccent) if terms else None
    if isinstance(query, And | Or):
        return _joined(type(query), map(_analyzed, query.subqueries))
    if isinstance(query, Not | Boost):
        inner = _analyzed(query.subquery)
        if inner is None:
            return None
        return Not(inner) if isinstance(query, Not) else Boost(inner, query.boost)
    return query


def _joined(combinator: type[SearchQuery], parts: Iterable[SearchQuery | None]) -> SearchQuery | None:
    kept = [part for part in parts if part is not None]
    if len(kept) > 1:
        return combinator(kept)
    return kept[0] if kept else None


class AnalyzedObject:
    """An object as the indexers of Wagtail's backends see it, with its terms in the place of its texts."""

    def __init__(self, obj: Any) -> None:
        self.pk = obj.pk
        self._obj = obj

    def get_search_fields(self) -> list[SearchField | AutocompleteField]:
        """The searched fields of the object and of what it is related to, each with its terms."""
        return [field for declared in self._obj.get_search_fields() for field in _fields(self._obj, declared)]


class _TermsField(SearchField):
    def __init__(self, declared: SearchField, terms: str) -> None:
        super().__init__(declared.field_name, boost=declared.boost)
        self.terms = terms

    def get_value(self, obj: Any) -> str:
        return self.terms


class _AutocompleteTermsField(AutocompleteField):
    def __init__(self, declared: AutocompleteField, terms: str) -> None:
        super().__init__(declared.field_name)
        self.terms = terms

    def get_value(self, obj: Any) -> str:
        return self.terms


def _fields(obj: Any, declared: Any) -> Iterator[SearchField | AutocompleteField]:
    if isinstance(declared, SearchField):
        yield _TermsField(declared, as_terms(declared.get_value(obj)))
    elif isinstance(declared, AutocompleteField):
        yield _AutocompleteTermsField(declared, as_terms(declared.get_value(obj)))
    elif isinstance(declared, RelatedFields):
        for related in _related(declared.get_value(obj)):
            for field in declared.fields:
                yield from _fields(related, field)


def _related(value: Any) -> Iterable[Any]:
    if value is None:
        return []
    if isinstance(value, Manager):
        return value.all()
    return [value() if callable(value) else value]
