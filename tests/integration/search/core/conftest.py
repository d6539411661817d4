"""An index of the test's own, and searchable things that belong to no other app."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from search import documents
from search.analysis import terms
from search.documents import Document, Source
from search.engines import get_engine
from search.engines.base import Engine, Request, Term
from search.models import SynonymGroup
from tests.integration.guides.conftest import home_page, make_page, sections  # noqa: F401 -- fixtures


@pytest.fixture
def unbuilt(settings: Any, tmp_path: Path) -> Engine:
    """The site's engine, with no index yet."""
    settings.SEARCH_ENGINE = "embedded"
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return get_engine()


@pytest.fixture
def engine(unbuilt: Engine) -> Engine:
    """The site's engine, with an empty index."""
    build(unbuilt, ())
    return unbuilt


def build(engine: Engine, contents: Iterable[Document]) -> None:
    """A new index of these documents."""
    with engine.rebuilding() as new:
        for document in contents:
            new.add(document)
        with new.swapping():
            pass


class WordSource(Source):
    """Groups of synonyms as searchable things: rows that the search's own app has."""

    name = "word"
    label = "词"
    model = SynonymGroup

    def queryset(self):
        return SynonymGroup.objects.filter(active=True).order_by("pk")

    def document(self, obj: SynonymGroup) -> Document:
        if "坏" in obj.words:
            raise RuntimeError("this row cannot be made into a document")
        prior = 0.0 if "废" in obj.words else 1.0
        url = f"/words/{obj.pk}/"
        body = obj.expansions
        return Document(
            key=self.key(obj.pk), kind=self.name, title=obj.words, url=url, body=body, prior=prior, suggest=(obj.words,)
        )


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> WordSource:
    """The one source while the test runs."""
    source = WordSource()
    monkeypatch.setattr(documents, "_sources", {source.name: source})
    return source


@pytest.fixture
def add_word(db: None) -> Callable[..., SynonymGroup]:
    """Makes a row, without recording it."""

    def add(words: str, expansions: str = "释义") -> SynonymGroup:
        return SynonymGroup.objects.create(words=words, expansions=expansions)

    return add


def found(engine: Engine, text: str) -> set[str]:
    """The keys of all documents with every one of these terms side by side."""
    return {candidate.key for candidate in engine.search(Request(phrases=(tuple(terms(text)),), limit=100)).candidates}


def ranked(engine: Engine, text: str) -> list[str]:
    """The keys of what has any of the terms, best first."""
    request = Request(terms=tuple(map(Term, terms(text))), limit=100)
    return [candidate.key for candidate in engine.search(request).candidates]
