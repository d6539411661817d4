"""encode_search and search_status."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from search.evaluation import Judged
from search.management.commands import learn_projection
from search.queries import search
from search.semantic.projection import Projection

from .conftest import DOCUMENTS

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def test_encode_search_encodes_what_lacks_a_vector(encoder, build, monkeypatch):
    monkeypatch.setattr("search.semantic.encoding.BACKGROUND_LIMIT", 0)
    build(*DOCUMENTS)
    assert "4 documents encoded; 4 of 4 have vectors." in run("encode_search")
    assert "article:1" in search("狗咬了娃").keys
    encoder.seen.clear()
    assert run("encode_search").startswith("0 documents encoded")
    assert encoder.seen == []


def test_encode_search_finds_what_no_delivery_told(encoder, build):
    build(*DOCUMENTS)
    from search.engines import get_engine

    with get_engine().writing() as writer:
        writer.delete("article:1")
    assert "3 of 3" in run("encode_search")


def test_encode_search_says_what_is_missing(build, settings, tmp_path):
    settings.SEARCH_SEMANTIC_MODEL = tmp_path / "nothing"
    build(*DOCUMENTS)
    with pytest.raises(CommandError, match="make semantic"):
        run("encode_search")


def test_search_status_tells_of_the_vectors(index):
    assert "4 of 4 documents have vectors" in run("search_status")
    assert json.loads(run("search_status", "--json"))["semantic"]["encoded"] == 4


def test_search_status_tells_that_there_is_no_model(build, settings, tmp_path):
    settings.SEARCH_SEMANTIC_MODEL = tmp_path / "nothing"
    build(*DOCUMENTS)
    assert "make semantic" in run("search_status")
    assert json.loads(run("search_status", "--json"))["semantic"]["available"] is False


@pytest.fixture
def judged(monkeypatch, settings, tmp_path):
    """Questions whose answers are among the documents; what is learned of them goes to a file of the test's own."""
    settings.SEARCH_SEMANTIC_PROJECTION = tmp_path / "projection.npz"
    questions = [Judged("狗咬了娃", frozenset({"article:1"})), Judged("房东不还押金", frozenset({"article:2"}))]
    monkeypatch.setattr(learn_projection, "read_questions", lambda path: [])
    monkeypatch.setattr(learn_projection, "judge", lambda read, source: questions)
    monkeypatch.setattr(learn_projection, "sources", lambda: {"article": None})
    return questions


def test_a_projection_is_measured_on_what_did_not_teach_it_and_kept_when_told_to(index, encoder, judged, settings):
    told = run("learn_projection", "questions.jsonl", "--folds", "2")
    assert "questions in parts of 1, 1" in told
    assert "corrected: mrr@10" in told
    assert not settings.SEARCH_SEMANTIC_PROJECTION.exists()
    assert "written to" in run("learn_projection", "questions.jsonl", "--folds", "2", "--write")
    assert Projection.load(settings.SEARCH_SEMANTIC_PROJECTION).model == encoder.fingerprint


def test_without_a_model_nothing_is_learned(build, judged, settings, tmp_path):
    settings.SEARCH_SEMANTIC_MODEL = tmp_path / "nothing"
    build(*DOCUMENTS)
    with pytest.raises(CommandError, match="make semantic"):
        run("learn_projection", "questions.jsonl")
