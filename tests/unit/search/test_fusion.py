"""What shares words and what is near in meaning, made one list."""

import pytest

from search import fusion
from search.engines.base import Candidate
from search.engines.vectors import Near
from search.fusion import join


def found(key: str, score: float) -> Candidate:
    return Candidate(key, key.partition(":")[0], score, group=1, section=11)


def near(key: str, cosine: float, prior: float = 1.0) -> Near:
    return Near(key, key.partition(":")[0], 1, 11, prior, cosine)


def order(candidates) -> list[str]:
    return [one.key for one in sorted(candidates, key=lambda one: (-one.score, one.key))]


def test_what_both_find_stands_first():
    joined = join([found("article:1", 10), found("article:2", 9.5)], [near("article:3", 0.7), near("article:2", 0.69)])
    assert order(joined)[0] == "article:2"
    assert sorted(order(joined)) == ["article:1", "article:2", "article:3"]


def test_scores_lie_between_nothing_and_one():
    joined = join([found("article:1", 10), found("article:2", 1)], [near("article:1", 0.7), near("article:3", 0.65)])
    assert all(0 <= one.score <= 1 for one in joined)
    assert max(one.score for one in joined) == pytest.approx(1)


def test_what_is_near_without_a_shared_word_keeps_its_place_in_the_law():
    (only,) = join([], [near("article:3", 0.7)])
    assert (only.key, only.kind, only.group, only.section) == ("article:3", "article", 1, 11)


def test_what_is_far_from_the_nearest_has_nothing_to_do_with_it():
    joined = join([], [near("article:1", 0.7), near("article:2", 0.7 - fusion.COSINE_RANGE)])
    assert order(joined) == ["article:1"]


def test_what_matches_by_words_stays_however_far_it_is():
    joined = join([found("article:2", 5)], [near("article:1", 0.7), near("article:2", 0.1)])
    assert sorted(order(joined)) == ["article:1", "article:2"]


def test_of_two_equally_near_the_likelier_law_comes_first():
    assert order(join([], [near("article:1", 0.7, prior=1.0), near("article:2", 0.7, prior=1.4)])) == [
        "article:2",
        "article:1",
    ]


def test_articles_stand_in_the_same_order_alone_and_among_guides():
    articles = [found("article:1", 8), found("article:2", 7), found("article:3", 4)]
    near_articles = [near("article:3", 0.66), near("article:2", 0.6), near("article:4", 0.58)]
    guides = [found("guide:1", 12), found("guide:2", 3)], [near("guide:1", 0.9), near("guide:3", 0.75)]
    alone = order(join(articles, near_articles))
    among = [key for key in order(join(articles + guides[0], near_articles + guides[1])) if key.startswith("article")]
    assert among == alone


def test_a_guide_that_is_nearer_stands_before_the_articles():
    joined = join([found("article:1", 10), found("guide:1", 10)], [near("article:1", 0.6), near("guide:1", 0.8)])
    assert order(joined) == ["guide:1", "article:1"]


def test_what_is_cited_gains_and_is_found_without_a_word_or_nearness():
    words, close = [found("article:1", 10), found("article:2", 9.5)], [near("article:1", 0.7)]
    assert order(join(words, close)) == ["article:1", "article:2"]
    assert order(join(words, close, [found("article:3", 0.1)])) == ["article:1", "article:2", "article:3"]
    assert order(join(words, close, [found("article:2", 0.9)])) == ["article:2", "article:1"]


def test_what_answers_in_plain_words_is_compared_as_one_and_by_meaning_first(monkeypatch):
    class Answering:
        answers = True

    monkeypatch.setattr(fusion, "sources", lambda: {"guide": Answering(), "question": Answering()})
    words = [found("guide:1", 10), found("question:2", 6)]
    close = [near("question:2", 0.8), near("guide:1", 0.7)]
    assert order(join(words, close)) == ["question:2", "guide:1"]
    monkeypatch.setattr(fusion, "sources", dict)
    articles = [found("article:1", 10), found("article:2", 6)]
    assert order(join(articles, [near("article:2", 0.8), near("article:1", 0.7)])) == ["article:1", "article:2"]


def test_nothing_found_is_nothing():
    assert join([], []) == []
