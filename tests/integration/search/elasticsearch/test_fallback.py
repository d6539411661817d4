"""The cluster is away: what answers then, and what says so."""

import time
from dataclasses import replace

import pytest
from django.test import override_settings
from elasticsearch import BadRequestError

from search.engines import get_engine
from search.engines.base import Request, SearchUnavailable, Term
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.fallback import FallbackEngine
from tests.elasticsearch_nodes import free_port

from .conftest import sample, site_engine
from .flaky import FlakyCluster, refusal

pytestmark = pytest.mark.django_db

ANY = Request(terms=(Term("离婚"),))


@pytest.fixture
def away(options, tmp_path):
    """A site whose cluster does not answer, with an embedded index from yesterday."""
    with (
        site_engine(replace(options, urls=(f"http://127.0.0.1:{free_port()}",)), tmp_path),
        override_settings(SEARCH_FALLBACK="embedded"),
    ):
        with get_engine("embedded").rebuilding() as new:
            new.add(sample(1))
            with new.swapping():
                pass
        yield get_engine()


def test_the_embedded_index_answers_and_says_that_it_may_be_older(away):
    response = away.search(ANY)
    assert [candidate.key for candidate in response.candidates] == ["sample:1"]
    assert response.older
    assert away.documents(["sample:1"]) == {"sample:1": sample(1)}
    assert away.facets(ANY, ["kinds"]) == {"kinds": {"sample": 1}}
    assert away.frequencies(["离婚"]) == ([1], 1)


def test_the_status_says_that_the_cluster_is_away_and_what_answers(away):
    status = away.status()
    assert not status.available
    assert "does not answer" in status.message
    assert "answered from the embedded index" in status.message


def test_changes_wait_for_the_cluster(away):
    with pytest.raises(SearchUnavailable), away.writing() as writer:
        writer.add(sample(2))
    assert away.search(ANY).total == 1


def test_without_an_embedded_index_the_search_is_unavailable(options, tmp_path):
    gone = replace(options, urls=(f"http://127.0.0.1:{free_port()}",))
    with site_engine(gone, tmp_path), override_settings(SEARCH_FALLBACK="embedded"):
        with pytest.raises(SearchUnavailable, match="does not answer"):
            get_engine().search(ANY)
        assert "Nothing answers searches" in get_engine().status().message


def test_the_cluster_answers_when_it_is_there(engine):
    with override_settings(SEARCH_FALLBACK="embedded"):
        both = get_engine()
        assert isinstance(both, FallbackEngine)
        with both.writing() as writer:
            writer.add(sample(1))
        response = both.search(ANY)
        assert response.total == 1
        assert not response.older
        assert both.status().available


def test_a_silent_cluster_is_left_alone_for_a_moment_and_then_asked_again(options):
    through = ElasticsearchEngine(replace(options, urls=(f"http://127.0.0.1:{free_port()}",)))
    for expected in ("does not answer", "a moment ago"):
        with pytest.raises(SearchUnavailable, match=expected):
            through.search(ANY)
    through.cluster._quiet_until = time.monotonic() - 1
    with pytest.raises(SearchUnavailable, match="does not answer"):
        through.search(ANY)


def test_a_part_of_the_index_is_no_answer(engine, options):
    flaky = FlakyCluster(options.urls[0])
    asked = []
    flaky.before = lambda method, path, body: (
        asked.append(path) or (refusal(503, "search_phase_execution_exception") if path.endswith("/_search") else None)
    )
    try:
        through = ElasticsearchEngine(replace(options, urls=(flaky.url,)))
        with pytest.raises(SearchUnavailable):
            through.search(ANY)
    finally:
        flaky.close()


def test_wrong_credentials_are_told_without_showing_them(options):
    flaky = FlakyCluster(options.urls[0])
    flaky.before = lambda *_: refusal(401, "security_exception")
    try:
        secret = flaky.url.replace("http://", "http://site:hunter2@")
        status = ElasticsearchEngine(replace(options, urls=(secret,))).status()
        assert not status.available
        assert "credentials" in status.message
        assert "hunter2" not in f"{status.message} {status.location}"
    finally:
        flaky.close()


def test_a_request_that_is_wrong_in_itself_is_our_mistake_and_is_raised(engine):
    with pytest.raises(BadRequestError, match="no_such_query"):
        engine._search({"query": {"no_such_query": {}}})
