"""What every engine finds, and in which order."""

from datetime import date

import pytest

from search.engines.base import Request, Term
from search.engines.fields import FACETS, groups
from search.results import Filters

from .making import article, asking, found, keys, page, phrase


@pytest.mark.parametrize(
    "values",
    [
        {"title": "抚养费怎么算"},
        {"names": ("孩子的抚养费",)},
        {"heading": "抚养费"},
        {"summary": "抚养费由父母负担。"},
        {"body": "不直接抚养的一方应当负担抚养费。"},
        {"body": "撫養費"},
        {"body": "撫養(yǎng)費"},
    ],
)
def test_every_text_of_a_document_is_searched(engine, put, values):
    put(page(1, **values), page(2, body="与此无关"))
    assert found(engine, "抚养费") == ["page:1"]


def test_what_an_article_is_called_are_no_words_about_it(engine, put):
    put(article(1, "正文", title="民法典 第一条", heading="总则"))
    assert found(engine, "民法典") == []
    assert found(engine, "总则") == ["article:1"]


def test_more_and_rarer_terms_stand_higher(engine, put):
    common = [page(number, body="合同的一般规定") for number in range(10, 20)]
    put(page(1, body="合同与抚养费"), page(2, body="合同与租金"), *common)
    assert found(engine, "合同抚养费")[0] == "page:1"


def test_a_prior_multiplies_the_score(engine, put):
    put(page(1, body="抚养费", prior=1.0), page(2, body="抚养费", prior=2.5), page(3, body="抚养费", prior=0.5))
    response = engine.search(asking("抚养费"))
    assert keys(response) == ["page:2", "page:1", "page:3"]
    best, middle, last = (candidate.score for candidate in response.candidates)
    assert best / middle == pytest.approx(2.5, rel=1e-3)
    assert last / middle == pytest.approx(0.5, rel=1e-3)


def test_a_term_counts_by_its_weight(engine, put):
    put(page(1, body="押金"), page(2, body="租金"))
    request = Request(terms=(Term("押金", 0.2), Term("租金", 1.0)))
    first, second = engine.search(request).candidates
    assert (first.key, second.key) == ("page:2", "page:1")
    assert second.score / first.score == pytest.approx(0.2, rel=1e-3)


def test_a_title_counts_more_than_a_heading(engine, put):
    put(page(1, "抚养费", body="甲"), page(2, "标题", heading="抚养费", body="甲"))
    assert found(engine, "抚养费") == ["page:1", "page:2"]


def test_a_title_counts_the_same_however_many_documents_have_none(engine, put):
    put(page(1, "抚养费", body="甲"), *(page(number, "宅基地", body="甲") for number in range(2, 6)))
    (among_titles,) = engine.search(asking("抚养费")).candidates
    put(*(article(number, "乙") for number in range(100, 180)))
    (among_articles,) = engine.search(asking("抚养费")).candidates
    assert among_articles.score == pytest.approx(among_titles.score, rel=1e-3)


def test_a_title_keeps_its_weight_when_many_are_deleted(engine, put):
    pages = [page(number, "抚养费", body="甲") for number in range(1, 40)]
    put(*pages, article(1, "乙"))
    with engine.writing(wait=10) as writer:
        for one in pages[1:]:
            writer.delete(one.key)
    (left,) = engine.search(asking("抚养费")).candidates
    assert left.score > 0


def test_nothing_is_found_for_terms_that_nothing_has(engine, put):
    put(page(1, body="抚养费"))
    response = engine.search(asking("宅基地"))
    assert (response.candidates, response.total) == ([], 0)


def test_an_empty_index_finds_nothing(engine):
    assert found(engine, "抚养费") == []
    assert engine.facets(asking("抚养费"), list(FACETS)) == {name: {} for name in FACETS}


def test_one_of_the_needed_terms_must_stand(engine, put):
    put(page(1, body="押金"), page(2, body="租金"), page(3, "押金", body="别的"), page(4, heading="押金"))
    assert sorted(found(engine, "押金")) == ["page:1", "page:2", "page:3", "page:4"]
    assert sorted(found(engine, "押金", needed=("押金", "宅基"))) == ["page:1", "page:3", "page:4"]
    assert found(engine, "押金", needed=("宅基",)) == []
    assert found(engine, "押金", needed=("押金",), filters=Filters(kinds=("none",))) == []


