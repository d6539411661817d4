"""How well the search answers questions whose answers are known.

The questions are lines of JSON, `{"id", "question", "articles": [{"file", "law", "article"}]}`; a source finds the row
that a reference names. They run through `search.queries.search`, as a resident's do.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

from .documents import Source, sources
from .engines.base import Engine
from .queries import search
from .results import Filters

TOP = 10
"""How many results MRR and NDCG look at: the first screens."""


class QuestionError(Exception):
    """A line of the file is not a question with its answers; says which line, and why."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what is known to answer it."""

    line: int
    text: str
    references: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with the keys of its answers; `missing` of them are not in the database, and cannot be found."""

    text: str
    keys: frozenset[str]
    missing: int = 0

    @property
    def answers(self) -> int:
        """How many answers there are, those included that cannot be found."""
        return len(self.keys) + self.missing


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over all questions; recall by the number of results looked at; milliseconds."""

    questions: int
    mrr: float
    recall: dict[int, float]
    ndcg: float
    ms_mean: float
    ms_p95: float

    def as_dict(self) -> dict[str, float | int]:
        """By the names that the results are compared under."""
        return {
            f"mrr@{TOP}": self.mrr,
            **{f"recall@{k}": value for k, value in self.recall.items()},
            f"ndcg@{TOP}": self.ndcg,
            "ms_mean": self.ms_mean,
            "ms_p95": self.ms_p95,
            "questions": self.questions,
        }


def merged(parts: Sequence[Figures]) -> Figures:
    """The figures of all questions from those of their parts; the 95th percentile is that of the slowest part."""

    def mean(values: Iterable[float]) -> float:
        return sum(value * part.questions for value, part in zip(values, parts, strict=True)) / total

    total = sum(part.questions for part in parts)
    return Figures(
        questions=total,
        mrr=mean(part.mrr for part in parts),
        recall={depth: mean(part.recall[depth] for part in parts) for depth in parts[0].recall},
        ndcg=mean(part.ndcg for part in parts),
        ms_mean=mean(part.ms_mean for part in parts),
        ms_p95=max(part.ms_p95 for part in parts),
    )


def read_questions(path: Path, *, of_pages: bool = False) -> Iterator[Question]:
    """The questions of a file, to be answered by articles or by pages; blank lines are skipped.

    Raises QuestionError on a line that is none, OSError.
    """
    references = _pages if of_pages else _articles
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield _question(number, line, references)


def judge(questions: Sequence[Question], source: Source) -> list[Judged]:
    """Find the rows that answer the questions."""
    found = iter(source.locate([reference for question in questions for reference in question.references]))
    judged = []
    for question in questions:
        pks = [next(found) for _ in question.references]
        keys = frozenset(source.key(pk) for pk in pks if pk is not None)
        judged.append(Judged(question.text, keys, pks.count(None)))
    return judged


def judge_pages(questions: Sequence[Question]) -> list[Judged]:
    """Find the pages that answer the questions: of every kind that answers in plain words."""
    references = [reference for question in questions for reference in question.references]
    found = {source: iter(source.locate(references)) for source in sources().values() if source.answers}
    judged = []
    for question in questions:
        keys: set[str] = set()
        missing = 0
        for _ in question.references:
            pks = {source: next(located) for source, located in found.items()}
            there = {source.key(pk) for source, pk in pks.items() if pk is not None}
            keys, missing = keys | there, missing + (not there)
        judged.append(Judged(question.text, frozenset(keys), missing))
    return judged


def evaluate(
    questions: Sequence[Judged],
    *,
    kind: str = "",
    depths: Sequence[int],
    engine: Engine | None = None,
    by_meaning: bool = True,
    any_of: bool = False,
    progress: Callable[[Iterable[Judged]], Iterable[Judged]] = iter,
) -> Figures:
    """Ask every question and compare what was found with what answers it. Raises SearchUnavailable.

    Among documents of one kind, or of all. With `any_of` whatever answers first is enough, and recall is the part of
    the questions for which it is there. The time is that of the first page, as a resident waits for it: hits,
    passages, counts and all.
    """
    filters = Filters(kinds=(kind,) if kind else ())
    rows: list[Score] = []
    times: list[float] = []
    for question in progress(questions):
        started = time.perf_counter()
        results = search(question.text, filters=filters, engine=engine, by_meaning=by_meaning)
        times.append((time.perf_counter() - started) * 1000)
        ranks = [rank for rank, key in enumerate(results.keys, start=1) if key in question.keys]
        rows.append(score(ranks[:1], 1, depths) if any_of else score(ranks, question.answers, depths))
    return figures(rows, times, depths)


Score = tuple[float, list[float], float]
"""Reciprocal rank, recall at each depth and NDCG of one question."""


def figures(rows: Sequence[Score], times: Sequence[float], depths: Sequence[int]) -> Figures:
    """The means over all questions, from the scores and the milliseconds of each."""
    recalls = zip(*(recall for _, recall, _ in rows), strict=True)
    return Figures(
        questions=len(rows),
        mrr=statistics.fmean(mrr for mrr, _, _ in rows),
        recall=dict(zip(depths, map(statistics.fmean, recalls), strict=True)),
        ndcg=statistics.fmean(ndcg for _, _, ndcg in rows),
        ms_mean=statistics.fmean(times),
        ms_p95=percentile(times, 0.95),
    )


def percentile(values: Sequence[float], part: float) -> float:
    """The value that this part of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def score(ranks: Sequence[int], answers: int, depths: Sequence[int]) -> Score:
    """The score of one question; `ranks` are those of its answers that were found, from 1."""
    first = next((rank for rank in ranks if rank <= TOP), None)
    recalls = [sum(rank <= depth for rank in ranks) / answers for depth in depths]
    gain = sum(1 / log2(rank + 1) for rank in ranks if rank <= TOP)
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(answers, TOP) + 1))
    return (1 / first if first else 0.0), recalls, gain / ideal


References = Callable[[Any], "list[dict[str, str]] | None"]


def _question(number: int, line: bytes, references: References) -> Question:
    try:
        value = json.loads(line)
        text, named = value["question"], references(value)
    except UnicodeDecodeError as error:
        raise QuestionError(f"line {number}: not UTF-8 ({error.reason})") from error
    except json.JSONDecodeError as error:
        raise QuestionError(f"line {number}: not JSON ({error.msg}, column {error.colno})") from error
    except (KeyError, TypeError) as error:
        raise QuestionError(f"line {number}: a question needs “question” and its answers ({error!r})") from error
    if not isinstance(text, str) or not text.strip():
        raise QuestionError(f"line {number}: “question” must be a text")
    if not named:
        raise QuestionError(
            f"line {number}: “articles” must be a list of at least one {{file, law, article}}, or “guide” a slug"
        )
    return Question(number, text, tuple(named))


def _articles(value: Any) -> list[dict[str, str]] | None:
    """The articles that answer; None where one is not named as it must be."""
    found = value["articles"]
    names = ("file", "law", "article")
    well = isinstance(found, list) and all(
        isinstance(one, dict) and all(isinstance(one.get(name), str) for name in names) for one in found
    )
    return found if well else None


def _pages(value: Any) -> list[dict[str, str]] | None:
    """The page that answers, and those that do as well, by the last part of their addresses."""
    slugs = [value["guide"], *value.get("also", ())]
    return [{"slug": slug} for slug in slugs] if all(isinstance(slug, str) and slug for slug in slugs) else None
