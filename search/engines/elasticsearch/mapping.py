"""What an index looks like: its settings and fields, the version that they make, documents in and out."""

import datetime
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from search import analysis
from search.documents import Document
from search.engines import fields, stored
from search.engines.vectors import Vectors

from .client import DIMENSIONS, Options

KEYWORDS = ("key", "kind", "topics", "life_event", "law_kind", "law", "place")
"""What filters compare and counts are kept by: whole values."""
MAX_BYTES = 20 * 1024 * 1024
"""A document larger than this as it is sent is refused: no page of a township is, and a cluster refuses 100 MB."""
VECTOR_FIELDS = ("vector", "passages.vector")
"""Of documents that one text stands for, and of those with several: each of these is a row of the index of its own,
which the many articles need not be."""
KEPT_DELETES = "1h"
"""How long a deleted document's number is remembered, against a writer that slept."""


def _properties(dimensions: int) -> dict[str, Any]:
    # The analysis has put spaces between the terms; Elasticsearch only takes them apart again.
    text = {"type": "text", "analyzer": "whitespace", "index_options": "positions"}
    vector = {
        "type": "dense_vector",
        "dims": dimensions,
        "similarity": "cosine",
        "index_options": {"type": "int8_hnsw"},
    }
    return {
        **dict.fromkeys(fields.WEIGHTS, text),
        **{name: {"type": "keyword", "ignore_above": 8000} for name in KEYWORDS},
        "called": {"type": "keyword", "ignore_above": fields.MAX_NAME},
        # All that a candidate is, in one column: reading four for each of a thousand hits takes twice as long.
        "card": {"type": "keyword", "index": False},
        "prior": {"type": "float", "index": False},
        "date": {"type": "date", "format": "strict_date"},
        "vector": vector,
        "passages": {"type": "nested", "properties": {"vector": vector}},
        # The model whose vectors these are.
        "encoded": {"type": "keyword"},
        # The number of the turn that wrote the document, so that the highest can be asked for.
        "turn": {"type": "long"},
        # The document as it was given, to show and to compare. Of what is sent nothing else is kept.
        "stored": {"type": "object", "enabled": False},
    }


def _similarity() -> dict[str, Any]:
    return {"default": {"type": "BM25", "k1": 1.2, "b": 0.75}}


@cache
def version(dimensions: int = DIMENSIONS) -> str:
    """Eight letters that change whenever fields or analysis do: an index of another version has to be built anew."""
    parts = [
        json.dumps([_properties(dimensions), _similarity(), to_source(fields.SAMPLE, 0)], sort_keys=True).encode(),
        Path(analysis.__file__).read_bytes(),
        Path(fields.__file__).read_bytes(),
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:8]


def index_body(options: Options, built_at: datetime.datetime) -> dict[str, Any]:
    """The settings and mappings of a new index, to be filled without copies and without being looked at."""
    return {
        "settings": {
            "number_of_shards": options.shards,
            "number_of_replicas": 0,
            "refresh_interval": "-1",
            "gc_deletes": KEPT_DELETES,
            "similarity": _similarity(),
            "translog.durability": "async",
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"version": version(options.dimensions), "built_at": built_at.isoformat()},
            "_source": {"includes": ["stored"]},
            "properties": _properties(options.dimensions),
        },
    }


def serving_settings(options: Options) -> dict[str, Any]:
    """What changes when an index is full and begins to serve: copies, refreshing, every write on disk."""
    copies: dict[str, Any] = {"auto_expand_replicas": options.replicas}
    if options.replicas.isdecimal():
        copies = {"auto_expand_replicas": "false", "number_of_replicas": int(options.replicas)}
    return {**copies, "refresh_interval": "1s", "translog.durability": "request"}


def to_source(document: Document, number: int, vectors: Vectors | None = None) -> dict[str, Any]:
    """What is sent of a document, with its vectors if they are known. Raises ValueError on one that no index takes."""
    fields.check(document)
    values = stored.to_values(document)
    source: dict[str, Any] = {name: values.get(name) for name in (*KEYWORDS, "date", "prior")}
    # Each stretch is a value of its own, with a distance before it that no phrase reaches across.
    source |= {name: [" ".join(terms) for terms in found] for name, found in fields.indexed(document).items()}
    source["called"] = fields.names(document)
    group, section = fields.groups(document)
    source["card"] = f"{document.key} {group} {section} {document.prior}"
    source |= _vectors(vectors)
    return {name: value for name, value in source.items() if value} | {"turn": number, "stored": values}


def _vectors(vectors: Vectors | None) -> dict[str, Any]:
    if vectors is None:
        return {}
    if len(vectors.rows) == 1:
        return {"vector": vectors.rows[0], "encoded": vectors.model}
    return {"passages": [{"vector": row} for row in vectors.rows], "encoded": vectors.model}


def encode(document: Document, number: int, vectors: Vectors | None = None) -> bytes:
    """`to_source` as it goes over the wire. Raises ValueError."""
    sent = json.dumps(
        to_source(document, number, vectors), ensure_ascii=False, allow_nan=False, separators=(",", ":")
    ).encode()
    if len(sent) > MAX_BYTES:
        raise ValueError(f"{document.key}: {len(sent)} bytes are more than an index takes ({MAX_BYTES})")
    return sent


def from_source(source: dict[str, Any]) -> Document:
    """The document that was stored."""
    return stored.from_values(source["stored"])
