"""Vectors that go along with the documents of a cluster, and are compared there."""

import pytest
from elastic_transport import ConnectionError as Away

from search import semantic
from search.engines import get_engine
from search.engines.base import Request
from search.queries import search
from search.results import Filters

from .conftest import DOCUMENTS, article, write

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.elasticsearch,
    pytest.mark.parametrize("site", ["elasticsearch"], indirect=True),
]


def near(question: str, k: int = 10, **conditions: object) -> list[str]:
    meaning = semantic.meaning(get_engine(), question)
    assert meaning is not None
    return [one.key for one in meaning.nearest(Request(**conditions), k)]


def test_the_cluster_knows_the_nearest_and_what_ranks_them(index):
    meaning = semantic.meaning(get_engine(), "狗咬")
    best, *others = meaning.nearest(Request(), 10)
    assert (best.key, best.kind, best.prior) == ("article:1", "article", 1.0)
    assert best.group
    assert best.section
    assert best.cosine == pytest.approx(1, abs=0.02)
    assert [one.cosine for one in others] == sorted((one.cosine for one in others), reverse=True)


def test_a_guide_is_as_near_as_the_nearest_of_its_texts(index, encoder):
    guide = next(
        one for one in semantic.meaning(get_engine(), "被狗伤了").nearest(Request(), 10) if one.kind == "guide"
    )
    question, title, body = encoder.encode(["被狗伤了", "被动物伤了怎么办", "先治伤。"])
    assert guide.cosine == pytest.approx(question @ title, abs=0.02)
    assert question @ title > question @ body


def test_conditions_hold_before_the_nearest_are_counted(index, build):
    build(*[article(number, "犬只") for number in range(10, 60)], article(7, "离婚的财产", topics=("婚姻",)))
    assert near("狗", 1, filters=Filters(topics=("婚姻",))) == ["article:7"]
    assert near("狗", 1, phrases=(("财产",),)) == ["article:7"]
    assert near("狗", 1, excluded=(("犬",),)) == ["article:7"]


def test_a_document_keeps_its_vectors_when_it_changes_otherwise(index, encoder):
    encoder.seen.clear()
    write(article(1, DOCUMENTS[0].body, topics=("侵权",)))
    assert encoder.seen == []
    assert near("狗咬", 1, filters=Filters(topics=("侵权",), kinds=("article",))) == ["article:1"]


def test_a_rebuilt_index_has_the_kept_vectors_from_the_beginning(index, encoder, monkeypatch):
    monkeypatch.setattr(semantic, "rebuilt", lambda engine: None)
    encoder.seen.clear()
    with get_engine().rebuilding() as new:
        for document in DOCUMENTS:
            new.add(document)
        with new.swapping():
            pass
    assert get_engine().vectors.counts(encoder.fingerprint) == (len(DOCUMENTS), len(DOCUMENTS))
    assert encoder.seen == []


def test_vectors_of_another_model_are_not_compared(index, encoder, monkeypatch):
    vectors = get_engine().vectors
    assert list(vectors.lacking(encoder.fingerprint)) == []
    assert sorted(vectors.lacking("another")) == sorted(document.key for document in DOCUMENTS)
    assert vectors.nearest([1.0] * encoder.dimensions, "another", Request(), 10) == []


def test_a_model_of_another_size_is_told_and_the_words_decide(index, encoder):
    encoder.dimensions, encoder.fingerprint = 3, "small"
    status = semantic.status(get_engine())
    assert not status.available
    assert "ELASTICSEARCH_DIMENSIONS" in status.message
    write(article(5, "狗应当登记。"))
    assert search("狗").keys[0] == "article:5"


def test_a_document_without_vectors_is_found_by_its_words(index, encoder, monkeypatch):
    monkeypatch.setattr("search.semantic.encoding.BACKGROUND_LIMIT", 0)
    write(article(5, "拖欠工资的，加付赔偿。"))
    assert search("加付赔偿").keys[0] == "article:5"
    assert list(get_engine().vectors.lacking(encoder.fingerprint)) == ["article:5"]


def test_while_the_cluster_is_away_another_engine_answers_by_words(index, settings, monkeypatch):
    with get_engine("embedded").rebuilding() as new:
        for document in DOCUMENTS:
            new.add(document)
        with new.swapping():
            pass
    settings.SEARCH_FALLBACK = "embedded"
    assert "article:1" in search("狗咬了娃").keys

    def away(*_: object, **__: object) -> None:
        raise Away("gone")

    monkeypatch.setattr(get_engine("elasticsearch").cluster.client, "search", away)
    assert "article:1" not in search("狗咬了娃").keys
    results = search("饲养的犬只")
    assert results.older
    assert "article:1" in results.keys
