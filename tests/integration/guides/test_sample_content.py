"""The content that comes with the project, against the real statute texts."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from knowledge.covenants import actions as covenant_actions
from knowledge.covenants.actions import samples as covenant_samples
from knowledge.covenants.models import CovenantPage
from knowledge.guides import actions
from knowledge.guides.choices import LifeEvent
from knowledge.guides.importers import Sample, read_samples
from knowledge.guides.models import GuideCitation, KnowledgePage
from knowledge.laws.actions import import_folder
from knowledge.samples import cites_of, read_yaml

DATED = re.compile(r"\(\d{4}-\d{2}-\d{2}\)$")


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    """All samples; each file must be usable."""
    problems: list[str] = []
    found = list(read_samples(actions.SAMPLE_FOLDER, problems))
    assert problems == []
    return found


def of_kind(samples: list[Sample], kind: str) -> list[Sample]:
    return [sample for sample in samples if sample.kind == kind]


def test_there_is_enough_of_it_for_every_life_event(samples: list[Sample]) -> None:
    guides, questions = of_kind(samples, "guide"), of_kind(samples, "question")
    assert len(guides) >= 40
    assert len(questions) >= 60
    for kind in (guides, questions):
        counted = Counter(sample.life_event for sample in kind)
        assert {event.value for event in LifeEvent if not counted[event.value]} == set()
    assert of_kind(samples, "story")
    assert {sample.data["kind"] for sample in of_kind(samples, "lesson")} == {"lesson", "live"}


def test_every_page_rests_on_articles_and_was_reviewed(samples: list[Sample]) -> None:
    lacking = [
        sample.name
        for sample in samples
        if not sample.cites or not sample.reviewed_on or not sample.data["reviewed_by"]
    ]
    assert lacking == []


def test_no_two_pages_have_one_name_or_title(samples: list[Sample]) -> None:
    for values in (Counter(sample.name for sample in samples), Counter(sample.data["title"] for sample in samples)):
        assert [value for value, count in values.items() if count > 1] == []


def test_questions_lead_to_guides_that_are_there(samples: list[Sample]) -> None:
    slugs = {sample.slug for sample in of_kind(samples, "guide")}
    asked = {sample.data["guide"] for sample in of_kind(samples, "question") if sample.data.get("guide")}
    assert asked <= slugs


def cited_files(folder: Path, names: set[str]) -> list[Path]:
    """The files of the laws with these titles, older editions and the books of the Civil Code included."""
    return [
        path
        for path in folder.rglob("*.md")
        if DATED.sub("", path.stem) in names or (path.parent.name in names and path.stem != "_index")
    ]


@pytest.mark.laws
def test_every_citation_is_in_force_and_every_page_is_published(
    home_page: Any, laws_folder: Path, tmp_path: Path, samples: list[Sample]
) -> None:
    covenants = [read_yaml(path) for path in covenant_samples.SAMPLE_FOLDER.glob("*.yaml")]
    clauses = [clause for data in covenants for chapter in data["chapters"] for clause in chapter["clauses"]]
    cites = [cite for sample in samples for cite in sample.cites] + [cite for one in clauses for cite in cites_of(one)]
    for path in cited_files(laws_folder, {law for law, _number, _why in cites}):
        link = tmp_path / path.relative_to(laws_folder)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(path)
    import_folder(path=tmp_path, index=False)

    report, covenant_report = actions.load_sample(), covenant_actions.load_sample()

    assert report.problems == []
    assert covenant_report.problems == []
    assert KnowledgePage.objects.live().count() == len(samples)
    assert CovenantPage.objects.live().count() == len(covenants) >= 2
    expected = {(sample.slug, law, number) for sample in samples for law, number, _why in sample.cites}
    assert GuideCitation.objects.filter(article__edition__is_current=True).count() == len(expected)
    assert actions.load_sample().unchanged == report.created
