import pytest

from knowledge.laws.models import Article
from search.documents import resolve, sources

pytestmark = pytest.mark.django_db


def documents(kind: str) -> dict:
    return {document.title: document for document in sources()[kind].documents()}


def test_an_article_says_where_it_stands_and_of_which_law_it_is(laws):
    found = documents("article")
    document = found["楼道管理法 第三条之一"]
    article = Article.objects.current().get(edition__law=laws["楼道管理法"], key="3-1")
    assert document.key == f"article:{article.pk}"
    assert document.url == "/laws/loudaoguanlifa/3-1/"
    assert document.heading == "楼道管理法 第二章 责任"
    assert (document.law, document.law_kind, document.kind) == ("loudaoguanlifa", "statute", "article")
    assert document.date.isoformat() == "2024-01-01"
    assert document.body.startswith("依照前条")


def test_only_texts_in_force_are_searchable_and_sections_are_but_preambles_are_not(laws):
    found = documents("article")
    assert len(found) == 11
    assert "楼道管理法 第五条" not in found
    assert found["最高人民法院关于门铃问题的批复 二、"].body == "不得对着邻居。"
    assert not any("序言" in title for title in found)


def test_statutes_come_before_replies_with_the_same_words(laws):
    found = documents("article")
    assert found["楼道管理法 第一条"].prior > found["最高人民法院关于门铃问题的批复 一、"].prior


def test_some_documents_are_the_same_as_all(laws):
    source = sources()["article"]
    every = {document.key: document for document in source.documents()}
    pks = [int(key.partition(":")[2]) for key in every]
    assert {document.key: document for document in source.documents(pks)} == every
    old = Article.objects.filter(edition__is_current=False).values_list("pk", flat=True)
    assert list(source.documents(old)) == []


def test_all_articles_cost_a_handful_of_queries(laws, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        list(sources()["article"].documents())


def test_a_law_is_found_by_its_names_headings_and_preamble(laws):
    found = documents("law")
    loans = found["最高人民法院关于审理借伞案件适用法律若干问题的规定"]
    assert "借伞司法解释" in loans.names
    assert loans.body == "为正确审理借伞案件，制定本规定。"
    assert found["楼道管理法"].heading == "第一章 总则 第二章 责任"
    assert "中华人民共和国楼道管理法" in found["楼道管理法"].names
    assert found["楼道管理法"].suggest[0] == "楼道管理法"


@pytest.mark.parametrize(
    "query",
    [
        "楼道管理法3条之一",
        "楼道管理法第三条之一",
        "《中华人民共和国楼道管理法》第3条之1",
        "樓道管理法第三條之一",
        " 楼道管理法 第 三 条 之 一 ",
    ],
)
def test_a_typed_citation_goes_straight_to_the_article(laws, query):
    assert resolve(query).url == "/laws/loudaoguanlifa/3-1/"


def test_a_number_after_a_name_is_enough_and_a_paragraph_is_a_place(laws):
    assert resolve("楼道管理法 2").url == "/laws/loudaoguanlifa/2/"
    assert resolve("楼道管理法２").url == "/laws/loudaoguanlifa/2/"
    assert resolve("楼道管理法第二条第二款").url == "/laws/loudaoguanlifa/2/#kuan-2"


@pytest.mark.parametrize("query", ["楼道管理法第九十条", "楼道管理法99999条"])
def test_an_unknown_article_is_told_with_the_nearest(laws, query):
    resolution = resolve(query)
    assert resolution.url == ""
    assert resolution.message.startswith("《楼道管理法》没有第")
    assert ("《楼道管理法》第四条", "/laws/loudaoguanlifa/4/") in resolution.nearest


def test_an_unknown_law_is_told_with_the_nearest(laws):
    resolution = resolve("楼道法第三条")
    assert "楼道法" in resolution.message
    assert ("《楼道管理法》", "/laws/loudaoguanlifa/") in resolution.nearest


@pytest.mark.parametrize(
    "query",
    [
        "",
        "邻居吵架怎么办",
        "第三条",
        "3条",
        "楼道管理法",
        "楼道管理法 2024",
        "iphone 15",
        "完全不相干的事第三条",
        "借" * 5000 + "第一条",
    ],
)
def test_questions_and_plain_words_are_left_to_the_search(laws, query):
    assert resolve(query) is None
