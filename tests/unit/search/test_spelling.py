"""What a mistyped query probably meant, judged by what documents there are."""

import pytest

from search import spelling
from search.analysis import fold, folded_terms
from search.engines.base import Response, SearchUnavailable
from search.results import Hit, Results, Segment

TEXTS = [
    *["当事人可以申请劳动仲裁，劳动合同期限届满的除外。"] * 60,
    *["父母应当支付抚养费，抚养费包括教育费、医疗费。"] * 40,
    *["农村村民一户只能拥有一处宅基地。"] * 40,
    *["夫妻双方自愿离婚的，应当签订书面离婚协议。"] * 80,
    *["职工受到事故伤害，应当认定为工伤；工伤认定申请。"] * 60,
    *["工业废水和工业废物应当集中处理。"] * 30,
    *["未成年人的父母是未成年人的监护人。"] * 50,
    *["支付养老金。"] * 2,
    *["成立婚姻关系。"] * 3,
    *["机动车在道路上行驶发生交通事故。"] * 50,
]


class FakeEngine:
    """Counts in a list of texts; knows no ranking."""

    def __init__(self, texts):
        self.texts = [fold(text) for text in texts]
        self.terms = [set(folded_terms(text)) for text in self.texts]
        self.asked = 0

    def frequencies(self, terms):
        self.asked += len(terms)
        return [sum(term in each for each in self.terms) for term in terms], len(self.texts)

    def search(self, request):
        (phrase,) = request.phrases
        text = "".join(term for term in phrase if len(term) == 1)
        return Response([], sum(text in each for each in self.texts))


@pytest.fixture
def engine(monkeypatch):
    fake = FakeEngine(TEXTS)
    monkeypatch.setattr(spelling, "get_engine", lambda: fake)
    monkeypatch.setattr("search.synonyms.pairs", frozenset)
    monkeypatch.setattr("search.synonyms.expansions", lambda text: [])
    return fake


def meant(text, **more):
    return spelling.correction(Results(text=text, **more))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("劳动仲栽", "劳动仲裁"),
        ("勞動仲栽", "勞動仲裁"),
        ("老董仲裁", "劳动仲裁"),
        ("抚养废", "抚养费"),
        ("付养费", "抚养费"),
        ("宅基第", "宅基地"),
        ("离昏", "离婚"),
        ("工商认定", "工伤认定"),
        ("末成年人", "未成年人"),
        ("交通事固怎么处理", "交通事故怎么处理"),
        ("怎么算抚养废？", "怎么算抚养费？"),
        ("抚养废 宅基第", "抚养费 宅基地"),
    ],
)
def test_slips_are_put_right(engine, typed, expected):
    assert meant(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "劳动仲裁",
        "抚养费",
        "离婚",
        "离婚协议",
        "工业废水",
        "未成年人",
        "",
        "婚",
        "abc 123",
        "！？",
        "量子纠缠",
        "邻居装修把我家墙弄裂了",
        "怎么办",
        "𠅤家",
    ],
)
def test_what_is_right_or_unknown_is_left_alone(engine, typed):
    assert meant(typed) == ""


def test_what_some_documents_write_needs_more_to_be_doubted(engine):
    # 立婚 stands in 成立婚姻: few, but some; 离婚 in eighty documents is not a hundred times as many.
    assert meant("立婚") == ""


def test_never_what_finds_less(engine):
    for typed in ("抚养废", "宅基第", "劳动仲栽"):
        better = meant(typed)
        count = {
            text: engine.search(spelling.Request(phrases=(tuple(folded_terms(text)),))).total
            for text in (typed, better)
        }
        assert count[better] > count[typed]


def test_a_result_that_holds_all_of_it_ends_the_matter(engine):
    hit = Hit(key="guide:1", kind="guide", title=(Segment("抚养废怎么算"),), url="/", score=1.0)
    assert meant("抚养废", hits=[hit]) == ""
    assert engine.asked == 0


def test_operators_and_whole_sentences_are_left_alone(engine):
    assert meant("抚养废", phrases=("抚养废",)) == ""
    assert meant("抚养废 -离婚", excluded=("离婚",)) == ""
    assert meant("抚养废" * 7) == ""
    assert engine.asked == 0


def test_words_of_the_synonyms_are_words(engine, monkeypatch):
    assert meant("家爆") == ""
    monkeypatch.setattr("search.synonyms.pairs", lambda: frozenset({"家暴", "房冬"}))
    assert meant("家爆") == "家暴"
    assert meant("房冬") == ""


def test_it_asks_a_bounded_number_of_things(engine):
    for typed in ("量子纠缠望远镜", "里里里里里里里里", "疑义一已以亿役"):
        engine.asked = 0
        meant(typed)
        assert engine.asked < 12_000


def test_an_index_that_is_away_is_told(monkeypatch, engine):
    def away(terms):
        raise SearchUnavailable("away")

    engine.frequencies = away
    with pytest.raises(SearchUnavailable):
        meant("抚养废")
