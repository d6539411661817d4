"""What of a document is searched, in which field: the same in every engine, so that they find the same things."""

from collections.abc import Mapping
from zlib import crc32

from search.analysis import clean, fold, runs, terms
from search.documents import Document

WEIGHTS: Mapping[str, float] = {"title": 1.0, "heading": 0.35, "body": 1.0}
"""The fields of terms, and how much a term counts by where it stands."""

LEAST_PRIOR, GREATEST_PRIOR = 0.1, 10.0
"""A prior outside these is a mistake: the words of a query would no longer count."""

SAMPLE = Document(
    key="a:1", kind="a", title="甲", url="/", names=("乙",), heading="丙", summary="丁", body="戊", law="己"
)
"""A document with something in each field: where what is stored of it changes, an index has to be built anew."""

MAX_KEY = 100
MAX_NAME = 60
"""Characters of a name that may be the whole of a query."""

FACETS: Mapping[str, str] = {
    "kinds": "kind",
    "topics": "topics",
    "life_events": "life_event",
    "law_kinds": "law_kind",
    "laws": "law",
    "places": "place",
}
"""Facets, as in `search.results.Filters`, and the attributes of a document that hold their values."""


def check(document: Document) -> None:
    """Raises ValueError on a document that no engine stores."""
    kind, _, pk = document.key.rpartition(":")
    if kind != document.kind or not pk.isdecimal() or not pk.isascii() or len(document.key) > MAX_KEY:
        raise ValueError(f"{document.key[:MAX_KEY]!r}: a key must be the kind and the primary key")
    if not LEAST_PRIOR <= document.prior <= GREATEST_PRIOR:
        bounds = f"from {LEAST_PRIOR} to {GREATEST_PRIOR}"
        raise ValueError(f"{document.key}: a prior must be {bounds}, not {document.prior}")


def texts(document: Document) -> dict[str, list[str]]:
    """The stretches of text of each field; no phrase reaches from one into the next.

    What people call an article is its law and its number. Both are no words about what it says, and its heading has
    the law already: only the things that have a name of their own have a title to search.
    """
    title = () if document.law else (document.title, *document.names)
    heading = (document.heading, document.title if document.law and not document.heading else "")
    found = {"title": title, "heading": heading, "body": (document.summary, document.body)}
    return {name: [clean(text) for text in parts if text] for name, parts in found.items()}


def name(text: str) -> str:
    """A name as names are compared: folded, without spaces and punctuation; nothing for what is too long for one."""
    joined = "".join(runs(fold(clean(text))))
    return joined if len(joined) <= MAX_NAME else ""


def names(document: Document) -> list[str]:
    """What a document is called, each name once."""
    own = () if document.law else (document.title, *document.names)
    return list(dict.fromkeys(folded for text in own if (folded := name(text))))


def indexed(document: Document) -> dict[str, list[list[str]]]:
    """The terms of each stretch of each field."""
    return {name: [terms(text) for text in parts] for name, parts in texts(document).items()}


def groups(document: Document) -> tuple[int, int]:
    """The numbers of the law that a document belongs to and of the heading below which it stands there; 0 for none."""
    if not document.law:
        return 0, 0
    return _number(document.law), _number(f"{document.law}\n{document.heading}")


def _number(text: str) -> int:
    return crc32(text.encode("utf-8", "replace")) or 1
