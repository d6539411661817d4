"""What the search refuses before anybody searches."""

from home.models import HomePage
from knowledge.guides.models import GuidePage
from search import checks


def test_every_type_of_page_says_whether_it_is_searchable():
    assert checks.check_page_types() == []


def test_a_type_that_says_nothing_is_refused_with_what_to_do(monkeypatch):
    monkeypatch.setattr(checks, "get_page_models", lambda: [GuidePage, HomePage])
    monkeypatch.delattr(HomePage, "searchable")
    (error,) = checks.check_page_types()
    assert (error.id, error.obj) == ("search.E001", HomePage)
    assert "search_documents.py" in error.hint
