import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.laws.citations import Citation, Context, parse
from knowledge.laws.directory import Directory
from knowledge.laws.linking import link, link_all
from knowledge.laws.models import Law
from knowledge.laws.templatetags.citations import link_citations, link_citations_paragraphs

CODE, CRIMES, LABOUR, FAMILY = 1, 2, 3, 4
DIRECTORY = Directory.of(
    {"民法典": CODE, "刑法": CRIMES, "劳动法": LABOUR, "婚姻家庭编解释（一）": FAMILY}
    | {"最高人民法院关于适用《民法典》婚姻家庭编的解释（一）": FAMILY}
)
OWN = Law(pk=9, slug="own", title="本法", short_title="本法")


def read(text: str, law: Law | None = OWN) -> list[tuple[str, int | None, int, int]]:
    found = parse(text, law, directory=DIRECTORY)
    return [(text[c.start : c.end], c.law_id, c.number, c.sub) for c in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("《民法典》第一千零七十九条", (CODE, 1079, 0, 0, 0)),
        ("《民法典》第一千零七十九条第二款第（三）项", (CODE, 1079, 0, 2, 3)),
        ("《中华人民共和国民法典》第1079条第2款第3项", (CODE, 1079, 0, 2, 3)),
        ("《中華人民共和國民法典》第一千零七十九條第二款第（三）項", (CODE, 1079, 0, 2, 3)),
        ("民法典第１０７９条", (CODE, 1079, 0, 0, 0)),
        ("民法典1079条", (CODE, 1079, 0, 0, 0)),
        ("刑法第一百三十三条之一", (CRIMES, 133, 1, 0, 0)),
        ("刑法133条之一第一款", (CRIMES, 133, 1, 1, 0)),
        ("《民法典》婚姻家庭编第一千零七十九条", (CODE, 1079, 0, 0, 0)),
        ("刑法分则第二百六十四条", (CRIMES, 264, 0, 0, 0)),
        ("《中华人民共和国刑法》（以下简称刑法）第二百六十六条", (CRIMES, 266, 0, 0, 0)),
        ("婚姻家庭编解释（一）第五条", (FAMILY, 5, 0, 0, 0)),
        ("最高人民法院关于适用《民法典》婚姻家庭编的解释（一）第三十条", (FAMILY, 30, 0, 0, 0)),
        ("本法第五条", (9, 5, 0, 0, 0)),
        ("第五条第一项", (9, 5, 0, 0, 1)),
    ],
)
def test_one_citation_in_every_spelling(text, expected):
    (citation,) = parse(text, OWN, directory=DIRECTORY)
    assert (citation.start, citation.end) == (0, len(text))
    assert (citation.law_id, citation.number, citation.sub, citation.paragraph, citation.item) == expected


def test_a_range_knows_its_ends_and_all_between():
    (citation,) = parse("本法第三条至第七条的规定", OWN, directory=DIRECTORY)
    assert (citation.number, citation.until) == (3, (7, 0))
    assert [number for number, _ in citation.targets] == [3, 4, 5, 6, 7]


def test_a_range_beyond_measure_counts_as_its_ends():
    assert Citation(0, 1, "", 1, 1, until=(900, 0)).targets == [(1, 0), (900, 0)]
    assert Citation(0, 1, "", 1, 5, until=(3, 0)).targets == [(5, 0), (3, 0)]


def test_a_list_belongs_to_the_law_before_it():
    assert read("依照刑法第三条、第五条第一款和第二款、第七条，并处罚金") == [
        ("刑法第三条", CRIMES, 3, 0),
        ("第五条第一款", CRIMES, 5, 0),
        ("第七条", CRIMES, 7, 0),
    ]


def test_each_law_of_a_text_has_its_own_articles():
    assert read("违反民法典第一条、劳动法第三条以及本法第六条") == [
        ("民法典第一条", CODE, 1, 0),
        ("劳动法第三条", LABOUR, 3, 0),
        ("本法第六条", 9, 6, 0),
    ]


def test_the_longest_known_name_counts_and_words_before_it_do_not():
    assert read("人民法院适用劳动法第三条") == [("劳动法第三条", LABOUR, 3, 0)]


def test_that_law_is_the_one_named_last():
    assert read("《劳动法》第十条。该法第二十条")[1] == ("该法第二十条", LABOUR, 20, 0)


@pytest.mark.parametrize("text", ["本法实施条例第五条", "执业医师法第三条", "《不存在的法》第三条", "某某公约第二条"])
def test_an_unknown_law_is_never_guessed(text):
    assert [law for _, law, _, _ in read(text)] == [None]


