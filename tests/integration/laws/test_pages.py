import gzip

import pytest
from django.core.cache import caches
from django.urls import reverse
from wagtail.models import Page, Site

from knowledge.guides.models import GuideCitation, QuestionPage
from knowledge.laws import actions, reading
from knowledge.laws.models import Article

from .conftest import statute

pytestmark = pytest.mark.django_db

MAX_QUERIES = 22
"""A page of laws, the frame of the site (menu, settings, site root) included."""


@pytest.fixture(autouse=True)
def _no_cache():
    for cache in caches.all(initialized_only=True):
        cache.clear()


def text_of(response) -> str:
    # However the template is laid out: runs of white space are one space.
    return " ".join(response.content.decode().split())


class TestList:
    def test_laws_are_listed_with_kind_and_date(self, client, laws):
        page = text_of(client.get("/laws/"))
        assert 'href="/laws/loudaoguanlifa/"' in page
        assert "2023年12月29日公布" in page
        assert "共 4 部" in page

    def test_kinds_filter_and_count_and_stay_in_the_address(self, client, laws):
        response = client.get("/laws/", {"kind": "interpretation", "sort": "date"})
        listing = response.context["listing"]
        assert listing.total == 2
        assert {choice.label: choice.count for choice in listing.groups[0].choices} == {"法律": 2, "司法解释": 2}
        chosen = next(choice for choice in listing.groups[0].choices if choice.selected)
        assert (chosen.label, chosen.url) == ("司法解释", "?sort=date")
        other = next(choice for choice in listing.groups[0].choices if not choice.selected)
        assert other.url == "?kind=statute&sort=date"

    def test_branches_are_offered_within_a_kind(self, client, laws):
        listing = client.get("/laws/", {"kind": "statute", "branch": "行政法"}).context["listing"]
        assert listing.total == 1
        assert {choice.label for choice in listing.groups[1].choices} == {"行政法", "民法商法"}

    def test_short_names_are_found(self, client, laws):
        assert client.get("/laws/", {"q": "借伞司法解释"}).context["listing"].total == 1
        assert client.get("/laws/", {"q": "鄰里法典"}).context["listing"].total == 1

    def test_sorted_by_date_the_newest_comes_first(self, client, laws):
        laws_shown = list(client.get("/laws/", {"sort": "date"}).context["listing"].page)
        assert laws_shown[0].short_title == "楼道管理法"

    def test_nothing_found_says_what_to_try(self, client, laws):
        assert "没有这个名称的法律" in text_of(client.get("/laws/", {"q": "没有的"}))

    @pytest.mark.parametrize(
        "query",
        [
            {"page": "999999"},
            {"page": "x"},
            {"kind": "nonsense"},
            {"sort": "x"},
            {"q": "。、"},
            {"q": "一" * 500},
            {"branch": "'"},
        ],
    )
    def test_bad_input_gives_a_page(self, client, laws, query):
        assert client.get("/laws/", query).status_code == 200

    def test_queries_are_bounded(self, client, laws, django_assert_max_num_queries):
        with django_assert_max_num_queries(MAX_QUERIES):
            client.get("/laws/", {"kind": "statute", "q": "法"})


