"""What a resident gets for a query: order, filters, counts, pages, passages, and an answer to every input."""

import itertools
from dataclasses import replace
from datetime import date

import pytest

from search import documents, finding, queries, synonyms
from search.documents import Document, Source
from search.engines.base import SearchUnavailable
from search.models import SynonymGroup
from search.results import Filters

from .conftest import build

pytestmark = pytest.mark.django_db


def article(
    number: int, body: str, law: str = "民法典", chapter: str = "租赁合同", law_kind: str = "法律", **values
) -> Document:
    title = f"{law} 第{number}条"
    return Document(
        key=f"article:{number}",
        kind="article",
        title=title,
        label=title,
        url=f"/laws/{law}/{number}/",
        heading=f"{law} {chapter}",
        law=law,
        law_kind=law_kind,
        body=body,
        **values,
    )


GUIDE = Document(
    key="guide:1",
    kind="guide",
    title="房东不退押金，怎么要回来",
    names=("押金不退怎么办",),
    url="/guides/yajin/",
    summary="先看合同，再协商，不行就起诉。",
    body="退租时把钥匙交还并拍照。\n房东没有正当理由不退押金的，可以起诉要求返还押金。",
    topics=("租房",),
    life_event="renting",
    date=date(2026, 1, 1),
    prior=1.8,
)
LAW = Document(
    key="law:1", kind="law", title="民法典", names=("中华人民共和国民法典",), url="/laws/民法典/", law_kind="法律"
)
ARTICLES = [
    article(703, "租赁合同是出租人将租赁物交付承租人使用、收益，承租人支付租金的合同。", date=date(2021, 1, 1)),
    article(722, "承租人无正当理由未支付租金的，出租人可以请求承租人在合理期限内支付。", date=date(2021, 1, 1)),
    article(587, "债务人履行债务的，定金应当抵作价款或者收回。押金依照约定。", chapter="违约责任"),
    article(21, "经营者收取押金的，应当明示押金退还的方式，不得设置不合理条件。", law="电子商务法", chapter="二"),
    article(8, "本条例所称押金，是指按约定交付的钱款。", law="押金条例", chapter="一", law_kind="行政法规"),
]


class _Kind(Source):
    def __init__(self, name, *, answers=False):
        self.name = self.label = name
        self.answers = answers
        self.model = SynonymGroup

    def queryset(self):
        return SynonymGroup.objects.none()

    def document(self, obj):
        raise NotImplementedError

    def extras(self, pks):
        return {pk: f"extra {pk}" for pk in pks} if self.name == "guide" else {}


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(
        documents, "_sources", {name: _Kind(name, answers=name == "guide") for name in ("guide", "law", "article")}
    )


@pytest.fixture
def index(unbuilt):
    build(unbuilt, [GUIDE, LAW, *ARTICLES])
    return unbuilt


def keys(text: str, **given) -> list[str]:
    return [hit.key for hit in queries.search(text, **given).hits]


def shown(segments) -> str:
    return "".join(f"[{segment.text}]" if segment.matched else segment.text for segment in segments)


def test_what_answers_comes_first_and_shows_why(index):
    results = queries.search("房东不退押金怎么办")
    best = results.hits[0]
    assert (best.key, best.kind, best.url, best.pk) == ("guide:1", "guide", "/guides/yajin/", 1)
    assert shown(best.title) == "[房东不退押金]，怎么要回来"
    assert best.topics == ("租房",)
    assert best.extra == "extra 1"
    assert best.score > results.hits[1].score
    assert results.hits[1].extra is None
    assert "[押金]" in shown(results.hits[1].passage)
    assert results.took > 0


def test_what_has_nothing_to_do_with_it_is_not_there(index):
    assert "article:703" not in queries.search("押金").keys


