"""An index of a few documents, and an encoder that knows what a few words mean."""

import os
import uuid
from collections.abc import Callable, Iterator, Sequence

import pytest

from search import engines, semantic
from search.documents import Document
from search.engines import get_engine
from search.engines.elasticsearch import ElasticsearchEngine
from tests.elasticsearch_nodes import server_url

np = pytest.importorskip("numpy")

CONCEPTS = (
    ("狗", "犬", "动物"),
    ("娃", "孩子", "未成年人"),
    ("工钱", "工资", "报酬"),
    ("咬", "损害"),
    ("离婚", "分手"),
)


class Concepts:
    """A text is the sum of the concepts that it names; counts the texts that it was given."""

    fingerprint = "concepts"
    dimensions = len(CONCEPTS) + 1

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]):
        """One row of unit length for each text."""
        self.seen += texts
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[-1] = 0.2
            for place, words in enumerate(CONCEPTS):
                row[place] = any(word in text for word in words)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def article(number: int, text: str, **more: object) -> Document:
    """An article of the Civil Code."""
    return Document(
        key=f"article:{number}",
        kind="article",
        title=f"民法典 第{number}条",
        url=f"/laws/minfadian/{number}/",
        heading="民法典 第七编 侵权责任",
        body=text,
        law="minfadian",
        law_kind="法律",
        **more,
    )


DOCUMENTS = [
    article(1, "饲养的犬只造成他人人身损害的，饲养人应当承担侵权责任。"),
    article(2, "用人单位应当按月支付劳动报酬。"),
    article(3, "公民有依照法律纳税的义务。"),
    Document(
        key="guide:4",
        kind="guide",
        title="被动物伤了怎么办",
        url="/guides/4/",
        names=("犬只伤人找谁",),
        topics=("侵权",),
        body="先治伤。",
    ),
]


@pytest.fixture
def encoder(monkeypatch, settings, tmp_path) -> Iterator[Concepts]:
    """The site has a model: `Concepts`."""
    settings.SEARCH_VECTORS_DIR = tmp_path / "vectors"
    encoder = Concepts()
    monkeypatch.setattr(semantic, "get_encoder", lambda: encoder)
    semantic._index.cache_clear()
    yield encoder
    settle()


def settle() -> None:
    """Wait until the vectors of what was delivered are made."""
    semantic._background(os.getpid()).wait(30)


class Foreground:
    """Makes vectors at once, not in a thread: one of its own would not see what a test has not committed."""

    def wake(self, work: Callable[[], int]) -> None:
        """Until nothing is left to do."""
        while work():
            pass

    def wait(self, timeout: float) -> None:
        """Nothing to wait for."""


@pytest.fixture
def embedded(settings, tmp_path) -> None:
    """The site searches in a folder of this test's own."""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"


@pytest.fixture
def elasticsearch(settings, tmp_path, monkeypatch) -> Iterator[ElasticsearchEngine]:
    """The site searches in an index of this test's own, which takes vectors as `Concepts` makes them."""
    index = f"test-{uuid.uuid4().hex[:12]}"
    given = {"urls": (server_url(),), "index": index, "replicas": "0", "timeout": 20.0}
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    settings.SEARCH_ENGINE, settings.ELASTICSEARCH = "elasticsearch", given | {"dimensions": Concepts.dimensions}
    monkeypatch.setattr(semantic, "_background", lambda _: Foreground())
    engine = get_engine("elasticsearch")
    assert isinstance(engine, ElasticsearchEngine)
    yield engine
    for name in engine.indices.names():
        engine.indices.drop(name)


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def site(request) -> str:
    """Every engine that a site may have."""
    request.getfixturevalue(request.param)
    return str(request.param)


@pytest.fixture
def build(site, monkeypatch) -> Iterator[Callable[..., None]]:
    """Make an index of these documents."""
    # What another process delivered a moment ago need not be known to this one; what this one did must be.
    monkeypatch.setattr("search.semantic.spaces.COUNTS_KEPT", 3600.0)

    def made(*documents: Document) -> None:
        with get_engine().rebuilding() as new:
            for document in documents:
                new.add(document)
            with new.swapping():
                pass
        semantic.rebuilt(get_engine())
        settle()

    known = set(engines._engines)
    yield made
    for key in set(engines._engines) - known:
        del engines._engines[key]


@pytest.fixture
def index(encoder: Concepts, build: Callable[..., None]) -> None:
    """The index of DOCUMENTS, with vectors."""
    build(*DOCUMENTS)


def write(*documents: Document, gone: Sequence[str] = ()) -> None:
    """Deliver documents and deletions to the engine, as the outbox does."""
    with get_engine().writing(wait=10) as writer:
        for document in documents:
            writer.add(document)
        for key in gone:
            writer.delete(key)
    semantic.changed(get_engine(), [*(document.key for document in documents), *gone])
