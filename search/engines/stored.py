"""Documents as engines keep them: to be shown again, and to be compared with what the database says now."""

import json
from dataclasses import fields
from datetime import date
from typing import Any

from search.analysis import clean
from search.documents import Document


def to_values(document: Document) -> dict[str, Any]:
    """The document as plain values for JSON, without what is empty and without characters that nothing can hold."""
    values = {field.name: getattr(document, field.name) for field in fields(document)}
    return {name: _plain(value) for name, value in values.items() if value not in ("", (), None)}


def from_values(values: dict[str, Any]) -> Document:
    """The document that these values were made of."""
    found: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    if "date" in found:
        found["date"] = date.fromisoformat(found["date"])
    return Document(**found)


def encode(document: Document) -> bytes:
    """`to_values` as JSON."""
    return json.dumps(to_values(document), ensure_ascii=False, separators=(",", ":")).encode()


def decode(stored: bytes) -> Document:
    """The document that was encoded."""
    return from_values(json.loads(stored))


def kept(document: Document) -> Document:
    """The document as an engine gives it back."""
    return from_values(to_values(document))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return [clean(text) for text in value]
    return value.isoformat() if isinstance(value, date) else value
