"""A node that asks who is there: what the site's user may do, and what nobody else may."""

import pytest
from elasticsearch import AuthorizationException, Elasticsearch

from search.engines.base import Request, SearchUnavailable, Term

from .conftest import PASSWORD, sample, secured_options, site_engine

pytestmark = [pytest.mark.nodes, pytest.mark.django_db]

ANY = Request(terms=(Term("离婚"),))


def test_the_sites_role_is_enough_for_all_that_the_site_does(secured_node, tmp_path):
    with site_engine(secured_options(secured_node, "site"), tmp_path) as engine:
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


def test_a_reader_searches_and_changes_nothing(secured_node, tmp_path):
    with site_engine(secured_options(secured_node, "site"), tmp_path / "site") as engine, engine.rebuilding() as new:
        new.add(sample(1))
        with new.swapping():
            pass
    with site_engine(secured_options(secured_node, "web"), tmp_path / "web") as engine:
        assert engine.search(ANY).total == 1
        assert engine.status().available
        with pytest.raises(SearchUnavailable, match="credentials"), engine.rebuilding():
            pass
        with pytest.raises(SearchUnavailable, match="credentials"), engine.writing() as writer:
            writer.add(sample(2))
        assert engine.search(ANY).total == 1


def test_nobody_gets_in_without_the_password(secured_node, tmp_path):
    for number, (user, password) in enumerate([("", ""), ("site", "wrong"), ("stranger", PASSWORD)]):
        with site_engine(secured_options(secured_node, user, password=password), tmp_path / str(number)) as engine:
            with pytest.raises(SearchUnavailable, match="credentials"):
                engine.search(ANY)
            assert not engine.status().available


def test_the_sites_user_reaches_no_other_index(secured_node):
    client = Elasticsearch(secured_node.url, basic_auth=("site", PASSWORD), request_timeout=20)
    with pytest.raises(AuthorizationException):
        client.indices.create(index="payroll")
    with pytest.raises(AuthorizationException):
        client.cluster.put_settings(persistent={"search.max_buckets": 1})
