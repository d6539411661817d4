from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from knowledge import workflow
from knowledge.covenants import actions
from knowledge.covenants.models import CovenantIndexPage, CovenantPage
from knowledge.laws.models import Article
from search.documents import sources

pytestmark = pytest.mark.django_db

COVENANT: dict[str, Any] = {
    "title": "柳河村村规民约",
    "village": "清溪镇 柳河村",
    "adopted_on": "2026-03-21",
    "summary": "两章三条。",
    "preamble": "大家商量。",
    "chapters": [
        {
            "title": "家庭",
            "clauses": [
                {"text": "孝敬\n老人。", "cites": [{"law": "老年法", "article": "14", "why": "赡养"}]},
                {"text": "爱护 <b>孩子。"},
            ],
        },
        {"title": "邻里", "clauses": [{"text": "互相帮忙。"}]},
    ],
    "procedure": "举手通过。",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One sample."""
    data = COVENANT | {"adopted_on": timezone.localdate() - timedelta(days=100)}
    (tmp_path / "liuhe-cun.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return tmp_path


@pytest.fixture
def covenant(section: CovenantIndexPage, article: Article, folder: Path) -> CovenantPage:
    """The sample, published."""
    assert actions.load_sample(folder=folder).problems == []
    return CovenantPage.objects.get()


def test_clauses_are_numbered_through_the_chapters(client: Client, covenant: CovenantPage) -> None:
    page = BeautifulSoup(client.get(covenant.url).content, "html.parser")
    headings = [heading.get_text() for heading in page.select(".covenant__chapter h2")]
    assert headings == ["第一章 家庭", "第二章 邻里"]
    clauses = [clause.get_text() for clause in page.select(".clause__text")]
    assert clauses == ["第一条孝敬 老人。", "第二条爱护 <b>孩子。", "第三条互相帮忙。"]
    assert page.select_one("#tiao-3")
    assert page.select_one(".clause__sources a[href='/laws/laonianfa/14/']")
    assert covenant.clause_count == 3


def test_numbers_follow_when_a_clause_goes(covenant: CovenantPage) -> None:
    del covenant.chapters[0]
    (chapter,) = covenant.numbered_chapters
    assert (chapter.label, chapter.clauses[0].label) == ("第一章", "第一条")


def test_the_section_lists_covenants_village_by_village(
    client: Client, section: CovenantIndexPage, covenant: CovenantPage
) -> None:
    page = BeautifulSoup(client.get(section.url).content, "html.parser")
    card = page.select_one(".card")
    assert card.select_one("a")["href"] == covenant.url == "/covenants/liuhe-cun/"
    assert "清溪镇 柳河村" in card.get_text()
    assert "共 3 条" in card.get_text()
    covenant.unpublish()
    assert "还没有公布" in client.get(section.url).content.decode()


def test_pages_take_a_fixed_number_of_queries(
    client: Client, section: CovenantIndexPage, covenant: CovenantPage, django_assert_max_num_queries: Any
) -> None:
    for url in (covenant.url, section.url):
        client.get(url)
        with django_assert_max_num_queries(16):
            client.get(url)


def test_a_second_load_changes_nothing_and_keeps_what_editors_wrote(covenant: CovenantPage, folder: Path) -> None:
    assert actions.load_sample(folder=folder).unchanged == ["covenant/liuhe-cun"]
    covenant.summary = "编辑改的。"
    covenant.save_revision().publish()
    (folder / "liuhe-cun.yaml").write_text(
        yaml.safe_dump(COVENANT | {"title": "新的"}, allow_unicode=True), encoding="utf-8"
    )
    assert actions.load_sample(folder=folder).kept == ["covenant/liuhe-cun"]
    assert CovenantPage.objects.get().summary == "编辑改的。"


def test_what_cannot_be_used_is_told(section: CovenantIndexPage, article: Article, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("title: 缺", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("title: [", encoding="utf-8")
    bad = COVENANT | {
        "chapters": [{"title": "一", "clauses": [{"text": "条", "cites": [{"law": "老年法", "article": "99"}]}]}]
    }
    (tmp_path / "c.yaml").write_text(yaml.safe_dump(bad, allow_unicode=True), encoding="utf-8")
    problems = "\n".join(actions.load_sample(folder=tmp_path).problems)
    assert "a.yaml：缺少 village、summary、chapters" in problems
    assert "b.yaml" in problems
    assert "《老年法》现行文本里没有第 99 条" in problems


def test_a_covenant_cannot_be_adopted_tomorrow(covenant: CovenantPage) -> None:
    covenant.adopted_on = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError, match="不能晚于今天"):
        covenant.full_clean()


def test_the_section_has_the_workflow(covenant: CovenantPage) -> None:
    assert covenant.get_workflow().name == workflow.WORKFLOW


def test_a_covenant_is_found_by_its_clauses_and_its_village(covenant: CovenantPage) -> None:
    (document,) = sources()["covenant"].documents([covenant.pk])
    assert (document.place, document.label, document.url) == ("清溪镇 柳河村", "清溪镇 柳河村", covenant.url)
    assert "第三条 互相帮忙。" in document.body
    assert "举手通过。" in document.body
    assert document.date == covenant.adopted_on


def test_a_covenant_is_previewed(covenant: CovenantPage) -> None:
    covenant.title = "没存的"
    response = covenant.make_preview_request()
    assert response.status_code == 200
    assert "没存的" in response.content.decode()
