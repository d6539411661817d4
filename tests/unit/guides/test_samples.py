from pathlib import Path

from knowledge.guides.importers import read_samples
from knowledge.guides.samples import html_paragraphs


def test_paragraphs_are_escaped_and_joined() -> None:
    assert html_paragraphs("一\n行\n\n 二 <b>\n\n\n") == "<p>一 行</p><p>二 &lt;b&gt;</p>"


def test_what_cannot_be_used_is_told_and_passed_over(tmp_path: Path) -> None:
    guides = tmp_path / "guides"
    guides.mkdir()
    (guides / "broken.yaml").write_text("title: [", encoding="utf-8")
    (guides / "list.yaml").write_text("- 一", encoding="utf-8")
    (guides / "short.yaml").write_text("title: 题\nlife_event: marriage", encoding="utf-8")
    (guides / "event.yaml").write_text(
        "title: 题\nlife_event: moon\nshort_answer: 答\nsteps: [{title: 一, text: 二}]", encoding="utf-8"
    )
    (guides / "good.yaml").write_text(
        "title: 题\nlife_event: marriage\nshort_answer: 答\nsteps: [{title: 一, text: 二}]", encoding="utf-8"
    )
    problems: list[str] = []
    samples = list(read_samples(tmp_path, problems))
    assert [sample.name for sample in samples] == ["guide/good"]
    assert len(problems) == 4
    assert any("broken.yaml" in problem for problem in problems)
    assert any("short_answer, steps" in problem for problem in problems)
    assert any("'moon'" in problem for problem in problems)


def test_questions_are_a_list_in_a_file_named_after_their_life_event(tmp_path: Path) -> None:
    questions = tmp_path / "questions"
    questions.mkdir()
    (questions / "wages.yaml").write_text("- {slug: a, title: 问, short_answer: 答, answer: 细}", encoding="utf-8")
    (sample,) = read_samples(tmp_path, [])
    assert (sample.name, sample.life_event, sample.audience) == ("question/a", "wages", ["everyone"])
