"""The search as it stands in an address."""

from datetime import date
from urllib.parse import parse_qsl

import pytest
from django.http import QueryDict

from search import documents
from search.documents import Facet
from search.forms import MAX_VALUES, SearchForm
from search.panels import chips, clear_url, groups, sorts
from search.results import FacetValue, Results


def form(address):
    return SearchForm(QueryDict(address))


@pytest.fixture(autouse=True)
def facets(monkeypatch):
    labels = {"wages": "打工工资", "marriage": "婚姻家庭"}
    facet = Facet(labels=lambda: labels, url=lambda value: f"/life/{value}/")
    monkeypatch.setattr(documents, "_facets", {"life_events": facet})


def test_parts():
    one = form(
        "q= 离婚　协议 &kind=guide&kind=article&kind=guide&topic=彩礼"
        "&since=2020-01-02&until=2021年3月4日&page=3&sort=newest"
    )
    assert one.text == "离婚 协议"
    assert one.filters.kinds == ("guide", "article")
    assert one.filters.topics == ("彩礼",)
    assert (one.filters.since, one.filters.until) == (date(2020, 1, 2), date(2021, 3, 4))
    assert (one.page_number, one.sort_order) == (3, "newest")
    assert one.ignored == []


def test_nothing():
    one = form("")
    assert (one.text, one.page_number, one.sort_order, bool(one.filters)) == ("", 1, "relevance", False)
    assert form("q=&kind=&since=&page=&sort=").ignored == []


def test_the_address_has_what_counts_and_nothing_else():
    one = form("q=离婚&kind=guide&kind=nothing&sort=relevance&page=7&utm=1&since=x")
    assert one.pairs() == [("q", "离婚"), ("kind", "guide")]
    assert parse_qsl(one.address(plus=[("topic", "彩礼&x")])[1:]) == [
        ("q", "离婚"),
        ("kind", "guide"),
        ("topic", "彩礼&x"),
    ]
    assert parse_qsl(one.address(without=[("kind", "guide")])[1:]) == [("q", "离婚")]
    assert one.address(plus=[("kind", "guide")]) == one.address()


def test_values_are_bounded():
    one = form("q=x&" + "&".join(f"topic=t{number}" for number in range(99)) + "&law=" + "长" * 500)
    assert len(one.filters.topics) == MAX_VALUES
    assert len(one.filters.laws[0]) == 100
    assert len(form("q=" + "离" * 1000).text) == 201


def test_swapped_dates_are_put_right_and_said():
    one = form("q=x&since=2022-01-01&until=2020-01-01")
    assert (one.filters.since, one.filters.until) == (date(2020, 1, 1), date(2022, 1, 1))
    assert len(one.ignored) == 1


def test_the_panel_shows_labels_counts_and_the_way_there_and_back():
    one = form("q=离婚&life_event=wages")
    results = Results(
        text="离婚",
        facets={
            "life_events": [FacetValue("marriage", 7), FacetValue("wages", 0, selected=True), FacetValue("odd", 0)],
            "topics": [FacetValue("彩礼", 2)],
        },
    )
    (panel,) = groups(one, results)
    assert [(choice.label, choice.count, choice.selected) for choice in panel.choices] == [
        ("打工工资", 0, True),
        ("婚姻家庭", 7, False),
    ]
    assert parse_qsl(panel.choices[0].url[1:]) == [("q", "离婚")]
    assert parse_qsl(panel.choices[1].url[1:]) == [("q", "离婚"), ("life_event", "wages"), ("life_event", "marriage")]
    assert [chip.label for chip in chips(one)] == ["打工工资"]
    assert parse_qsl(clear_url(one)[1:]) == [("q", "离婚")]
    assert clear_url(form("q=离婚")) == ""


def test_topics_are_the_most_frequent_and_the_chosen():
    counted = [FacetValue(f"主题{number:02}", 50 - number) for number in range(40)]
    one = form("q=x&topic=主题39")
    (panel,) = groups(one, Results(text="x", facets={"topics": counted}))
    assert [choice.label for choice in panel.choices] == [*(f"主题{number:02}" for number in range(10)), "主题39"]


def test_laws_are_only_shown_when_chosen():
    counted = [FacetValue("minfadian", 9), FacetValue("xingfa", 3)]
    assert groups(form("q=x"), Results(text="x", facets={"laws": counted})) == []
    (panel,) = groups(form("q=x&law=xingfa"), Results(text="x", facets={"laws": counted}))
    assert [choice.label for choice in panel.choices] == ["xingfa"]


def test_sorting_keeps_the_rest():
    relevance, newest = sorts(form("q=x&kind=guide&sort=newest"))
    assert (relevance.current, newest.current) == (False, True)
    assert parse_qsl(relevance.url[1:]) == [("q", "x"), ("kind", "guide")]
