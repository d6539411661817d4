"""Which texts of a document are encoded, and how a text is prepared for the model."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import opencc

from search.analysis import clean
from search.documents import Document
from search.engines.fields import groups

PREPARATION = 1
"""Raised when texts are chosen or prepared in another way: all vectors are then made anew."""
DIGEST_BYTES = 16
PASSAGE_CHARS = 300
MAX_PASSAGES = 8

_WIDE = {ord(wide): ord(wide) - 0xFEE0 for wide in map(chr, range(0xFF10, 0xFF5B)) if wide.isalnum()}
# Forms of Taiwan and Hong Kong that the conversion to simplified characters leaves as they are.
_LOCAL = str.maketrans("簷衞敍痺暱", "檐卫叙痹昵")


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as the vectors know it: what ranks it, and which texts stand for it."""

    key: str
    kind: str
    group: int
    """The number of its law and, in `section`, of the heading it stands below; see `search.engines.fields`."""
    section: int
    prior: float
    heads: int
    """How many of its texts, the first ones, say what it is about."""
    digests: tuple[bytes, ...]
    """Of its texts; it is as near to a question as the nearest of them."""

    def line(self) -> str:
        """The entry as a line of a log."""
        hexes = [digest.hex() for digest in self.digests]
        return json.dumps([self.key, self.kind, self.group, self.section, self.prior, self.heads, hexes])


def read_entry(values: list[Any]) -> Entry:
    """The entry that a line of a log was made of."""
    key, kind, group, section, prior, heads, hexes = values
    return Entry(key, kind, group, section, prior, heads, tuple(map(bytes.fromhex, hexes)))


@cache
def _simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def prepare(text: str) -> str:
    """A text as the model was taught to read: simplified, narrow letters and digits, lower case.

    Not `analysis.fold`: the model wants good Chinese (著作, not 着作) with its punctuation.
    """
    return _simplified().convert(clean(text)).translate(_LOCAL).translate(_WIDE).lower()


def texts(document: Document) -> list[str]:
    """The texts that stand for a document, each once; it is as near to a question as the nearest of them.

    An article is its own words: with its law's title before it, it is found less often. Everything else is its title,
    the other ways that people ask for it, its summary, and the passages of its body.
    """
    if document.law:
        return [document.body]
    return _each_once([*heads(document), *passages(document.body)])


def heads(document: Document) -> list[str]:
    """The first of the texts: those that say what the document is about."""
    if document.law:
        return [document.body]
    return _each_once([document.title, *document.names, document.summary])


def _each_once(found: list[str]) -> list[str]:
    return [text for text in dict.fromkeys(text.strip() for text in found) if text]


def passages(body: str) -> list[str]:
    """The beginning of a body in pieces of whole paragraphs, about PASSAGE_CHARS long."""
    pieces = [""]
    for paragraph in body.splitlines():
        if pieces[-1] and len(pieces[-1]) + len(paragraph) > PASSAGE_CHARS:
            pieces.append("")
        pieces[-1] = f"{pieces[-1]}\n{paragraph}".strip()
    return pieces[:MAX_PASSAGES]


def digest(text: str) -> bytes:
    """What a text's vector is kept by: the same for what comes from the database and what an engine gives back."""
    return hashlib.blake2b(clean(text).encode(), digest_size=DIGEST_BYTES).digest()


def entry(document: Document) -> Entry:
    """What the vectors keep of a document."""
    group, section = groups(document)
    digests = tuple(map(digest, texts(document)))
    return Entry(document.key, document.kind, group, section, document.prior, len(heads(document)), digests)
