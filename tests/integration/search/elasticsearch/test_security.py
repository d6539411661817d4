"""A node that asks who is there: what the site's user may do, and what nobody else may."""

import base64
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from elasticsearch import AuthorizationException, Elasticsearch

from search.engines.base import Request, SearchUnavailable, Term
from search.engines.elasticsearch import Options
from tests.elasticsearch_nodes import USER, Node

from .conftest import sample, site_engine

pytestmark = [pytest.mark.elasticsearch, pytest.mark.django_db]

PASSWORD = "only-for-this-test"
ROLES = Path(settings.BASE_DIR) / "docs" / "elasticsearch" / "roles.yml"
ANY = Request(terms=(Term("离婚"),))


def password_hash(password: str) -> str:
    """The password as the file realm keeps it."""
    salt = os.urandom(32)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 10_000, 32)
    return f"{{PBKDF2}}10000${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    """A server with users in files and the roles that the documents recommend."""
    secured = Node(settings={"discovery.type": "single-node", "xpack.security.enabled": "true"})
    config = secured.folder / "config"
    shutil.copy(ROLES, config / "roles.yml")
    (config / "users").write_text("".join(f"{name}:{password_hash(PASSWORD)}\n" for name in ("site", "web")))
    (config / "users_roles").write_text("xiangyue:site\nxiangyue-reader:web\n")
    if os.getuid() == 0:
        subprocess.run(["chown", "-R", USER, str(secured.folder)], check=True)
    try:
        secured.start(wait=False)
        secured.wait_until_it_answers(basic_auth=("site", PASSWORD))
        yield secured
    finally:
        secured.remove()


def options(node: Node, user: str, index: str = "xiangyue", password: str = PASSWORD) -> Options:
    """What a site's settings would say."""
    url = node.url.replace("http://", f"http://{user}:{password}@" if user else "http://")
    return Options(urls=(url,), index=index, replicas="0", timeout=20.0)


def test_the_sites_role_is_enough_for_all_that_the_site_does(node, tmp_path):
    with site_engine(options(node, "site"), tmp_path) as engine:
        for _ in range(3):
            with engine.rebuilding() as new:
                new.add(sample(1))
                with new.swapping():
                    pass
        with engine.writing() as writer:
            writer.add(sample(2))
        assert engine.search(ANY).total == 2
        assert list(engine.keys()) == ["sample:1", "sample:2"]
        assert engine.facets(ANY, ["kinds"]) == {"kinds": {"sample": 2}}
        assert engine.status().available
        engine.roll_back()
        assert engine.search(ANY).total == 1


def test_a_reader_searches_and_changes_nothing(node, tmp_path):
    with site_engine(options(node, "site"), tmp_path / "site") as engine, engine.rebuilding() as new:
        new.add(sample(1))
        with new.swapping():
            pass
    with site_engine(options(node, "web"), tmp_path / "web") as engine:
        assert engine.search(ANY).total == 1
        assert engine.status().available
        with pytest.raises(SearchUnavailable, match="credentials"), engine.rebuilding():
            pass
        with pytest.raises(SearchUnavailable, match="credentials"), engine.writing() as writer:
            writer.add(sample(2))
        assert engine.search(ANY).total == 1


def test_nobody_gets_in_without_the_password(node, tmp_path):
    for number, (user, password) in enumerate([("", ""), ("site", "wrong"), ("stranger", PASSWORD)]):
        with site_engine(options(node, user, password=password), tmp_path / str(number)) as engine:
            with pytest.raises(SearchUnavailable, match="credentials"):
                engine.search(ANY)
            assert not engine.status().available


def test_the_sites_user_reaches_no_other_index(node):
    client = Elasticsearch(node.url, basic_auth=("site", PASSWORD), request_timeout=20)
    with pytest.raises(AuthorizationException):
        client.indices.create(index="payroll")
    with pytest.raises(AuthorizationException):
        client.cluster.put_settings(persistent={"search.max_buckets": 1})
