import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from knowledge.guides.listing import PageListing
from knowledge.guides.models import GuidePage, KnowledgeIndexPage, Topic

pytestmark = pytest.mark.django_db

Sections = dict[str, KnowledgeIndexPage]


@pytest.fixture
def guides(make_page: Any) -> None:
    """Three guides."""
    make_page(title="甲", slug="c", life_event="marriage", audience=["women", "elderly"], topics=("离婚", "彩礼"))
    make_page(title="乙", slug="a", life_event="marriage", audience=["everyone"], topics=("离婚",))
    make_page(title="丙", slug="b", life_event="wages", audience=["workers"], topics=("欠薪",))


def listing(query: str = "") -> PageListing:
    return PageListing(GuidePage.objects.published(), QueryDict(query))


def counts(of: PageListing) -> dict[str, dict[str, int | None]]:
    return {group.name: {choice.value: choice.count for choice in group.choices} for group in of.groups}


def titles(of: PageListing) -> list[str]:
    return [row.title for row in of.rows]


def test_filters_tell_how_many_pages_each_value_has(guides: None) -> None:
    assert counts(listing()) == {
        "life": {"marriage": 2, "wages": 1},
        "audience": {"everyone": 1, "women": 1, "elderly": 1, "workers": 1},
        "topic": {"lihun": 2, "caili": 1, "qianxin": 1},
    }


def test_counts_are_those_beside_the_other_filters(guides: None) -> None:
    narrowed = listing("life=marriage&topic=caili")
    assert titles(narrowed) == ["甲"]
    # Of each filter: what choosing another value of it would show.
    assert counts(narrowed)["life"] == {"marriage": 1}
    assert counts(narrowed)["topic"] == {"lihun": 2, "caili": 1}


def test_a_filter_stays_in_the_addresses_of_the_others_and_goes_when_chosen_again(guides: None) -> None:
    narrowed = listing("life=marriage&sort=title&page=3")
    urls = {choice.value: choice.url for group in narrowed.groups for choice in group.choices}
    assert urls["caili"] == "?life=marriage&sort=title&topic=caili"
    assert urls["marriage"] == "?sort=title"
    assert narrowed.clear_url == "?sort=title"
    assert narrowed.base_query == "life=marriage&sort=title"


def test_the_list_is_sorted_as_asked(guides: None) -> None:
    assert titles(listing()) == ["丙", "乙", "甲"]
    assert titles(listing("sort=title")) == ["乙", "丙", "甲"]


@pytest.mark.parametrize(
    "query",
    ["life=moon", "audience=martians", "sort=random", "page=abc", "page=-3", "page=99999999999999999999", "x=1"],
)
def test_an_unknown_filter_is_passed_over(guides: None, query: str) -> None:
    assert len(titles(listing(query))) == 3


@pytest.mark.parametrize("query", ["topic=nothing", "topic=%00", "topic=" + "x" * 5000, "topic='--"])
def test_a_topic_that_is_not_there_shows_an_empty_list(guides: None, query: str, client: Client, sections: Any) -> None:
    response = client.get(f"{sections['guide'].url}?{query}")
    assert response.status_code == 200


def test_an_empty_list_says_what_to_do(client: Client, sections: Sections, guides: None) -> None:
    url = sections["guide"].url
    nothing = BeautifulSoup(client.get(f"{url}?topic=caili&life=wages").content, "html.parser")
    assert "没有符合这些条件的内容" in nothing.select_one(".empty").get_text()
    assert nothing.select_one(".filters__clear a")["href"] == "?"
    assert "12348" in nothing.select_one(".empty").get_text()
    unwritten = BeautifulSoup(client.get(sections["story"].url).content, "html.parser")
    assert "正在编写" in unwritten.select_one(".empty").get_text()


def test_long_lists_have_pages(client: Client, sections: Sections, make_page: Any) -> None:
    for number in range(23):
        make_page(title=f"第{number}篇", slug=f"s{number:02}")
    url = sections["guide"].url
    first = BeautifulSoup(client.get(f"{url}?sort=title").content, "html.parser")
    second = BeautifulSoup(client.get(f"{url}?sort=title&page=2").content, "html.parser")
    assert len(first.select(".entry")) == 20
    assert [entry.get_text(strip=True) for entry in second.select(".entry__title")] == ["第20篇", "第21篇", "第22篇"]
    assert second.select_one("a[rel=prev]")["href"] == "?sort=title"
    assert second.select_one("meta[name=robots]")["content"].startswith("noindex")
    assert not BeautifulSoup(client.get(url).content, "html.parser").select("meta[name=robots]")


