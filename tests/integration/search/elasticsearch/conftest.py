"""A cluster to test against, an index of each test's own, and things to search that belong to no app."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import override_settings

from search import documents, engines
from search.documents import Document, Source
from search.engines.elasticsearch import ElasticsearchEngine, Options
from search.models import SynonymGroup
from tests.elasticsearch_nodes import server_url


@pytest.fixture(scope="session")
def cluster_url() -> str:
    """The server that `make services` started."""
    return server_url()


def drop_all(engine: ElasticsearchEngine) -> None:
    """Delete every index of this engine."""
    for name in engine.indices.names():
        engine.indices.drop(name)


@pytest.fixture
def options(cluster_url: str) -> Options:
    """An index of this test's own."""
    return Options(urls=(cluster_url,), index=f"test-{uuid.uuid4().hex[:12]}", replicas="0", timeout=20.0)


@pytest.fixture
def engine(options: Options, tmp_path) -> Iterator[ElasticsearchEngine]:
    """The site's engine, on an empty index."""
    with site_engine(options, tmp_path) as engine:
        with engine.rebuilding() as new, new.swapping():
            pass
        yield engine
        drop_all(engine)


@contextmanager
def site_engine(options: Options, folder: Path) -> Iterator[ElasticsearchEngine]:
    """Make an engine with these options the site's."""
    given = {name: getattr(options, name) for name in options.__slots__}
    with override_settings(SEARCH_ENGINE="elasticsearch", SEARCH_INDEX_DIR=folder, ELASTICSEARCH=given):
        engine = engines.get_engine("elasticsearch")
        assert isinstance(engine, ElasticsearchEngine)
        yield engine


class WordSource(Source):
    """Groups of synonyms as searchable things: rows that this app has, with nothing else hanging on them."""

    name = "word"
    label = "词"
    model = SynonymGroup

    def queryset(self):
        return SynonymGroup.objects.filter(active=True)

    def document(self, obj: SynonymGroup) -> Document:
        if obj.words == "坏":
            raise RuntimeError("this row cannot be made into a document")
        url = f"/words/{obj.pk}/"
        return Document(key=self.key(obj.pk), kind=self.name, title=obj.words, url=url, body=obj.expansions)


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> Source:
    """The one source of searchable things while the test runs."""
    source = WordSource()
    monkeypatch.setattr(documents, "_sources", {source.name: source})
    return source


def sample(number: int, **changes: object) -> Document:
    """A document like any other."""
    document = Document(
        key=f"sample:{number}",
        kind="sample",
        title=f"第{number}号样品",
        url=f"/samples/{number}/",
        body=f"夫妻离婚后抚养费怎么给，见第{number}段。\n协商不成的，由人民法院判决。",
    )
    return replace(document, **changes)
