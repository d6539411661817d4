"""What a page points to, read out of its content."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wagtail.blocks import StreamValue

if TYPE_CHECKING:
    from knowledge.guides.models import KnowledgePage

Link = tuple[str, str]
"""(kind, target) as in models.PageLink."""

_ANCHOR = re.compile(r"<a\b([^>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"', re.IGNORECASE)
_AMPERSAND = re.compile(r"&amp;")
TARGET_LENGTH = 500


def extract_links(page: "KnowledgePage") -> list[Link]:
    """Every link on the page, once each, in order: (kind, target).

    Rich text keeps links to pages and documents by primary key; StreamFields keep chosen documents and articles the
    same way; everything else is an address as it was typed.
    """
    found: dict[Link, None] = {}
    for html in page.rich_texts():
        found.update(dict.fromkeys(_links_of_html(html)))
    for stream in page.streams():
        found.update(dict.fromkeys(_links_of_stream(stream)))
    for name in ("link", "recording_link"):
        if address := getattr(page, name, ""):
            found["address", address] = None
    if recording_id := getattr(page, "recording_id", None):
        found["document", str(recording_id)] = None
    return [(kind, target[:TARGET_LENGTH]) for kind, target in found if target]


def _links_of_stream(stream: StreamValue) -> Iterator[Link]:
    if stream is not None:
        yield from _links_of_value(stream.get_prep_value())


def _links_of_value(value: Any) -> Iterator[Link]:
    # The stored form, not the blocks: a document that is gone must still be told, and no row needs to be read.
    if isinstance(value, str):
        yield from _links_of_html(value)
    elif isinstance(value, list):
        for item in value:
            yield from _links_of_value(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _links_of_member(name, item)


def _links_of_member(name: str, value: Any) -> Iterator[Link]:
    if name in ("document", "file") and isinstance(value, int):
        yield "document", str(value)
    elif name == "article" and isinstance(value, int):
        yield "article", str(value)
    elif name == "link" and isinstance(value, str):
        yield "address", value
    else:
        yield from _links_of_value(value)


def _links_of_html(html: str) -> Iterator[Link]:
    for anchor in _ANCHOR.finditer(html):
        attributes = dict(_ATTRIBUTE.findall(anchor.group(1)))
        kind = attributes.get("linktype")
        if kind in ("page", "document"):
            yield kind, attributes.get("id", "")
        elif href := attributes.get("href"):
            yield "address", _AMPERSAND.sub("&", href).strip()