def test_drafts_and_private_pages_are_in_no_list(client: Client, sections: Sections, make_page: Any) -> None:
    make_page(title="草稿", publish=False, topics=("离婚",))
    private = make_page(title="内部", topics=("离婚",))
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    for url in (sections["guide"].url, "/life/marriage/", "/topics/lihun/", "/topics/", "/life/"):
        html = client.get(url).content.decode()
        assert "草稿" not in html
        assert "内部" not in html


@pytest.mark.parametrize("kind", ["guide", "question", "story", "lesson"])
def test_lists_take_the_same_queries_for_few_and_many(
    client: Client, sections: Sections, make_page: Any, kind: str, django_assert_max_num_queries: Any
) -> None:
    url = sections[kind].url
    measured = []
    for number in range(10):
        make_page(kind, title=f"第{number}篇", topics=("离婚", f"主题{number}"))
        if number in (1, 9):
            client.get(url)
            with django_assert_max_num_queries(24) as captured:
                client.get(url)
            measured.append(len(captured))
    assert measured[0] == measured[1]


def test_lectures_to_come_stand_above_the_list(client: Client, sections: Sections, make_page: Any) -> None:
    make_page("lesson", title="课")
    make_page("lesson", title="后讲", lesson_kind="live", starts_at=timezone.now() + timedelta(days=9))
    make_page("lesson", title="先讲", lesson_kind="live", starts_at=timezone.now() + timedelta(days=2))
    make_page("lesson", title="讲过", lesson_kind="live", starts_at=timezone.now() - timedelta(days=2))
    page = BeautifulSoup(client.get(sections["lesson"].url).content, "html.parser")
    assert [title.get_text() for title in page.select(".lectures-grid .lecture-entry__title")] == ["先讲", "后讲"]
    assert {title.get_text(strip=True) for title in page.select(".entries h3")} == {"课", "讲过"}
    narrowed = BeautifulSoup(client.get(f"{sections['lesson'].url}?life=marriage").content, "html.parser")
    assert len(narrowed.select(".entries h3")) == 4


def test_a_life_event_gathers_all_kinds(client: Client, make_page: Any) -> None:
    for kind in ("guide", "question", "story", "lesson"):
        make_page(kind, title=f"婚姻{kind}", topics=("离婚",))
    make_page(title="工资", life_event="wages")
    page = BeautifulSoup(client.get("/life/marriage/").content, "html.parser")
    assert [heading.get_text() for heading in page.select(".shelf h2")] == [
        "办事指南",
        "法律问答",
        "以案说法",
        "普法课与讲座",
    ]
    assert len(page.select(".shelf h3")) == 4
    assert page.select_one("a[href='/topics/lihun/']")
    assert "工资" not in page.select_one("main").get_text()


def test_a_full_shelf_leads_to_the_narrowed_list(client: Client, make_page: Any) -> None:
    for number in range(13):
        make_page(title=f"第{number}篇", topics=("离婚",))
    for url, query in (("/life/marriage/", "life=marriage"), ("/topics/lihun/", "topic=lihun")):
        page = BeautifulSoup(client.get(url).content, "html.parser")
        assert len(page.select(".shelf h3")) == 12
        assert page.select_one(".section__more")["href"] == f"/guides/?{query}"


@pytest.mark.parametrize("url", ["/life/moon/", "/topics/nothing/"])
def test_what_is_not_there_is_not_found(client: Client, sections: Sections, url: str) -> None:
    assert client.get(url).status_code == 404


def test_a_life_event_without_pages_offers_people_to_ask(client: Client, sections: Sections) -> None:
    page = BeautifulSoup(client.get("/life/traffic/").content, "html.parser")
    assert "12348" in page.select_one(".empty").get_text()


def test_all_life_events_and_topics_are_listed_with_their_numbers(client: Client, guides: None) -> None:
    events = BeautifulSoup(client.get("/life/").content, "html.parser")
    marriage = events.select_one("a[href='/life/marriage/']").find_parent("article")
    assert "2 篇" in marriage.get_text()
    assert len(events.select("main article")) == 14
    topics = BeautifulSoup(client.get("/topics/").content, "html.parser")
    assert re.sub(r"\s", "", topics.select_one("a[href='/topics/lihun/']").get_text()) == "离婚2"
    Topic.objects.create(name="没人用")
    assert "没人用" not in client.get("/topics/?again").content.decode()


@pytest.mark.parametrize("url", ["/life/marriage/", "/topics/lihun/", "/life/", "/topics/"])
def test_gathering_pages_take_the_same_queries_for_few_and_many(
    client: Client, make_page: Any, url: str, django_assert_max_num_queries: Any
) -> None:
    measured = []
    for number in range(3):
        for kind in ("guide", "question", "story", "lesson"):
            make_page(kind, title=f"第{number}篇", topics=("离婚", f"主题{number}"))
        if number in (0, 2):
            client.get(url)
            with django_assert_max_num_queries(20) as captured:
                client.get(url)
            measured.append(len(captured))
    assert measured[0] == measured[1]