def test_what_is_needed_does_not_change_scores(engine, put):
    put(page(1, body="押金与租金"), page(2, body="押金"))
    free = {each.key: each.score for each in engine.search(asking("押金租金")).candidates}
    needed = engine.search(asking("押金租金", needed=("押金",))).candidates
    assert {each.key: pytest.approx(each.score) for each in needed} == free


def test_a_phrase_stands_side_by_side(engine, put):
    put(page(1, body="夫妻共同财产的分割"), page(2, body="夫妻的财产，共同分割"), page(3, body="夫妻共同，财产分割"))
    assert found(engine, phrases=(phrase("夫妻共同财产"),)) == ["page:1"]


@pytest.mark.parametrize("text", ["押金", "押", "wifi", "wifi密码", "第3条"])
def test_phrases_of_every_make(engine, put, text):
    put(page(1, body="押金、WiFi密码见第3条"), page(2, body="别的"))
    assert found(engine, phrases=(phrase(text),)) == ["page:1"]


def test_a_phrase_is_found_in_any_field(engine, put):
    put(page(1, "夫妻共同财产"), page(2, names=("夫妻共同财产",)), page(3, summary="夫妻共同财产"))
    assert sorted(found(engine, phrases=(phrase("夫妻共同财产"),))) == ["page:1", "page:2", "page:3"]


def test_no_phrase_reaches_from_one_text_into_the_next(engine, put):
    put(page(1, "abc", names=("def", "ghi"), summary="abc", body="def"))
    assert found(engine, phrases=(phrase("abc def"),)) == []
    assert found(engine, phrases=(phrase("def ghi"),)) == []


def test_every_phrase_must_stand_and_terms_make_the_order(engine, put):
    put(page(1, body="押金与定期租赁"), page(2, body="押金"), page(3, body="租赁"))
    assert found(engine, "租赁", phrases=(phrase("押金"),)) == ["page:1"]
    assert sorted(found(engine, phrases=(phrase("押金"),))) == ["page:1", "page:2"]


def test_what_is_excluded_is_not_found(engine, put):
    put(page(1, body="房东退押金"), page(2, body="房东退租金"), page(3, "租金", body="房东"))
    assert found(engine, "房东", excluded=(phrase("租金"),)) == ["page:1"]
    assert found(engine, excluded=(phrase("租金"),)) == ["page:1"]
    assert found(engine, "房东", excluded=(phrase("押"), phrase("租金"))) == []


FILTERED = [
    page(1, body="押金", topics=("租房", "合同"), life_event="renting", place="柳河村", date=date(2020, 5, 1)),
    page(2, body="押金", topics=("买房",), life_event="housing", place="石桥社区", date=date(2024, 1, 1)),
    article(3, "押金", law_kind="法律", date=date(2021, 1, 1)),
    article(4, "押金", law="zulin", law_kind="行政法规"),
]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), [1, 2, 3, 4]),
        (Filters(kinds=("page",)), [1, 2]),
        (Filters(kinds=("page", "article")), [1, 2, 3, 4]),
        (Filters(topics=("合同",)), [1]),
        (Filters(topics=("合同", "买房")), [1, 2]),
        (Filters(topics=("合同",), life_events=("housing",)), []),
        (Filters(life_events=("renting",)), [1]),
        (Filters(places=("石桥社区",)), [2]),
        (Filters(law_kinds=("行政法规",)), [4]),
        (Filters(laws=("minfadian",)), [3]),
        (Filters(since=date(2021, 1, 1)), [2, 3]),
        (Filters(until=date(2021, 1, 1)), [1, 3]),
        (Filters(since=date(2020, 5, 1), until=date(2020, 5, 1)), [1]),
        (Filters(kinds=("no such kind",)), []),
        (Filters(kinds=("page",), since=date(2023, 1, 1)), [2]),
    ],
)
def test_filters(engine, put, filters, expected):
    put(*FILTERED)
    assert sorted(int(key.split(":")[1]) for key in found(engine, "押金", filters=filters)) == expected


