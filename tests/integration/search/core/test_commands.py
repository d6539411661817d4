"""The commands that look after the index and measure it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from search import outbox
from search.checks import check_index
from search.documents import Document
from search.engines.embedded.generations import ABOUT, POINTER
from search.models import OutboxEntry

from .conftest import build, found

pytestmark = pytest.mark.django_db


def run(command: str, *arguments: str, **options) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


# --- rebuild_search, deliver_search, search_status -------------------------------------------------------------


def test_rebuild_says_what_is_in_the_index(unbuilt, words, add_word):
    word = add_word("房东")
    assert "Indexed 1 word in" in run("rebuild_search")
    assert found(unbuilt, "房东") == {f"word:{word.pk}"}


def test_rebuild_fails_when_documents_are_missing(unbuilt, words, add_word):
    add_word("坏词")
    add_word("好词")
    with pytest.raises(CommandError, match="1 documents"):
        run("rebuild_search", verbosity=0)
    assert len(found(unbuilt, "好词")) == 1


def test_rebuild_refuses_to_run_twice_at_once(engine, words):
    with engine.rebuilding(), pytest.raises(CommandError, match="another process"):
        run("rebuild_search")


def test_deliver_brings_what_waits(engine, words, add_word):
    outbox.record("word", [add_word(f"词{number}").pk for number in range(3)])
    assert "3 delivered, 0 failed" in run("deliver_search")
    assert len(found(engine, "词")) == 3
    assert "0 delivered" in run("deliver_search")


def test_deliver_tells_what_fails_and_tries_again_when_asked(engine, words, add_word):
    broken = add_word("坏词")
    outbox.record("word", [broken.pk])
    for _ in range(outbox.MAX_ATTEMPTS):
        assert "1 failed" in run("deliver_search")
    assert "0 delivered, 0 failed" in run("deliver_search")
    assert "1 failed" in run("deliver_search", "--retry")
    broken.words = "好词"
    broken.save()
    assert "1 delivered" in run("deliver_search", "--retry")


def test_deliver_without_an_index_says_what_to_do(unbuilt, words, add_word):
    outbox.record("word", [add_word("房东").pk])
    with pytest.raises(CommandError, match="rebuild_search"):
        run("deliver_search")


def test_status_of_an_index_in_use(engine, words, add_word):
    outbox.record("word", [add_word("房东").pk, add_word("坏词").pk])
    outbox.deliver()
    told = run("search_status")
    assert "1 word" in told
    assert "1 waiting" in told
    assert "cannot be made" in told
    state = json.loads(run("search_status", "--json"))
    assert (state["available"], state["documents"], state["waiting"]) == (True, 1, 1)


def test_status_fails_where_nothing_can_be_searched(unbuilt, words):
    with pytest.raises(CommandError, match="rebuild_search"):
        run("search_status")


def test_an_index_that_cannot_be_used_is_warned_of(engine):
    assert check_index() == []
    pointed = engine.root / (engine.root / POINTER).read_text()
    (pointed / ABOUT).unlink()
    fresh = type(engine)(engine.root)
    engine.generations = fresh.generations
    (warning,) = check_index()
    assert warning.id == "search.W001"
    assert "rebuild_search" in warning.msg


def test_an_index_that_is_not_there_yet_is_not_warned_of(unbuilt):
    assert check_index() == []


# --- evaluate_search -------------------------------------------------------------------------------------------


@pytest.fixture
def questions(unbuilt, monkeypatch, tmp_path, words):
    """Three articles in the index and two questions about them."""
    words.name = "article"
    monkeypatch.setattr("search.documents._sources", {"article": words})
    words.locate = lambda references: [{"第一条": 1, "第二条": 2}.get(each["article"]) for each in references]
    bodies = {1: "出租人应当退还押金。", 2: "夫妻共同财产依法分割。", 3: "押金由双方约定。"}
    build(
        unbuilt,
        [
            Document(key=f"article:{n}", kind="article", title=f"第{n}条", url=f"/{n}/", body=body)
            for n, body in bodies.items()
        ],
    )
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join([asked("出租人不退押金", "第一条"), asked("夫妻财产怎么分", "第二条", "第九条")]))
    return path


def asked(text: str, *articles: str) -> str:
    references = [{"file": "a.md", "law": "民法典", "article": article} for article in articles]
    return json.dumps({"id": 1, "question": text, "articles": references}, ensure_ascii=False)


def test_evaluation_measures_what_residents_get(questions, tmp_path):
    out = tmp_path / "figures.json"
    told = run("evaluate_search", str(questions), "--json", str(out), verbosity=0)
    figures = json.loads(out.read_text())
    assert set(figures) == {
        "mrr@10", "recall@10", "recall@30", "recall@100", "ndcg@10", "ms_mean", "ms_p95", "questions",
    }  # fmt: skip
    assert figures["questions"] == 2
    assert figures["mrr@10"] == 1.0
    # One of three answers is not there, and counts as not found.
    assert figures["recall@10"] == 0.75
    assert 0 < figures["ms_mean"] <= figures["ms_p95"] or figures["ms_mean"] > 0
    assert "mrr@10" in told
    assert "1.0000" in told


def test_evaluation_tells_of_answers_that_are_not_there(questions, capsys):
    errors = StringIO()
    call_command("evaluate_search", str(questions), stdout=StringIO(), stderr=errors, verbosity=0)
    assert "1 of 3 answers" in errors.getvalue()


def test_of_several_pages_that_answer_one_is_enough(questions, words, tmp_path):
    words.answers = True
    words.locate = lambda references: [{"a": 1, "b": 3}.get(each["slug"]) for each in references]
    path, out = tmp_path / "pages.jsonl", tmp_path / "figures.json"
    lines = [{"question": "不退押金", "guide": "b", "also": ["a"]}, {"question": "押金", "guide": "nowhere"}]
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    run("evaluate_search", str(path), "--guides", "--json", str(out), verbosity=0)
    figures = json.loads(out.read_text())
    assert (figures["recall@1"], figures["recall@3"], figures["mrr@10"]) == (0.5, 0.5, 0.5)


def test_evaluation_at_other_depths(questions, tmp_path):
    out = tmp_path / "figures.json"
    run("evaluate_search", str(questions), "--k", "1,5", "--json", str(out), "--engine", "embedded", verbosity=0)
    assert {"recall@1", "recall@5"} <= set(json.loads(out.read_text()))


def test_traditional_questions_score_the_same(questions, tmp_path):
    figures = []
    for options in ((), ("--traditional",)):
        out = tmp_path / "figures.json"
        run("evaluate_search", str(questions), "--json", str(out), *options, verbosity=0)
        figures.append({name: value for name, value in json.loads(out.read_text()).items() if "ms" not in name})
    assert figures[0] == figures[1]


@pytest.mark.parametrize("depths", ["0", "x", "", "10,-1", "9999999"])
def test_depths_that_make_no_sense_are_refused(questions, depths):
    with pytest.raises(CommandError):
        run("evaluate_search", str(questions), "--k", depths)


def test_a_bad_line_is_told_by_its_number(questions, tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text(asked("问", "第一条") + "\n{")
    with pytest.raises(CommandError, match="line 2"):
        run("evaluate_search", str(path))


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_a_file_without_questions_is_told(questions, tmp_path, content):
    path = tmp_path / "empty.jsonl"
    path.write_text(content)
    with pytest.raises(CommandError, match="no question"):
        run("evaluate_search", str(path))


def test_a_file_that_is_not_there_is_told(questions, tmp_path):
    with pytest.raises(CommandError, match=r"nothing\.jsonl"):
        run("evaluate_search", str(tmp_path / "nothing.jsonl"))


def test_evaluation_writes_nothing(questions):
    run("evaluate_search", str(questions), verbosity=0)
    assert OutboxEntry.objects.count() == 0
