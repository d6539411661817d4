"""Documents and requests of the engines' tests."""

from typing import Any

from search.analysis import terms
from search.documents import Document
from search.engines.base import Engine, Request, Response, Term


def page(number: int, title: str = "标题", **values: Any) -> Document:
    """A page that belongs to no law."""
    return Document(**{"key": f"page:{number}", "kind": "page", "title": title, "url": f"/{number}/"} | values)


def article(number: int, body: str, law: str = "minfadian", **values: Any) -> Document:
    """An article of a law."""
    given = {
        "key": f"article:{number}",
        "kind": "article",
        "title": f"{law} 第{number}条",
        "url": f"/laws/{law}/{number}/",
        "law": law,
        "law_kind": "法律",
        "heading": "合同编 租赁合同",
        "body": body,
    }
    return Document(**given | values)


def phrase(text: str) -> tuple[str, ...]:
    """The terms of a phrase."""
    return tuple(terms(text))


def asking(text: str, **values: Any) -> Request:
    """A request for any of the terms of a text."""
    return Request(terms=tuple(map(Term, dict.fromkeys(terms(text)))), **values)


def keys(response: Response) -> list[str]:
    """What was found, in order."""
    return [candidate.key for candidate in response.candidates]


def found(engine: Engine, text: str = "", **values: Any) -> list[str]:
    """What an engine finds for a text and conditions, in order."""
    return keys(engine.search(asking(text, **values)))
