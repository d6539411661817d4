"""A cluster to test against, an index of each test's own, and things to search that belong to no app."""

import base64
import hashlib
import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from search import documents, engines
from search.documents import Document, Source
from search.engines.elasticsearch import ElasticsearchEngine, Options
from search.models import SynonymGroup
from tests.elasticsearch_nodes import USER, Node, server_url

PASSWORD = "only-for-this-test"
ROLES = Path(settings.BASE_DIR) / "docs" / "elasticsearch" / "roles.yml"
LOGS = Path(settings.BASE_DIR) / "var" / "test-logs"


# First: pytest-xdist reads the groups in a hook of the same name, and a mark that comes later groups nothing.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them on one worker: servers are started once, and no two tests kill nodes at the same time."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.elasticsearch)
            item.add_marker(pytest.mark.xdist_group("cluster"))


@pytest.fixture(scope="session")
def cluster_url() -> str:
    """The server that `make services` started."""
    return server_url()


@pytest.fixture
def log(request: pytest.FixtureRequest) -> Iterator[Callable[[str], None]]:
    """What happened when, in a file that outlives the test: `bin/test` shows it when all is over."""
    LOGS.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with (LOGS / f"{request.node.name}.log").open("w", encoding="utf-8") as file:
        yield lambda line: print(f"{time.monotonic() - began:6.1f} s  {line}", file=file, flush=True)


@pytest.fixture(scope="session")
def secured_node() -> Iterator[Node]:
    """A server of our own to kill, with users in files and the roles that the documents recommend."""
    security = {"discovery.type": "single-node", "xpack.security.enabled": "true"}
    node = Node(name="secured", settings=security, credentials={"basic_auth": ("site", PASSWORD)})
    config = node.folder / "config"
    shutil.copy(ROLES, config / "roles.yml")
    (config / "users").write_text("".join(f"{name}:{_password_hash(PASSWORD)}\n" for name in ("site", "web")))
    (config / "users_roles").write_text("xiangyue:site\nxiangyue-reader:web\n")
    if os.getuid() == 0:
        subprocess.run(["chown", "-R", USER, str(node.folder)], check=True)
    try:
        yield node.start()
    finally:
        node.remove()


def _password_hash(password: str) -> str:
    """The password as the file realm keeps it."""
    salt = os.urandom(32)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 10_000, 32)
    return f"{{PBKDF2}}10000${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def secured_options(node: Node, user: str, index: str = "xiangyue", password: str = PASSWORD) -> Options:
    """What the settings of a site on that server would say."""
    url = node.url.replace("http://", f"http://{user}:{password}@" if user else "http://")
    return Options(urls=(url,), index=index, replicas="0", timeout=20.0)


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
