"""Which texts of a document are encoded, and how."""

import pytest

from search.documents import Document
from search.semantic.texts import MAX_PASSAGES, PASSAGE_CHARS, digest, entry, passages, prepare, texts

ARTICLE = Document(
    key="article:7",
    kind="article",
    title="民法典 第一千零七十九条",
    url="/laws/minfadian/1079/",
    heading="民法典 第四章 离婚",
    body="夫妻一方要求离婚的，可以由有关组织进行调解。",
    law="minfadian",
    prior=1.4,
)
GUIDE = Document(
    key="guide:1",
    kind="guide",
    title="怎么离婚",
    url="/guides/lihun/",
    names=("离婚要去哪里办", "怎么离婚"),
    summary="先写协议。",
    body="第一步\n第二步",
)


def test_an_article_is_its_own_words():
    assert texts(ARTICLE) == ["夫妻一方要求离婚的，可以由有关组织进行调解。"]


def test_a_guide_is_its_title_its_questions_its_answer_and_its_passages():
    assert texts(GUIDE) == ["怎么离婚", "离婚要去哪里办", "先写协议。", "第一步\n第二步"]


def test_a_long_body_is_cut_between_paragraphs():
    body = "\n".join(f"第{number}段{'字' * 120}" for number in range(40))
    pieces = passages(body)
    assert len(pieces) == MAX_PASSAGES
    assert all(len(piece) <= PASSAGE_CHARS for piece in pieces)
    assert body.startswith("\n".join(pieces))


def test_no_body_has_no_passage():
    assert texts(Document(key="law:1", kind="law", title="劳动法", url="/laws/laodongfa/")) == ["劳动法"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("離婚後孩子歸誰？", "离婚后孩子归谁？"),
        ("房簷滴水", "房檐滴水"),
        ("著作权、名著", "著作权、名著"),
        ("ＡＰＰ退款１２３", "app退款123"),
        ("QQ号被盗\x00", "qq号被盗"),
    ],
)
def test_a_text_is_read_as_the_model_was_taught(written, read):
    assert prepare(written) == read


def test_an_entry_changes_with_the_text_and_not_with_the_place():
    first = entry(ARTICLE)
    assert first.digests == (digest(ARTICLE.body),)
    assert (first.kind, first.prior, first.heads) == ("article", 1.4, 1)
    assert first.group
    assert first.section
    assert entry(GUIDE).group == 0
    assert (entry(GUIDE).heads, len(entry(GUIDE).digests)) == (3, 4)
