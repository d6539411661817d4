"""How much of a question the results hold."""

import pytest

from search.coverage import coverage
from search.results import Hit, Results, Segment
from search.synonyms import Expansion


@pytest.fixture(autouse=True)
def _no_table(monkeypatch):
    monkeypatch.setattr("search.synonyms.expansions", lambda text: [])


def page(question, *texts):
    hits = [
        Hit(key=f"guide:{n}", kind="guide", title=(Segment("题"),), url="/", score=1, passage=(Segment(text, True),))
        for n, text in enumerate(texts)
    ]
    return coverage(Results(text=question, hits=hits))


def test_what_holds_all_is_complete():
    found = page("拖欠工资怎么办", "老板拖欠工资的", "工资")
    assert (found.asked, found.held) == (3, (3, 1))
    assert found.complete
    assert found.answers == 1


def test_a_word_here_and_there_is_no_answer():
    found = page("火星移民宅基地", "宅基地", "移民", "什么也没有")
    assert found.answers == 0
    assert not found.complete


def test_five_words_of_a_long_question_are_enough():
    question = "邻居装修的时候把承重墙砸了一个大洞现在我家的墙也裂开了应该找谁来赔偿我的损失"
    assert page(question, "邻居装修砸了承重墙，赔偿损失").answers == 1
    assert page(question, "赔偿损失").answers == 0


def test_scripts_and_widths_do_not_matter():
    assert page("離婚ＡＢＣ", "离婚abc").complete


def test_a_lay_word_is_held_where_its_legal_word_is(monkeypatch):
    monkeypatch.setattr("search.synonyms.expansions", lambda text: [Expansion("房东", 0, 2, ("出租人", "产权人"))])
    assert page("房东押金", "出租人退还押金").held == (2,)


def test_nothing_asked_nothing_held():
    assert page("怎么办", "怎么办").complete
    assert page("", "x").answers == 0
    assert page("！", "！").answers == 0
    assert page("离婚").answers == 0