@pytest.mark.parametrize("text", ["共5条", "一条路", "三条建议", "第一次", "第五章", "十二条裤子", "条条大路"])
def test_what_only_looks_alike_is_no_citation(text):
    assert read(text) == []


def test_numbers_without_a_law_mean_nothing_outside_of_laws():
    assert [law for _, law, _, _ in read("第五条", None)] == [None]
    assert read("民法典第一条说了。第二条也说了。", None)[1][1] == CODE


def test_the_preceding_article_and_paragraph_follow_from_the_context():
    context = Context(OWN.pk, 8, 0, 3, ((5, 0), (6, 0), (7, 0)))
    text = "前款、前两款、前条、前三条、本条第一款"
    found = parse(text, context=context, directory=DIRECTORY)
    assert [(c.number, c.paragraph, c.until) for c in found] == [
        (8, 2, None),
        (8, 1, None),
        (7, 0, None),
        (5, 0, (7, 0)),
        (8, 1, None),
    ]


@pytest.mark.parametrize(
    ("title", "text", "law"),
    [
        ("中华人民共和国刑法修正案（十一）", "依照本法第三百八十九条", CRIMES),
        ("最高人民法院关于执行《中华人民共和国刑法》确定罪名的补充规定（二）", "第399条第1款", CRIMES),
        ("最高人民检察院关于适用刑法分则规定的犯罪的罪名的意见", "（第205条）", CRIMES),
        ("最高人民法院关于修改某规定的决定", "根据民法典第三条，将第五条修改为", None),
    ],
)
def test_in_a_text_that_rewrites_another_numbers_are_the_others(title, text, law):
    context = Context.of(Law(pk=9, title=title), DIRECTORY, number=3)
    assert parse(text, context=context, directory=DIRECTORY)[-1].law_id == law
    assert parse("前条", context=context, directory=DIRECTORY) == []


def test_a_preceding_paragraph_that_is_not_there_is_no_citation():
    assert parse("前款、前条", context=Context(OWN.pk, 1, 0, 1), directory=DIRECTORY) == []


@given(st.text(alphabet="第一二十千零条條款项之至、和本法该前《》民典刑（）0１9 \n<&\"'", max_size=120))
def test_citations_never_overlap_and_stay_in_the_text(text):
    position = 0
    for citation in parse(text, OWN, directory=DIRECTORY):
        assert position <= citation.start < citation.end <= len(text)
        position = citation.end


@pytest.mark.django_db
class TestLinks:
    def test_the_cited_article_and_its_paragraph_are_linked(self, laws):
        html = link("见《楼道管理法》第二条第一款。")
        assert html == '见<a class="cite" href="/laws/loudaoguanlifa/2/#kuan-1">《楼道管理法》第二条第一款</a>。'

    def test_everything_else_is_escaped(self, laws):
        html = link('<script>alert("x")</script>楼道管理法第二条 & <b>')
        assert html.startswith("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;<a ")
        assert html.endswith("</a> &amp; &lt;b&gt;")

    def test_articles_and_laws_that_are_not_there_stay_text(self, laws):
        for text in ("楼道管理法第九百条", "《不存在的法》第一条", "第一条"):
            assert link(text) == text

    def test_a_replaced_text_points_into_itself_and_to_the_current_texts_of_others(self, laws):
        law = laws["楼道管理法"]
        old = law.editions.get(is_current=False)
        html = link("本法第二条、邻里法典第一条", Context(law.pk), edition=old)
        assert 'href="/laws/loudaoguanlifa/@2010-01-01/2/"' in html
        assert 'href="/laws/linlifadian/1/"' in html

    def test_a_preceding_paragraph_is_a_place_in_the_same_page(self, laws):
        html = link("前款所称", Context(laws["楼道管理法"].pk, 2, 0, 2))
        assert html == '<a class="cite" href="#kuan-1">前款</a>所称'

    def test_many_texts_cost_two_queries(self, laws, django_assert_num_queries):
        texts = [("楼道管理法第二条", None), ("邻里法典第一条和第二条", None), ("没有", None)] * 20
        with django_assert_num_queries(2):
            linked = link_all(texts)
        assert len(linked) == 60
        assert linked[1].count("<a ") == 2

    def test_the_template_filters_escape_and_link(self, laws):
        assert 'href="/laws/loudaoguanlifa/2/"' in link_citations("第二条", laws["楼道管理法"])
        assert link_citations(None) == ""
        assert link_citations_paragraphs("甲<\n\n乙") == "<p>甲&lt;</p>\n<p>乙</p>"

    def test_a_traditional_text_is_linked(self, laws):
        assert 'href="/laws/linlifadian/1/"' in link("《中華人民共和國鄰里法典》第一條")
