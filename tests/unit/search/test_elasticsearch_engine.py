"""What the engine for a cluster does without asking it."""

import pytest

from search.engines.elasticsearch import ElasticsearchEngine, engine


@pytest.fixture
def asked(monkeypatch) -> list[list[str]]:
    """What the cluster is asked for; every term stands in as many bodies as it has characters, of 9."""
    calls: list[list[str]] = []

    def frequencies(_self, terms):
        calls.append(list(terms))
        return [len(term) for term in terms], 9

    monkeypatch.setattr(ElasticsearchEngine, "frequencies", frequencies)
    return calls


def test_the_frequency_of_a_term_is_remembered(asked):
    site = ElasticsearchEngine()
    assert site.usual_frequencies(["押金", "租", "押金"]) == ([2, 1, 2], 9)
    assert site.usual_frequencies(["租", "离婚"]) == ([1, 2], 9)
    assert site.usual_frequencies([]) == ([], 9)
    assert asked == [["押金", "租"], ["离婚"]]


def test_of_no_terms_the_number_of_documents_is_told(asked):
    assert ElasticsearchEngine().usual_frequencies([]) == ([], 9)


def test_it_is_asked_again_when_the_time_is_over(asked, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(engine.time, "monotonic", lambda: now[0])
    site = ElasticsearchEngine()
    site.usual_frequencies(["押金"])
    now[0] += engine.REMEMBERED + 1
    site.usual_frequencies(["押金"])
    assert asked == [["押金"], ["押金"]]


def test_not_more_is_remembered_than_fits(asked, monkeypatch):
    monkeypatch.setattr(engine, "MOST_REMEMBERED", 2)
    site = ElasticsearchEngine()
    site.usual_frequencies(["一", "二", "三"])
    site.usual_frequencies(["一"])
    assert asked == [["一", "二", "三"], ["一"]]


def test_what_the_cluster_does_not_answer_is_not_remembered(monkeypatch):
    def away(_self, _terms):
        raise engine.SearchUnavailable("away")

    site = ElasticsearchEngine()
    monkeypatch.setattr(ElasticsearchEngine, "frequencies", away)
    with pytest.raises(engine.SearchUnavailable):
        site.usual_frequencies(["押金"])
    monkeypatch.setattr(ElasticsearchEngine, "frequencies", lambda _self, terms: ([1 for _term in terms], 3))
    assert site.usual_frequencies(["押金"]) == ([1], 3)
