"""What is sent to a cluster: bounded, and no more than the page needs."""

import pytest

from search.engines.base import Request, Term
from search.engines.elasticsearch.requests import MAX_TERMS, search_body


@pytest.mark.parametrize(
    ("limit", "offset", "gathered"),
    [(5, 0, 50), (10, 0, 50), (10, 40, 50), (30, 0, 150), (500, 0, 1000), (10, 50, 1000), (500, 600, 10_000)],
)
def test_as_many_are_gathered_as_the_page_needs(limit, offset, gathered):
    request = Request(terms=(Term("离婚"),), limit=limit, offset=offset)
    assert search_body(request)["rescore"]["window_size"] == gathered


def test_pages_of_one_list_are_put_in_order_from_the_same_documents():
    windows = {
        search_body(Request(terms=(Term("离婚"),), limit=10, offset=page * 10))["rescore"]["window_size"]
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
