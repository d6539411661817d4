"""Scraped essays, two of them in traditional characters with many characters written twice, found in plain Chinese."""

import re
from pathlib import Path

import opencc
import pytest
from django.test import TestCase

from search import queries
from search.analysis import terms
from search.passages import best_passage
from tests.conftest import missing, shared_data

pytestmark = [pytest.mark.django_db, pytest.mark.laws]

LENGTH, EVERY = 10, 8
"""Characters of each phrase that is searched; of the stretches that are so long, every eighth is."""


@pytest.fixture
def essays(engine, make_page) -> dict[str, tuple[str, str]]:
    """The key and the text of each essay, published as a guide."""
    folder: Path = shared_data() / "articles"
    if not folder.is_dir():
        missing("the essays are not beside the checkout")
    published = {}
    for path in sorted(folder.glob("*.txt")):
        title, _, text = path.read_text(encoding="utf-8").strip().partition("\n")
        body = [("text", f"<p>{line}</p>") for line in text.splitlines() if line.strip()]
        slug = path.stem.replace("_", "-")
        with TestCase.captureOnCommitCallbacks(execute=True):
            page = make_page(title=title.strip("| ")[:150] or slug, body=body, slug=slug, summary="一篇文章。")
        published[slug[:3]] = (f"guide:{page.pk}", text)
    return published


def as_a_resident_types_it(text: str) -> str:
    """Simplified, without the sounds in brackets: made here by other means than the search's."""
    return opencc.OpenCC("t2s").convert(re.sub(r"\([a-zà-ǜ]{1,6}\)", "", text))


def phrases(text: str) -> list[str]:
    """Stretches of Chinese from all over a text."""
    runs = re.findall(rf"[一-鿿]{{{LENGTH},}}", as_a_resident_types_it(text))
    return [run[:LENGTH] for run in runs[::EVERY]]


def test_every_essay_is_found_by_phrases_from_inside_it(essays):
    asked = 0
    for key, text in essays.values():
        for phrase in phrases(text):
            # Word by word another essay on the same subject may stand before it; as a phrase nothing else is found.
            assert key in queries.search(phrase, by_meaning=False).keys, phrase
            holding = {other for other, text in essays.values() if phrase in as_a_resident_types_it(text)}
            assert set(queries.search(f'"{phrase}"', by_meaning=False).keys) == holding, phrase
            asked += 1
    assert asked > 30


@pytest.mark.parametrize(
    ("essay", "asked", "marked"),
    [
        ("003", "服务人口超过", "服務(wù)人口超過"),
        ("003", "基层治理体系", "基層治理體系"),
        ("003", "适应性重构", "適應(yīng)性重構(gòu)"),
    ],
)
def test_what_is_marked_stands_as_it_was_written(essays, engine, essay, asked, marked):
    key, _ = essays[essay]
    assert key in queries.search(f'"{asked}"', by_meaning=False).keys
    passage = best_passage([engine.documents([key])[key].body], dict.fromkeys(terms(asked), 1.0))
    assert marked in [segment.text for segment in passage if segment.matched]


def test_a_traditional_query_finds_a_simplified_text(essays):
    key, text = essays["000"]
    phrase = opencc.OpenCC("s2tw").convert(phrases(text)[0])
    assert queries.search(f'"{phrase}"', by_meaning=False).keys == (key,)
