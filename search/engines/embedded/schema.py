"""What an index looks like: its fields, the version that they and the analysis make, documents in and out."""

import hashlib
from functools import cache
from zlib import crc32

from tantivy import Document as TantivyDocument
from tantivy import Schema, SchemaBuilder

from search import analysis
from search.documents import Document
from search.engines import fields
from search.engines.stored import encode

KEYWORDS = ("kind", "topics", "life_event", "law_kind", "law", "place")
"""What filters compare and counts are kept by: whole values."""
NUMBERS = ("kind_code", "pk", "group", "section", "date")
"""What ranks, groups and sorts: read for hundreds of hits at once without touching the stored documents."""
WEIGHT = "weight"
"""The column that scores are multiplied by."""
SCALE = 10
"""The library multiplies a score by log2(2 + weight), and takes no weight below 0: so a prior of 1 is a factor of 10,
and 0.1 is the least there can be. The engine divides the scores again."""

FILLED = "filled"
"""The names of the fields of terms that a document has: of each is counted how many documents have it."""

_FORMAT = 5
"""Raised by hand when the meaning of a field changes and its definition does not."""
_APART = "¶"
"""Between two stretches of text: a term that no text has, so that no phrase reaches across."""


@cache
def schema() -> Schema:
    """The fields of the index."""
    builder = SchemaBuilder()
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    for name in fields.WEIGHTS:
        # The analysis has put spaces between the terms; here they are only taken apart again.
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field(FILLED, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("called", tokenizer_name="raw", index_option="basic")
    for name in KEYWORDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in NUMBERS:
        builder.add_integer_field(name, fast=True, indexed=name == "date")
    builder.add_float_field(WEIGHT, fast=True)
    # The document as it was given, to show and to compare.
    builder.add_bytes_field("document", stored=True)
    return builder.build()


@cache
def version() -> str:
    """Some letters that change whenever the fields or the analysis do: an older index has to be built anew."""
    parts = (_FORMAT, analysis.fingerprint(), fields.indexed(fields.SAMPLE), KEYWORDS, NUMBERS)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def to_index(document: Document) -> TantivyDocument:
    """What is written of a document. Raises ValueError on one that cannot be stored."""
    fields.check(document)
    kind, _, pk = document.key.rpartition(":")
    row = TantivyDocument()
    row.add_text("key", document.key)
    for name, stretches in fields.indexed(document).items():
        row.add_text(name, f" {_APART} ".join(" ".join(terms) for terms in stretches))
        if any(stretches):
            row.add_text(FILLED, name)
    for name in KEYWORDS:
        value = getattr(document, name)
        for text in value if isinstance(value, tuple) else (value,):
            if text:
                row.add_text(name, analysis.clean(text))
    for name in fields.names(document):
        row.add_text("called", name)
    group, section = fields.groups(document)
    numbers = (kind_code(kind), int(pk), group, section, document.date.toordinal() if document.date else 0)
    for name, number in zip(NUMBERS, numbers, strict=True):
        row.add_integer(name, number)
    row.add_float(WEIGHT, 2 ** (SCALE * document.prior) - 2)
    row.add_bytes("document", encode(document))
    return row


def kind_code(kind: str) -> int:
    """The number that stands for a kind in the column of kinds."""
    return crc32(kind.encode())