class TestLaw:
    def test_a_short_law_is_one_page_with_contents_dates_and_editions(self, client, laws):
        page = text_of(client.get("/laws/loudaoguanlifa/"))
        assert 'href="/laws/loudaoguanlifa/#zhang1"' in page
        assert 'id="zhang1"' in page
        assert "第1–2条" in page
        assert "2023年12月29日" in page
        assert "2024年1月1日" in page
        assert 'href="/laws/loudaoguanlifa/@2010-01-01/"' in page
        assert 'id="tiao-3-1"' in page
        assert '<a class="cite" href="/laws/linlifadian/2/">《中华人民共和国邻里法典》第二条</a>' in page

    def test_an_older_edition_stays_readable_and_says_what_replaced_it(self, client, laws):
        page = text_of(client.get("/laws/loudaoguanlifa/@2010-01-01/"))
        assert "这是旧文本" in page
        assert "2023年12月29日公布的文本取代了它" in page
        assert "第五条" in page
        assert '<link rel="canonical" href="/laws/loudaoguanlifa/">' in page

    def test_the_date_of_the_current_edition_leads_to_the_law(self, client, laws):
        response = client.get("/laws/loudaoguanlifa/@2023-12-29/")
        assert (response.status_code, response["Location"]) == (302, "/laws/loudaoguanlifa/")

    def test_an_unknown_law_names_the_nearest(self, client, laws):
        response = client.get("/laws/loudaoguanlifaa/")
        assert response.status_code == 404
        assert 'href="/laws/loudaoguanlifa/"' in text_of(response)

    @pytest.mark.parametrize("day", ["2011-11-11", "2023-02-31", "2023-1-1", "undated", "9999"])
    def test_an_unknown_edition_names_those_that_are_there(self, client, laws, day):
        response = client.get(f"/laws/loudaoguanlifa/@{day}/")
        assert response.status_code == 404
        assert 'href="/laws/loudaoguanlifa/@2010-01-01/"' in text_of(response)

    def test_an_import_is_seen_at_once(self, client, corpus, laws, django_capture_on_commit_callbacks):
        assert "杂物" in text_of(client.get("/laws/loudaoguanlifa/"))
        file = corpus / "行政法/楼道管理法(2023-12-29).md"
        file.write_text(file.read_text(encoding="utf-8").replace("杂物", "鞋柜"), encoding="utf-8")
        with django_capture_on_commit_callbacks(execute=True):
            actions.import_folder(path=corpus, index=False)
        page = text_of(client.get("/laws/loudaoguanlifa/"))
        assert "杂物" not in page
        assert "鞋柜" in page

    def test_markup_in_a_law_is_shown_as_text(self, client, corpus, db):
        body = '第一条 <script>alert(1)</script>依照本法第一条 & "引号"。\n\n| <b>甲</b> | 乙 |\n\n|---|---|'
        (corpus / "行政法/标记法.md").write_text(statute("标记法", body), encoding="utf-8")
        actions.import_folder(path=corpus, index=False)
        for address in ("/laws/biaojifa/", "/laws/biaojifa/1/"):
            page = text_of(client.get(address))
            assert "<script>alert" not in page
            assert "<b>甲" not in page
            assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page

    def test_pages_have_no_inline_script_or_style(self, client, laws):
        for address in ("/laws/", "/laws/loudaoguanlifa/", "/laws/loudaoguanlifa/2/", "/laws/loudaoguanlifa/77/"):
            page = text_of(client.get(address))
            assert " style=" not in page
            assert " onclick=" not in page

    def test_queries_are_bounded(self, client, laws, django_assert_max_num_queries):
        with django_assert_max_num_queries(MAX_QUERIES):
            client.get("/laws/loudaoguanlifa/")


class TestLongLaw:
    @pytest.fixture(autouse=True)
    def _short_pages(self, monkeypatch):
        monkeypatch.setattr(reading, "PAGE_CHARACTERS", 30)

    def test_a_long_law_shows_contents_and_leads_to_its_parts(self, client, laws):
        page = text_of(client.get("/laws/loudaoguanlifa/"))
        assert 'href="/laws/loudaoguanlifa/part/zhang1/"' in page
        assert 'id="tiao-2"' not in page
        part = text_of(client.get("/laws/loudaoguanlifa/part/zhang1/"))
        assert 'id="tiao-2"' in part
        assert 'rel="next" href="/laws/loudaoguanlifa/part/zhang2/"' in part

    def test_an_article_points_to_its_place_in_the_part(self, client, laws):
        page = text_of(client.get("/laws/loudaoguanlifa/2/"))
        assert 'href="/laws/loudaoguanlifa/part/zhang1/#tiao-2"' in page

    def test_an_unknown_part_names_those_that_are_there(self, client, laws):
        response = client.get("/laws/loudaoguanlifa/part/zhang9/")
        assert response.status_code == 404
        assert "/laws/loudaoguanlifa/part/zhang1/" in text_of(response)


