"""The figures of an evaluation, and the questions that it reads."""

import json

import pytest

from search import evaluation
from search.evaluation import (
    Judged,
    Question,
    QuestionError,
    judge,
    judge_pages,
    percentile,
    read_questions,
    score,
)

REFERENCE = {"file": "a.md", "law": "甲法", "article": "第一条"}


def test_a_first_answer_at_rank_two():
    mrr, recalls, ndcg = score([2], 1, [1, 2, 10])
    assert mrr == 0.5
    assert recalls == [0, 1, 1]
    assert ndcg == pytest.approx(0.6309, abs=1e-4)


def test_answers_that_are_not_found_count_in_recall_and_ndcg():
    mrr, recalls, ndcg = score([1, 30], 4, [10, 30])
    assert (mrr, recalls) == (1, [0.25, 0.5])
    assert ndcg == pytest.approx(1 / (1 + 1 / 1.5849625 + 0.5 + 1 / 2.3219281), abs=1e-6)


def test_a_first_answer_below_the_top_ten_has_no_reciprocal_rank():
    assert score([11], 1, [10, 30]) == (0, [0, 1], 0)


def test_percentile():
    assert percentile(range(100), 0.95) == 95
    assert percentile([7.0], 0.95) == 7.0


def write(path, *lines):
    path.write_bytes(b"\n".join(lines))
    return path


def test_questions_are_read_line_by_line(tmp_path):
    line = json.dumps({"id": 1, "question": "问", "articles": [REFERENCE]}, ensure_ascii=False).encode()
    assert list(read_questions(write(tmp_path / "q.jsonl", line, b"", line))) == [
        Question(1, "问", (REFERENCE,)),
        Question(3, "问", (REFERENCE,)),
    ]


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b'"text"',
        b'{"question": "x"}',
        b'{"question": "", "articles": [{"file": "a", "law": "b", "article": "c"}]}',
        b'{"question": 5, "articles": [{"file": "a", "law": "b", "article": "c"}]}',
        b'{"question": "x", "articles": []}',
        b'{"question": "x", "articles": ["a"]}',
        b'{"question": "x", "articles": [{"file": "a"}]}',
        b'{"question": "\xff"}',
    ],
)
def test_a_bad_line_is_told_by_its_number(tmp_path, line):
    with pytest.raises(QuestionError, match="line 2:"):
        list(read_questions(write(tmp_path / "q.jsonl", b"", line)))


class _Source:
    def locate(self, references):
        return [7 if reference["article"] == "第一条" else None for reference in references]

    def key(self, pk):
        return f"article:{pk}"


def test_answers_that_are_nowhere_count_as_missing():
    questions = [Question(1, "问", (REFERENCE, REFERENCE | {"article": "第九条"})), Question(2, "答", (REFERENCE,))]
    judged = judge(questions, _Source())
    assert judged == [Judged("问", frozenset({"article:7"}), 1), Judged("答", frozenset({"article:7"}))]
    assert judged[0].answers == 2


def test_questions_that_pages_answer_name_them_by_their_addresses(tmp_path):
    line = json.dumps({"question": "问", "guide": "a", "also": ["b"]}, ensure_ascii=False).encode()
    (question,) = read_questions(write(tmp_path / "q.jsonl", line), of_pages=True)
    assert question == Question(1, "问", ({"slug": "a"}, {"slug": "b"}))


@pytest.mark.parametrize(
    "line", [b'{"question": "x"}', b'{"question": "x", "guide": ""}', b'{"question": "x", "guide": 5}']
)
def test_a_bad_line_about_pages_is_told_by_its_number(tmp_path, line):
    with pytest.raises(QuestionError, match="line 1:"):
        list(read_questions(write(tmp_path / "q.jsonl", line), of_pages=True))


class _Pages:
    def __init__(self, name, slugs, answers=True):
        self.name, self.slugs, self.answers = name, slugs, answers

    def locate(self, references):
        return [self.slugs.get(reference["slug"]) for reference in references]

    def key(self, pk):
        return f"{self.name}:{pk}"


def test_pages_are_found_among_all_kinds_that_answer(monkeypatch):
    known = {
        "g": _Pages("guide", {"a": 1}),
        "q": _Pages("question", {"b": 2}),
        "s": _Pages("story", {"a": 3}, answers=False),
    }
    monkeypatch.setattr(evaluation, "sources", lambda: known)
    asked = [Question(1, "问", ({"slug": "a"}, {"slug": "b"})), Question(2, "答", ({"slug": "c"},))]
    assert judge_pages(asked) == [Judged("问", frozenset({"guide:1", "question:2"})), Judged("答", frozenset(), 1)]
