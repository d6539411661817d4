"""Searches that understand the question."""

from dataclasses import replace

import pytest

from search import semantic
from search.documents import Document
from search.engines import get_engine
from search.queries import search
from search.results import Filters

from .conftest import DOCUMENTS, article, settle, write

pytestmark = pytest.mark.django_db


def keys(text: str, **options: object) -> list[str]:
    return list(search(text, **options).keys)


def test_what_shares_no_word_with_the_question_is_found(index):
    assert "article:1" in keys("狗咬了娃")
    assert "article:1" not in keys("狗咬了娃", by_meaning=False)
    assert keys("拖欠工钱")[0] == "article:2"


def test_what_has_nothing_to_do_with_the_question_is_not_found(index):
    assert "article:3" not in keys("狗咬了娃")


def test_a_hit_shows_its_text_though_no_word_of_it_matched(index):
    (hit,) = [hit for hit in search("狗咬了娃", filters=Filters(kinds=("article",))).hits if hit.key == "article:1"]
    assert hit.url == "/laws/minfadian/1/"
    assert "".join(part.text for part in hit.passage).startswith("饲养的犬只")


def test_filters_hold_for_what_is_near(index):
    assert keys("狗咬了娃", filters=Filters(kinds=("guide",))) == ["guide:4"]
    assert keys("狗咬了娃", filters=Filters(topics=("侵权",))) == ["guide:4"]
    assert "guide:4" not in keys("狗咬了娃", filters=Filters(laws=("minfadian",)))


def test_phrases_and_exclusions_hold_for_what_is_near(index):
    assert "article:1" not in keys("狗咬了娃 -饲养")
    assert keys('狗咬了娃 "人身损害"') == ["article:1"]


GUIDE = Document(
    key="guide:8",
    kind="guide",
    title="狗咬了孩子",
    url="/guides/8/",
    cites=("article:6", "article:999"),
)


def test_what_a_page_that_answers_the_question_rests_on_is_found(index):
    write(article(6, "人民法院应当受理。", topics=("诉讼",)), replace(GUIDE, cites=()))
    settle()
    assert "article:6" not in keys("狗咬了娃")
    write(GUIDE)
    settle()
    assert "article:6" in keys("狗咬了娃")
    assert "article:6" not in keys("狗咬了娃", by_meaning=False)
    assert "article:6" not in keys("劳动报酬")


def test_conditions_hold_for_what_is_cited(index):
    write(article(6, "人民法院应当受理。", topics=("诉讼",)), GUIDE)
    settle()
    assert keys("狗咬了娃", filters=Filters(topics=("诉讼",))) == ["article:6"]
    assert "article:6" not in keys("狗咬了娃", filters=Filters(topics=("侵权",)))
    assert "article:6" not in keys("狗咬了娃 -受理")


def test_counts_hold_what_is_near(index):
    results = search("狗咬了娃")
    counts = {value.value: value.count for value in results.facets["kinds"]}
    assert sum(counts.values()) == results.total
    assert counts["article"] == 1


def test_the_newest_first_are_those_that_share_words(index):
    assert "article:1" not in keys("狗咬了娃", sort="newest")


def test_traditional_characters_find_the_same(index):
    assert keys("離婚後狗咬了孩子") == keys("离婚后狗咬了孩子")


@pytest.mark.parametrize("text", ["", "？！…", "\x00\ud800", "狗" * 5000, "-狗", '"'])
def test_whatever_is_typed_has_an_answer(index, text):
    search(text)


def test_a_changed_document_is_found_by_its_words_at_once_and_by_its_meaning_soon(index):
    write(article(3, "用人单位拖延给付的，支付双倍工资。"))
    assert keys("双倍", filters=Filters(kinds=("article",)))[0] == "article:3"
    settle()
    assert "article:3" in keys("工钱")


def test_a_deleted_document_is_found_no_more(index):
    write(gone=["article:1"])
    settle()
    results = search("狗咬了娃")
    assert "article:1" not in results.keys
    assert "article:1" not in [hit.key for hit in results.hits]


def test_no_text_is_encoded_twice(index, encoder, build):
    encoder.seen.clear()
    build(*DOCUMENTS[:-1])
    write(*DOCUMENTS)
    settle()
    assert encoder.seen == [text for text in encoder.seen if text in ("被动物伤了怎么办", "犬只伤人找谁", "先治伤。")]
    assert len(encoder.seen) == len(set(encoder.seen))


def test_another_model_encodes_anew(index, encoder, build):
    encoder.seen.clear()
    encoder.fingerprint = "another"
    build(*DOCUMENTS)
    assert DOCUMENTS[0].body in encoder.seen
    assert "article:1" in keys("狗咬了娃")


def test_vectors_are_not_used_before_most_documents_have_one(encoder, build, monkeypatch):
    monkeypatch.setattr("search.semantic.encoding.BACKGROUND_LIMIT", 0)
    build(*DOCUMENTS)
    assert not semantic.status(get_engine()).ready
    assert semantic.meaning(get_engine(), "狗咬了娃") is None
    assert "article:1" not in keys("狗咬了娃")


def test_without_a_model_the_words_decide(build, settings, tmp_path):
    settings.SEARCH_SEMANTIC_MODEL = tmp_path / "nothing"
    build(*DOCUMENTS)
    write(article(5, "狗应当登记。"))
    assert keys("狗")[0] == "article:5"
    assert "article:1" not in keys("狗咬了娃")
    assert not semantic.status(get_engine()).available


@pytest.mark.parametrize("site", ["embedded"], indirect=True)
def test_an_engine_that_is_away_breaks_no_delivery(index, encoder, monkeypatch, caplog):
    from search.engines.base import SearchUnavailable

    def away(keys):
        raise SearchUnavailable("away")

    monkeypatch.setattr(get_engine(), "documents", away)
    semantic.changed(get_engine(), ["article:1"])
    assert "encode_search" in caplog.text
