"""What is sent to a cluster: bounded, and no more than the page needs."""

import pytest

from search.engines.base import Request, Term
from search.engines.elasticsearch.requests import MAX_TERMS, search_body


@pytest.mark.parametrize(
    ("limit", "offset", "gathered"),
    [
        (5, 0, 300),
        (10, 0, 300),
        (10, 290, 300),
        (100, 0, 800),
        (500, 0, 4000),
        (10, 300, 4000),
        (500, 3600, 10_000),
    ],
)
def test_as_many_are_gathered_as_the_page_needs(limit, offset, gathered):
    request = Request(terms=(Term("离婚"),), limit=limit, offset=offset)
    assert [step["window_size"] for step in search_body(request)["rescore"]] == [gathered]


def test_pages_of_one_list_are_put_in_order_from_the_same_documents():
    windows = {
        search_body(Request(terms=(Term("离婚"),), limit=10, offset=page * 10))["rescore"][0]["window_size"]
        for page in range(5)
    }
    assert len(windows) == 1


def test_of_a_long_query_the_heaviest_terms_are_asked_for_and_no_cluster_refuses_it():
    terms = tuple(Term(f"词{number}", weight=1 + number) for number in range(MAX_TERMS + 50))
    must = search_body(Request(terms=terms))["query"]["bool"]["must"]
    clauses = [clause["term"] for clause in must[0]["bool"]["should"]]
    assert len(clauses) < 1024
    asked = {field["value"] for clause in clauses for field in clause.values()}
    assert asked == {f"词{number}" for number in range(50, MAX_TERMS + 50)}


def values(clauses):
    """What is asked for, in whichever field."""
    return {field["value"] for clause in clauses["bool"]["should"] for field in clause["term"].values()}


def test_lone_characters_put_in_order_what_the_others_find():
    request = Request(terms=(Term("离婚"), Term("离"), Term("婚"), Term("财产", 0.5)), needed=("离婚", "财产"))
    body = search_body(request)
    assert values(body["query"]["bool"]["must"][0]) == {"离婚", "财产"}
    assert "filter" not in body["query"]["bool"]
    ordering, prior = body["rescore"]
    assert values(ordering["query"]["rescore_query"]) == {"离", "婚"}
    assert (ordering["query"]["score_mode"], prior["query"]["score_mode"]) == ("total", "multiply")
    assert ordering["window_size"] == prior["window_size"]


@pytest.mark.parametrize("needed", [("离婚", "财产"), ("离婚", "离"), ()])
def test_where_every_term_finds_or_another_is_needed_all_of_them_are_looked_for(needed):
    request = Request(terms=(Term("离婚"), Term("离")), needed=needed)
    body = search_body(request)
    assert values(body["query"]["bool"]["must"][0]) == {"离婚", "离"}
    assert len(body["rescore"]) == 1
    assert ("filter" in body["query"]["bool"]) == ("财产" in needed)