def test_what_is_called_as_the_query_is_first(index):
    assert keys("民法典")[0] == "law:1"
    assert keys("中華人民共和國民法典")[0] == "law:1"
    assert keys("押金不退怎么办")[0] == "guide:1"
    assert keys("民法典", filters=Filters(kinds=("article",)))[0].startswith("article:")


def test_a_mere_topic_leads_to_what_explains_it(index):
    assert keys("押金")[0] == "guide:1"


@pytest.mark.parametrize("text", ["房東不退押金", "房东不退押金", "ＷＩＦＩ房東不退押金", "「押金」"])
def test_scripts_and_forms_do_not_matter(index, text):
    assert keys(text)[0] == "guide:1"


def test_a_phrase_must_stand(index):
    assert set(queries.search('"押金退还"').keys) == {"article:21"}
    results = queries.search("条件 “押金退还”")
    assert (results.phrases, set(results.keys)) == (("押金退还",), {"article:21"})
    assert queries.search('"押金还退"').total == 0


def test_what_is_excluded_is_not_found(index):
    results = queries.search("押金 -退还")
    assert results.excluded == ("退还",)
    assert "article:21" not in results.keys
    assert "article:587" in results.keys


def test_synonyms_find_the_words_of_the_law(index, monkeypatch):
    assert "article:722" not in queries.search("包租婆催房钱").keys
    SynonymGroup.objects.create(words="包租婆", expansions="出租人")
    monkeypatch.setattr(synonyms, "_table", None)
    results = queries.search("包租婆催房钱")
    assert "article:722" in results.keys
    hit = next(hit for hit in results.hits if hit.key == "article:722")
    assert "[出租人]" in shown(hit.passage)


def test_filters_narrow_and_counts_tell_what_else_there_is(index):
    results = queries.search("押金", filters=Filters(kinds=("article",)))
    assert set(results.keys) == {"article:587", "article:21", "article:8"}
    kinds = {value.value: (value.count, value.selected) for value in results.facets["kinds"]}
    assert kinds == {"article": (3, True), "guide": (1, False)}
    # The other facets count within the chosen kind.
    assert {value.value: value.count for value in results.facets["law_kinds"]} == {"法律": 2, "行政法规": 1}
    assert results.facets["topics"] == []


def test_counts_are_those_that_the_filters_then_give(index):
    unfiltered = queries.search("押金")
    for facet in ("kinds", "law_kinds", "laws", "topics", "life_events"):
        for value in unfiltered.facets[facet]:
            narrowed = queries.search("押金", filters=Filters(**{facet: (value.value,)}))
            assert narrowed.total == value.count, (facet, value)


def test_dates_narrow_too(index):
    assert set(queries.search("租金", filters=Filters(since=date(2020, 1, 1))).keys) == {"article:703", "article:722"}
    assert queries.search("租金", filters=Filters(until=date(2019, 1, 1))).total == 0


def test_the_newest_first(index):
    results = queries.search("押金 租金", sort="newest")
    dated = [hit.date for hit in results.hits if hit.date]
    assert dated == sorted(dated, reverse=True)
    assert [bool(hit.date) for hit in results.hits] == sorted((bool(hit.date) for hit in results.hits), reverse=True)


def test_an_unknown_sort_is_by_relevance(index):
    assert keys("押金", sort="sideways") == keys("押金")


def test_pages_are_cut_from_one_order(index):
    whole = queries.search("押金 租金", per_page=100)
    assert whole.total == len(whole.hits) == len(whole.keys) >= 5
    count = queries.search("押金 租金", per_page=2).page_count
    pages = [keys("押金 租金", per_page=2, page=page) for page in range(1, count + 1)]
    assert list(itertools.chain(*pages)) == list(whole.keys)


@pytest.mark.parametrize("page", [2, 999_999, 10**30])
def test_a_page_beyond_the_last_is_empty_and_says_how_many_there_are(index, page):
    results = queries.search("押金", page=page, per_page=100)
    assert (results.hits, results.page, results.page_count) == ([], page, 1)
    assert results.total > 0


