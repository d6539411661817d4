"""What decides the order beyond the engine's score."""

from search import documents, ranking, synonyms
from search.engines.base import Candidate, Term
from search.synonyms import Expansion


def candidate(key: str, score: float, group: int = 0, section: int = 0) -> Candidate:
    return Candidate(key, key.partition(":")[0], score, group, section)


def order(candidates) -> list[str]:
    return [each.key for each in candidates]


def test_the_best_of_a_chapter_keeps_its_score():
    found = ranking.agreeing([candidate("article:1", 10, 1, 11), candidate("article:2", 8, 1, 11)])
    assert found[0].score == 10
    assert 8 < found[1].score < 10


def test_a_neighbour_of_the_best_passes_a_stray_match():
    stray, neighbour = candidate("article:2", 8.2, 2, 21), candidate("article:3", 8, 1, 11)
    assert order(ranking.agreeing([candidate("article:1", 10, 1, 11), stray, neighbour])) == [
        "article:1",
        "article:3",
        "article:2",
    ]


def test_the_same_chapter_counts_more_than_the_same_law():
    best = candidate("article:1", 10, 1, 11)
    same_law, same_chapter = candidate("article:2", 8, 1, 12), candidate("article:3", 8, 1, 11)
    assert order(ranking.agreeing([best, same_law, same_chapter]))[1] == "article:3"


def test_what_belongs_to_no_law_keeps_its_score():
    assert ranking.agreeing([candidate("guide:1", 7)])[0].score == 7


def test_equal_scores_stand_by_key():
    assert order(ranking.in_order([candidate("b:1", 1), candidate("a:1", 1)])) == ["a:1", "b:1"]


class _Answers:
    name, answers = "guide", True


def test_a_topic_lifts_what_explains_it(monkeypatch):
    monkeypatch.setattr(ranking, "sources", lambda: {"guide": _Answers()})
    found = [candidate("article:1", 10), candidate("guide:1", 8)]
    assert order(ranking.in_order(ranking.lifted(found, "宅基地"))) == ["guide:1", "article:1"]
    assert order(ranking.in_order(ranking.lifted(found, "宅基地可以卖给城里人吗"))) == ["article:1", "guide:1"]


def test_what_is_called_so_stands_first_once():
    named = [candidate("law:1", 1)]
    found = ranking.named_first([candidate("article:1", 10), candidate("law:1", 1)], named)
    assert order(found) == ["law:1", "article:1"]
    assert found[0].score == 10


def test_synonyms_add_what_was_not_typed_at_less_weight(monkeypatch):
    monkeypatch.setattr(synonyms, "expansions", lambda text: [Expansion("房东", 0, 2, ("出租人", "房人"))])
    found = ranking.weighted_terms("房东", ["房", "房东", "东"])
    assert found[:3] == (Term("房"), Term("房东"), Term("东"))
    assert Term("出租", ranking.SYNONYM_WEIGHT) in found
    assert [term.text for term in found].count("房") == 1


def test_sources_say_whether_they_answer():
    assert documents.Source.answers is False
