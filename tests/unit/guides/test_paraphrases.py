"""The residents' own words for what the sample guides answer.

`tests/data/paraphrases.jsonl` holds one question a line, with the slug of the page that answers it ("guide") and
of the pages that answer it as well ("also"). The lines were written from the pages alone, without the search, its
word lists or its results, so that what is measured on them was not tuned by them. Keep it so when adding a line.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from knowledge.guides.actions import SAMPLE_FOLDER
from knowledge.guides.importers import Sample, read_samples

PARAPHRASES = Path(__file__).parents[2] / "data" / "paraphrases.jsonl"

_NOT_WORDS = re.compile(r"[\W_]+")


def bare(text: str) -> str:
    """A question without punctuation and spaces: two that differ by these alone are the same."""
    return _NOT_WORDS.sub("", text)


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in PARAPHRASES.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def pages() -> dict[str, Sample]:
    """The sample guides and questions by slug, which is unique across the two kinds."""
    problems: list[str] = []
    found = [sample for sample in read_samples(SAMPLE_FOLDER, problems) if sample.kind in {"guide", "question"}]
    assert problems == []
    by_slug = {sample.slug: sample for sample in found}
    assert len(by_slug) == len(found)
    return by_slug


def test_each_line_is_a_question_and_its_answers(lines: list[dict[str, Any]], pages: dict[str, Sample]) -> None:
    assert len(lines) >= 150
    for line in lines:
        assert set(line) == {"question", "guide", "also"}
        assert line["question"] == line["question"].strip() != ""
        slugs = [line["guide"], *line["also"]]
        assert len(slugs) == len(set(slugs)), line
        assert set(slugs) <= pages.keys(), line


def test_no_question_is_asked_twice(lines: list[dict[str, Any]]) -> None:
    assert len({bare(line["question"]) for line in lines}) == len(lines)


def test_every_guide_and_many_questions_are_asked_for(lines: list[dict[str, Any]], pages: dict[str, Sample]) -> None:
    asked = [line["guide"] for line in lines]
    rarely = [slug for slug, page in pages.items() if page.kind == "guide" and asked.count(slug) < 2]
    assert rarely == []
    assert sum(pages[slug].kind == "question" for slug in set(asked)) >= 30


def test_no_question_repeats_a_page(lines: list[dict[str, Any]], pages: dict[str, Sample]) -> None:
    """A title or a question that a page lists itself would be found by its letters, whatever the search is worth."""
    written = {bare(text) for page in pages.values() for text in (page.data["title"], *page.data["also_asked"])}
    assert [line["question"] for line in lines if bare(line["question"]) in written] == []