@pytest.mark.parametrize("page", [0, -5])
def test_a_page_before_the_first_is_the_first(index, page):
    assert keys("押金", page=page) == keys("押金")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "。，！？…",
        "\x00",
        "\ud800\udfff",
        '"""""',
        "“”“”",
        "- - -",
        "-押金",
        "押金 OR NOT AND (",
        "title:押金^5 ~2 *",
        "押" * 100_000,
        "押金，" * 30_000,
        "\U0010ffff",
        "押金\x00不退\ud800",
        '押金 "' + "长" * 5_000,
        " ".join(f'-"词{number}"' for number in range(500)),
        "<script>alert(1)</script>",
        "../../etc/passwd",
        "押金" + "́" * 500,
    ],
)
def test_every_input_gets_an_answer(index, text):
    results = queries.search(text)
    assert results.total == len(results.keys)
    assert "\x00" not in results.text
    results.text.encode()


def test_a_query_that_is_too_long_says_that_it_was_cut(index):
    assert queries.search("押金，" * 30_000).cut
    assert not queries.search("押金").cut


@pytest.mark.parametrize(
    "filters",
    [
        Filters(kinds=("nothing",)),
        Filters(topics=("", "\x00", "租房")),
        Filters(since=date(2030, 1, 1), until=date(2020, 1, 1)),
        Filters(kinds=tuple(map(str, range(500)))),
    ],
)
def test_every_filter_gets_an_answer(index, filters):
    queries.search("押金", filters=filters)


def test_nothing_found_is_nothing(index):
    results = queries.search("量子纠缠")
    assert (results.total, results.hits, results.page_count, results.facets) == (0, [], 0, {})


def test_a_lone_character_of_a_word_is_no_match(index):
    assert "article:21" not in queries.search("电梯").keys
    assert queries.search("租").total > 0


def test_without_an_index_the_search_says_so(unbuilt):
    with pytest.raises(SearchUnavailable, match="rebuild_search"):
        queries.search("押金")
    assert queries.search("。").total == 0


def test_what_was_deleted_since_it_was_found_is_left_out(index, monkeypatch):
    every = type(index).documents
    monkeypatch.setattr(type(index), "documents", lambda self, keys: every(self, [k for k in keys if k != "guide:1"]))
    assert "guide:1" not in keys("押金")


def test_markup_in_texts_stays_text(unbuilt):
    build(unbuilt, [replace(GUIDE, title="<b>押金</b>", summary="<script>押金</script>")])
    hit = queries.search("押金").hits[0]
    assert "".join(segment.text for segment in hit.title) == "<b>押金</b>"


def test_how_many_questions_to_the_database_a_search_asks(index, django_assert_max_num_queries):
    queries.search("押金")
    with django_assert_max_num_queries(2):
        queries.search("押金")


@pytest.fixture
def asked(index, monkeypatch):
    """The requests for terms that the engine was sent."""
    sent = []
    search = type(index).search

    def spy(self, request):
        if request.terms:
            sent.append(request)
        return search(self, request)

    monkeypatch.setattr(type(index), "search", spy)
    return sent


def test_kinds_are_told_apart_without_asking_again(index, asked):
    everything = queries.search("押金")
    asked.clear()
    articles = queries.search("押金", filters=Filters(kinds=("article",)))
    assert [request.filters.kinds for request in asked] == [()]
    assert set(articles.keys) == {key for key in everything.keys if key.startswith("article:")}


def test_a_kind_that_others_crowd_out_is_asked_for_alone(index, asked, monkeypatch):
    whole = queries.search("押金", filters=Filters(kinds=("article",)))
    monkeypatch.setattr(finding, "MAX_CANDIDATES", 3)
    asked.clear()
    narrowed = queries.search("押金", filters=Filters(kinds=("article",)))
    assert [request.filters.kinds for request in asked] == [(), ("article",)]
    assert narrowed.keys == whole.keys[:3]