def test_filters_do_not_change_scores(engine, put):
    put(*FILTERED)
    free = {each.key: each.score for each in engine.search(asking("押金")).candidates}
    narrowed = engine.search(asking("押金", filters=Filters(kinds=("page",)))).candidates
    assert all(each.score == pytest.approx(free[each.key]) for each in narrowed)


def test_only_the_documents_that_are_named_by_key(engine, put):
    put(*FILTERED)
    assert sorted(found(engine, "押金", keys=("page:1", "article:4", "page:99"))) == ["article:4", "page:1"]


def test_documents_are_found_by_their_exact_name(engine, put):
    put(
        page(1, "劳动法", names=("《勞動法》 2018",)),
        page(2, "劳动法实施条例", body="劳动法"),
        article(3, "劳动法", title="劳动法"),
    )
    assert keys(engine.search(Request(called="劳动法"))) == ["page:1"]
    assert keys(engine.search(Request(called="劳动法2018"))) == ["page:1"]
    assert keys(engine.search(Request(called="劳动"))) == []


def test_the_newest_first_and_what_has_no_date_last(engine, put):
    put(*FILTERED)
    assert found(engine, "押金", newest_first=True) == ["page:2", "article:3", "page:1", "article:4"]


def test_pages_fit_together(engine, put):
    put(*(page(number, body="押金" * (number % 7 + 1)) for number in range(1, 26)))
    whole = found(engine, "押金", limit=25)
    parts = [found(engine, "押金", limit=10, offset=offset) for offset in (0, 10, 20)]
    assert len(whole) == len(set(whole)) == 25
    assert [len(part) for part in parts] == [10, 10, 5]
    assert sorted(key for part in parts for key in part) == sorted(whole)


def test_matches_are_counted_without_being_fetched(engine, put):
    put(*FILTERED)
    response = engine.search(asking("押金", limit=0))
    assert (response.candidates, response.total) == ([], 4)
    assert engine.search(asking("押金", limit=1)).total == 4


def test_a_candidate_tells_its_kind_law_and_chapter(engine, put):
    documents = [article(1, "押金"), article(2, "押金"), article(3, "押金", heading="别的章"), article(4, "押金", "b")]
    put(*documents, page(5, body="押金"))
    by_key = {each.key: each for each in engine.search(asking("押金")).candidates}
    for document in documents:
        assert (by_key[document.key].group, by_key[document.key].section) == groups(document)
    one, two, three, four = (by_key[f"article:{number}"] for number in (1, 2, 3, 4))
    assert one.section == two.section != three.section
    assert one.group == three.group != four.group
    assert (by_key["page:5"].kind, by_key["page:5"].group, by_key["page:5"].section) == ("page", 0, 0)


def test_facets_count_what_matches(engine, put):
    put(*FILTERED, page(9, body="无关", topics=("租房",)))
    counts = engine.facets(asking("押金"), list(FACETS))
    assert counts == {
        "kinds": {"page": 2, "article": 2},
        "topics": {"租房": 1, "合同": 1, "买房": 1},
        "life_events": {"renting": 1, "housing": 1},
        "law_kinds": {"法律": 1, "行政法规": 1},
        "laws": {"minfadian": 1, "zulin": 1},
        "places": {"柳河村": 1, "石桥社区": 1},
    }
    narrowed = engine.facets(asking("押金", filters=Filters(kinds=("page",)), keys=("page:1", "article:3")), ["topics"])
    assert narrowed == {"topics": {"租房": 1, "合同": 1}}


def test_a_query_of_the_longest_kind(engine, put):
    text = "".join(chr(0x4E00 + 7 * number) for number in range(200))
    put(page(1, body=text), page(2, body="押金"))
    assert found(engine, text) == ["page:1"]


def test_characters_outside_the_basic_plane(engine, put):
    put(page(1, body="𠅤家村的䶮某"), page(2, body="别的"))
    assert found(engine, "𠅤家") == ["page:1"]
    assert found(engine, phrases=(phrase("䶮某"),)) == ["page:1"]
