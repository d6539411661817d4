"""Each engine, on an empty index of the test's own: the same tests run on all of them."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from search.documents import Document
from search.engines.base import Engine
from search.engines.elasticsearch import ElasticsearchEngine, Options
from search.engines.embedded import EmbeddedEngine
from tests.elasticsearch_nodes import server_url


def _embedded(folder: Path) -> Engine:
    return EmbeddedEngine(folder / "index")


def _elasticsearch(folder: Path) -> Engine:
    index = f"test-{uuid.uuid4().hex[:12]}"
    return ElasticsearchEngine(Options(urls=(server_url(),), index=index, replicas="0", timeout=20.0))


@pytest.fixture(
    params=[
        pytest.param(_embedded, id="embedded"),
        pytest.param(_elasticsearch, id="elasticsearch", marks=pytest.mark.elasticsearch),
    ]
)
def unbuilt(request: pytest.FixtureRequest, db: None, tmp_path: Path) -> Iterator[Engine]:
    """An engine that no index was ever built for."""
    engine = request.param(tmp_path)
    yield engine
    if isinstance(engine, ElasticsearchEngine):
        for name in engine.indices.names():
            engine.indices.drop(name)


@pytest.fixture
def engine(unbuilt: Engine) -> Engine:
    """An engine with an empty index."""
    with unbuilt.rebuilding() as new, new.swapping():
        pass
    return unbuilt


@pytest.fixture
def put(engine: Engine) -> Callable[..., None]:
    """Store documents in one turn."""

    def store(*documents: Document) -> None:
        with engine.writing(wait=10) as writer:
            for document in documents:
                writer.add(document)

    return store