class TestArticle:
    def test_text_place_neighbours_and_citation(self, client, laws):
        page = text_of(client.get("/laws/loudaoguanlifa/2/"))
        assert '<p class="kuan" id="kuan-2">' in page
        assert '<span class="xiang__marker">（二）</span>电动车。' in page
        assert '<a class="cite" href="#kuan-1">前款</a>' in page
        assert 'rel="prev" href="/laws/loudaoguanlifa/1/"' in page
        assert 'rel="next" href="/laws/loudaoguanlifa/3/"' in page
        assert "《楼道管理法》第二条：" in page
        assert 'href="/laws/loudaoguanlifa/#zhang1">第一章 总则</a>' in page

    def test_the_articles_that_cite_it_are_listed(self, client, laws):
        page = client.get("/laws/loudaoguanlifa/3-1/")
        assert [row.citation for row in page.context["citing"]] == [
            "《最高人民法院关于审理借伞案件适用法律若干问题的规定》第一条"
        ]
        second = client.get("/laws/loudaoguanlifa/2/").context["citing"]
        assert [row.label for row in second] == ["第三条", "第三条之一"]

    def test_the_preceding_article_is_linked(self, client, laws):
        assert '<a class="cite" href="/laws/loudaoguanlifa/3/">前条</a>' in text_of(
            client.get("/laws/loudaoguanlifa/3-1/")
        )

    def test_a_replaced_article_leads_to_the_current_one(self, client, laws):
        page = text_of(client.get("/laws/loudaoguanlifa/@2010-01-01/3/"))
        assert "这是旧文本" in page
        assert '<a href="/laws/loudaoguanlifa/3/">看现行文本</a>' in page

    def test_the_current_article_leads_to_its_older_texts(self, client, laws):
        assert 'href="/laws/loudaoguanlifa/@2010-01-01/3/"' in text_of(client.get("/laws/loudaoguanlifa/3/"))

    @pytest.mark.parametrize(
        ("key", "status"), [("77", 404), ("3-9", 404), ("preamble", 404), ("99999", 404), ("002", 301)]
    )
    def test_other_addresses(self, client, laws, key, status):
        assert client.get(f"/laws/loudaoguanlifa/{key}/").status_code == status

    def test_an_unknown_number_names_the_nearest(self, client, laws):
        page = text_of(client.get("/laws/loudaoguanlifa/77/"))
        assert "《楼道管理法》没有第七十七条" in page
        assert 'href="/laws/loudaoguanlifa/4/"' in page

    def test_sections_and_preambles_have_pages(self, client, laws):
        law = laws["最高人民法院关于门铃问题的批复"]
        assert "可以安装" in text_of(client.get(reverse("laws:article", args=[law.slug, "1"])))
        assert "现答复如下" in text_of(client.get(reverse("laws:article", args=[law.slug, "preamble"])))

    def test_queries_are_bounded_and_the_page_is_light(self, client, laws, django_assert_max_num_queries):
        with django_assert_max_num_queries(MAX_QUERIES):
            response = client.get("/laws/loudaoguanlifa/3-1/")
        assert len(gzip.compress(response.content)) < 20_000

    def test_only_reading_is_allowed(self, client, laws):
        assert client.post("/laws/loudaoguanlifa/2/").status_code == 405

    def test_the_pages_that_rest_on_it_are_listed_whichever_edition_they_cite(self, client, laws):
        root = Page.get_first_root_node()
        Site.objects.all().delete()
        home = root.add_child(instance=Page(title="乡约", slug="front"))
        Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
        told = {"life_event": "neighbours", "summary": "看楼道法。"}
        shown = home.add_child(instance=QuestionPage(title="门口能放鞋柜吗？", slug="xiegui", **told))
        hidden = home.add_child(instance=QuestionPage(title="草稿", slug="caogao", live=False, **told))
        old = Article.objects.get(edition__law=laws["楼道管理法"], edition__is_current=False, key="2")
        for page in (shown, hidden):
            GuideCitation.objects.create(page=page, article=old, position=0)
        page = text_of(client.get("/laws/loudaoguanlifa/2/"))
        assert '<a href="/xiegui/">门口能放鞋柜吗？</a>' in page
        assert "草稿" not in page
        assert "门口能放鞋柜吗" not in text_of(client.get("/laws/loudaoguanlifa/3/"))
