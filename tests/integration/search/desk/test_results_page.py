"""The results page as a resident sees it."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Page, PageViewRestriction, Site

from search import documents
from search.documents import Resolution

pytestmark = pytest.mark.django_db
URL = "/search/"


def soup(response):
    return BeautifulSoup(response.content.decode(), "html.parser")


def hits(response):
    return [link["href"] for link in soup(response).select(".result__title a")]


def text(response):
    return soup(response).find("main").get_text(" ", strip=True)


@pytest.fixture
def resolver(monkeypatch):
    """Recognizes 仲裁法N条 as the laws app recognizes citations."""

    def resolve(asked):
        match = re.fullmatch(r"仲裁法(\d+)条", asked)
        if match is None:
            return None
        if int(match[1]) > 54:
            return Resolution(message="《仲裁法》没有第99条。", nearest=(("第五十四条", "/laws/laodongzhengyi/54/"),))
        return Resolution(url=f"/laws/laodongzhengyi/{match[1]}/#p2")

    monkeypatch.setattr(documents, "_resolvers", [resolve])


def test_an_empty_address_shows_how_to_search(client):
    response = client.get(URL)
    assert response.status_code == 200
    page = soup(response)
    assert page.select_one("main form[role=search] input[name=q]")["value"] == ""
    assert "怎么搜" in text(response)
    assert page.select("a[href='tel:12348']")


def test_results_with_marks_numbers_and_short_answers(client, index):
    response = client.get(URL, {"q": "劳动仲裁"})
    page = soup(response)
    assert response.status_code == 200
    assert page.title.string.strip().startswith("“劳动仲裁”的搜索结果")
    assert "/guides/taoxin/" in hits(response)
    assert any(mark.string == "劳动仲裁" for mark in page.select("main mark"))
    assert "劳动争议调解仲裁法 第10条" in [title.get_text() for title in page.select(".result__title")]
    # A guide shows its short answer.
    guide = next(each for each in page.select(".result") if each.select_one("a")["href"] == "/guides/taoxin/")
    assert "劳动监察大队" in guide.get_text()
    # The line above an article's title does not say the title once more.
    labels = [label.get_text(" ", strip=True) for label in page.select(".result__label")]
    assert "法条 劳动争议调解仲裁法 第10条" not in labels
    assert re.search(r"找到\s*31\s*条结果", text(response))


def test_it_is_for_people_and_not_for_crawlers(client, index):
    page = soup(client.get(URL, {"q": "劳动仲裁", "page": "2", "kind": "article"}))
    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    canonical = urlsplit(page.select_one("link[rel=canonical]")["href"])
    assert (canonical.path, parse_qs(canonical.query)) == (URL, {"q": ["劳动仲裁"]})


def test_nothing_inline_and_nothing_personal(client, index):
    response = client.get(URL, {"q": "劳动仲裁"})
    page = soup(response)
    assert not page.select("[style], [onclick], style, script:not([src])")
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in response.content.decode()


def test_a_filter_keeps_everything_else_in_the_address(client, index):
    response = client.get(URL, {"q": "劳动仲裁", "sort": "newest", "since": "2008-01-01", "page": "2"})
    link = next(a for a in soup(response).select(".filters a") if "法条" in a.get_text())
    assert parse_qs(urlsplit(link["href"]).query) == {
        "q": ["劳动仲裁"],
        "sort": ["newest"],
        "since": ["2008-01-01"],
        "kind": ["article"],
    }
    narrowed = client.get(URL + link["href"])
    assert all(url.startswith("/laws/") for url in hits(narrowed))
    assert re.search(r"找到\s*30\s*条结果", text(narrowed))


def test_codes_in_addresses_are_words_on_the_page(client, index):
    response = client.get(URL, {"q": "劳动仲裁", "law_kind": "statute"})
    assert all(url.startswith("/laws/") for url in hits(response))
    assert soup(response).select_one(".search-chips a").get_text(strip=True).startswith("法律")


def test_chosen_filters_can_be_dropped_one_by_one_and_all_at_once(client, index):
    response = client.get(URL, {"q": "劳动仲裁", "kind": ["article", "guide"], "topic": "拖欠工资"})
    assert hits(response) == ["/guides/taoxin/"]
    chips = {
        a.get_text(strip=True): parse_qs(urlsplit(a["href"]).query) for a in soup(response).select(".search-chips a")
    }
    without_articles = next(query for label, query in chips.items() if label.startswith("法条"))
    assert without_articles == {"q": ["劳动仲裁"], "kind": ["guide"], "topic": ["拖欠工资"]}
    clear = soup(response).select_one(".filters__clear a")
    assert parse_qs(urlsplit(clear["href"]).query) == {"q": ["劳动仲裁"]}
    # In the panel, a chosen value is the link that drops it.
    chosen = soup(response).select(".filters a[aria-current]")
    assert {re.sub(r"[（\d].*", "", a.get_text(strip=True)) for a in chosen} == {"法条", "办事指南", "拖欠工资"}


def test_filters_that_leave_nothing_say_so_and_offer_the_way_back(client, index):
    response = client.get(URL, {"q": "劳动仲裁", "topic": "租房", "kind": "article"})
    assert hits(response) == []
    assert "去掉筛选条件" in text(response)
    assert soup(response).select_one(".empty__actions a")["href"].startswith("?q=")


def test_dates_sort_and_pages(client, index):
    newest = client.get(URL, {"q": "劳动仲裁", "sort": "newest"})
    assert hits(newest)[0] == "/guides/taoxin/"
    old = client.get(URL, {"q": "劳动仲裁", "until": "2010年12月31日"})
    assert "/guides/taoxin/" not in hits(old)
    assert soup(old).select_one("input[name=until]")["value"] == "2010-12-31"
    last = client.get(URL, {"q": "劳动仲裁", "page": "4"})
    assert len(hits(last)) == 1
    assert soup(last).select_one(".pagination [aria-current]").get_text(strip=True).startswith("第4")
    seen = [url for number in range(1, 5) for url in hits(client.get(URL, {"q": "劳动仲裁", "page": number}))]
    assert len(seen) == len(set(seen)) == 31


def test_a_citation_leads_straight_to_its_article_and_back(client, index, resolver):
    response = client.get(URL, {"q": "仲裁法27条"})
    assert response.status_code == 302
    address = urlsplit(response["Location"])
    assert (address.path, address.fragment) == ("/laws/laodongzhengyi/27/", "p2")
    assert parse_qs(address.query) == {"from": ["仲裁法27条"]}
    assert client.get(URL, {"q": "仲裁法27条", "stay": "1"}).status_code == 200
    assert client.get(URL, {"q": "仲裁法27条", "kind": "article"}).status_code == 200


def test_an_unknown_article_is_told_with_the_nearest(client, index, resolver):
    response = client.get(URL, {"q": "仲裁法99条"})
    assert response.status_code == 200
    assert "没有第99条" in text(response)
    assert soup(response).select_one("a[href='/laws/laodongzhengyi/54/']").string == "第五十四条"


def test_a_mistyped_query_is_told_what_was_probably_meant(client, index):
    response = client.get(URL, {"q": "劳动仲栽"})
    link = soup(response).select_one(".search-meant a")
    assert link.get_text() == "劳动仲裁"
    assert parse_qs(urlsplit(link["href"]).query) == {"q": ["劳动仲裁"]}
    assert soup(client.get(URL, {"q": "劳动仲裁"})).select_one(".search-meant") is None


def test_nothing_found_says_what_to_try_and_whom_to_ask(client, index):
    response = client.get(URL, {"q": "qwertyuiop"})
    assert response.status_code == 200
    assert "没有找到“qwertyuiop”" in text(response)
    assert soup(response).select_one(".columns--filters") is None
    for expected in ("换个说法", "司法所", "12348", "婚姻家庭"):
        assert expected in text(response)
    assert soup(response).select("a[href='/life/marriage/']")


def test_results_that_hold_little_of_the_question_are_called_that(client, index):
    assert "没有完全对得上的内容" in text(client.get(URL, {"q": "工资量子纠缠望远镜"}))
    assert "没有完全对得上的内容" not in text(client.get(URL, {"q": "拖欠工资"}))


def test_a_page_far_beyond_the_last_says_how_many_there_are(client, index):
    response = client.get(URL, {"q": "劳动仲裁", "page": "999999"})
    assert response.status_code == 200
    assert re.search(r"没有第 999,?999 页", text(response))
    assert "一共 4 页" in text(response)
    assert soup(response).select_one(".pagination a[rel=prev]")


def test_without_an_index_the_page_says_so_and_when_to_come_back(client, settings, tmp_path):
    settings.SEARCH_INDEX_DIR = tmp_path / "nowhere"
    response = client.get(URL, {"q": "劳动仲裁"})
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert "搜索暂时用不了" in text(response)
    assert soup(response).select("a[href='tel:12348']")


@pytest.fixture
def promoted_page(db):
    home = Site.objects.get(is_default_site=True).root_page
    return home.add_child(instance=Page(title="讨薪一条龙", slug="taoxin-picked"))


def promote(query, **fields):
    return SearchPromotion.objects.create(query=Query.get(query), **fields)


def test_editors_picks_stand_first_and_only_once(client, index):
    promote(
        "拖欠工资", external_link_url="https://www.12348.gov.cn/", external_link_text="中国法律服务网", sort_order=0
    )
    promote("拖欠工资", external_link_url="/guides/taoxin/", external_link_text="老板拖欠工资", sort_order=1)
    response = client.get(URL, {"q": " 拖欠工资 "})
    assert hits(response)[:2] == ["https://www.12348.gov.cn/", "/guides/taoxin/"]
    assert hits(response).count("/guides/taoxin/") == 1
    assert soup(response).select(".result--promoted .result__promoted")
    # They belong to the query as it is, not to its second page or to a part of it.
    assert "https://www.12348.gov.cn/" not in hits(client.get(URL, {"q": "拖欠工资", "kind": "guide"}))
    assert "https://www.12348.gov.cn/" not in hits(client.get(URL, {"q": "拖欠工资怎么办"}))


def test_picks_are_found_in_traditional_characters(client, index):
    promote("拖欠工资", external_link_url="https://www.12348.gov.cn/", external_link_text="中国法律服务网")
    assert hits(client.get(URL, {"q": "拖欠工資"}))[0] == "https://www.12348.gov.cn/"


def test_a_page_that_not_everybody_may_read_is_no_pick(client, index, promoted_page):
    promote("拖欠工资", page=promoted_page, description="从投诉到仲裁")
    assert "从投诉到仲裁" in text(client.get(URL, {"q": "拖欠工资"}))
    restriction = PageViewRestriction.objects.create(page=promoted_page, restriction_type="login")
    assert "讨薪一条龙" not in text(client.get(URL, {"q": "拖欠工资"}))
    restriction.delete()
    promoted_page.live = False
    promoted_page.save()
    assert "讨薪一条龙" not in text(client.get(URL, {"q": "拖欠工资"}))


def test_a_search_costs_few_queries(client, index, django_assert_max_num_queries):
    client.get(URL, {"q": "劳动仲裁"})
    # The synonyms' version (for the search, for what its results hold), the picks, what kinds add to their cards, the
    # site's furniture; then one line of the log.
    with django_assert_max_num_queries(12):
        client.get(URL, {"q": "劳动仲裁"})
    with django_assert_max_num_queries(6):
        client.get(URL, {"q": "劳动仲裁", "kind": "article"})


def test_only_reading(client, index):
    assert client.post(URL, {"q": "劳动仲裁"}).status_code == 405
    assert client.head(URL, {"q": "劳动仲裁"}).status_code == 200


def test_the_names_that_templates_use():
    assert (reverse("search:results"), reverse("search:suggest")) == ("/search/", "/search/suggest/")
