"""How a covenant comes to be in force, and what keeps one from it."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from accounts.audit import lines_about
from knowledge.covenants.actions import adoption as steps
from knowledge.covenants.comparison import compare
from knowledge.covenants.models import Adoption, CovenantIndexPage, CovenantPage, CovenantText, Step, freeze
from knowledge.covenants.votes import Vote
from search.documents import sources

pytestmark = pytest.mark.django_db

PASSING = Vote("adults", 10, 100, 51, 26)


def chapters(*texts: str, title: str = "家庭") -> list[Any]:
    """One chapter."""
    return [("chapter", {"title": title, "clauses": [{"text": text, "cites": []} for text in texts]})]


@pytest.fixture
def covenant(section: CovenantIndexPage) -> CovenantPage:
    """A page with two clauses."""
    page = CovenantPage(title="柳河村村规民约", slug="liuhe", village="清溪镇 柳河村", summary="两条。")
    page.chapters = chapters("孝敬老人。", "互相帮忙。")
    section.add_child(instance=page)
    page.save_revision().publish()
    return CovenantPage.objects.get(pk=page.pk)


def reviewed(covenant: CovenantPage, first: date = date(2026, 1, 5)) -> Adoption:
    """An adoption that waits for its vote."""
    days = (first + timedelta(days=7 * number) for number in range(4))
    given: dict[str, Any] = {"note": "", "by": None}
    found = steps.begin(covenant=covenant, on=next(days), **given)
    found = steps.settle_draft(adoption=found, on=next(days), **given)
    found = steps.submit(adoption=found, on=next(days), **given)
    return steps.approve(adoption=found, on=next(days), **given)


def voted(adoption: Adoption, vote: Vote = PASSING, on: date = date(2026, 3, 1)) -> Adoption:
    """The vote entered."""
    return steps.record_vote(adoption=adoption, vote=vote, against=1, on=on, note="", by=None)


def in_force(covenant: CovenantPage, first: date = date(2026, 1, 5)) -> Adoption:
    """The whole procedure."""
    day = first + timedelta(days=60)
    found = voted(reviewed(covenant, first), on=day)
    found = steps.file(adoption=found, number="备1号", on=day + timedelta(days=2), note="", by=None)
    return steps.publish(adoption=found, on=day + timedelta(days=4), note="", by=None)


def text_of(client: Client, url: str) -> str:
    return BeautifulSoup(client.get(url).content, "html.parser").get_text(" ", strip=True)


def test_a_covenant_comes_into_force_step_by_step(client: Client, covenant: CovenantPage) -> None:
    assert "还不是现行的村规民约" in text_of(client, covenant.url)
    adoption = in_force(covenant)
    covenant = CovenantPage.objects.get(pk=covenant.pk)
    assert covenant.adopted_on == adoption.voted_on == date(2026, 3, 6)
    page = text_of(client, covenant.url)
    assert "还不是现行" not in page
    assert "2026年3月6日表决通过" in page
    assert "十八周岁以上村民 100 人，到会 51 人" in page
    kinds = [step.kind for step in adoption.steps.all()]
    assert kinds == ["opinions", "draft", "submitted", "reviewed", "vote", "filing", "publication"]
    assert next(line.action for line in lines_about(adoption)) == "covenants.publication"


def test_a_vote_that_does_not_pass_ends_the_adoption(covenant: CovenantPage) -> None:
    adoption = voted(reviewed(covenant), Vote("adults", 9, 100, 80, 70))
    assert adoption.state == Adoption.State.REJECTED
    with pytest.raises(ValidationError, match="不能办这一步"):
        steps.file(adoption=adoption, number="1", on=date(2026, 3, 2), note="", by=None)
    assert CovenantPage.objects.get(pk=covenant.pk).in_force is None
    steps.begin(covenant=covenant, on=date(2026, 4, 1), note="重来", by=None)


@pytest.mark.parametrize(
    "figures",
    [
        {"notice_days": 9},
        {"present": 50},
        {"in_favour": 25},
        {"assembly": "households", "present": 66, "in_favour": 60},
        {"text": None},
    ],
)
def test_the_database_puts_nothing_in_force_that_was_not_passed(
    covenant: CovenantPage, figures: dict[str, Any]
) -> None:
    adoption = in_force(covenant)
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.filter(pk=adoption.pk).update(**figures)


def test_two_thirds_of_the_households_are_enough(covenant: CovenantPage) -> None:
    adoption = voted(reviewed(covenant), Vote("households", 10, 99, 66, 34))
    assert adoption.state == Adoption.State.PASSED


def test_what_was_voted_on_is_what_is_shown(client: Client, covenant: CovenantPage) -> None:
    adoption = reviewed(covenant)
    covenant.chapters = chapters("编辑后来改的。")
    covenant.save_revision().publish()
    adoption = voted(adoption)
    adoption = steps.file(adoption=adoption, number="1", on=date(2026, 3, 2), note="", by=None)
    steps.publish(adoption=adoption, on=date(2026, 3, 2), note="", by=None)
    page = text_of(client, covenant.url)
    assert "孝敬老人。" in page
    assert "编辑后来改的" not in page
    (document,) = sources()["covenant"].documents([covenant.pk])
    assert "第一条 孝敬老人。" in document.body
    assert "编辑后来改的" not in document.body


def test_an_older_draft_published_later_does_not_change_the_day_of_the_vote(covenant: CovenantPage) -> None:
    draft = covenant.save_revision()
    adoption = in_force(covenant)
    draft.publish()
    assert CovenantPage.objects.get(pk=covenant.pk).adopted_on == adoption.voted_on


def test_the_township_sends_back_with_reasons(covenant: CovenantPage) -> None:
    given: dict[str, Any] = {"by": None}
    adoption = steps.begin(covenant=covenant, on=date(2026, 1, 1), note="", **given)
    with pytest.raises(ValidationError, match="不能办这一步"):
        steps.submit(adoption=adoption, on=date(2026, 1, 2), note="", **given)
    adoption = steps.settle_draft(adoption=adoption, on=date(2026, 1, 2), note="", **given)
    adoption = steps.submit(adoption=adoption, on=date(2026, 1, 3), note="", **given)
    with pytest.raises(ValidationError, match="写明理由"):
        steps.send_back(adoption=adoption, on=date(2026, 1, 4), note=" ", **given)
    adoption = steps.send_back(adoption=adoption, on=date(2026, 1, 4), note="第二条要改", **given)
    covenant.chapters = chapters("孝敬老人。", "互相帮忙，不攀比。")
    covenant.save_revision()
    adoption = steps.settle_draft(adoption=adoption, on=date(2026, 1, 5), note="", **given)
    assert adoption.text.number == 2
    assert CovenantText.objects.count() == 2


def test_steps_go_forward_in_time(covenant: CovenantPage) -> None:
    adoption = reviewed(covenant)
    with pytest.raises(ValidationError, match="不能早于上一步"):
        voted(adoption, on=date(2026, 1, 6))
    with pytest.raises(ValidationError, match="不能晚于今天"):
        voted(adoption, on=date(2126, 1, 6))
    with pytest.raises(ValidationError, match="正在修订"):
        steps.begin(covenant=covenant, on=date(2026, 3, 1), note="", by=None)


def test_figures_that_cannot_be_are_refused(covenant: CovenantPage) -> None:
    adoption = reviewed(covenant)
    with pytest.raises(ValidationError, match="到会不能多于应到"):
        voted(adoption, Vote("adults", 10, 100, 101, 90))
    with pytest.raises(ValidationError, match="到会不能多于应到"):
        voted(adoption, Vote("adults", 10, 100, 60, 60))


def test_texts_and_steps_stay_as_they_are(covenant: CovenantPage) -> None:
    in_force(covenant)
    for rows in (CovenantText.objects.filter(title__contains="村"), Step.objects.filter(note="")):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            rows.update(id=99)
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            rows._raw_delete("default")


def test_versions_are_read_and_compared(
    client: Client, covenant: CovenantPage, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    in_force(covenant)
    covenant = CovenantPage.objects.get(pk=covenant.pk)
    covenant.chapters = chapters("孝敬老人，常回家看看。", "垃圾分类投放。")
    covenant.save_revision().publish()
    second = in_force(covenant, first=date(2026, 6, 1))
    assert list(covenant.adoptions.values_list("number", "state").order_by("number")) == [
        (1, "superseded"),
        (2, "in_force"),
    ]
    assert "第 2 版" in text_of(client, f"{covenant.url}versions/")
    old = text_of(client, f"{covenant.url}versions/1/")
    assert "已被新版取代" in old
    assert "互相帮忙。" in old
    response = client.get(f"{covenant.url}compare/?from=1&to=2")
    assert response.url == f"{covenant.url}compare/1/2/"
    client.get(response.url)
    with django_assert_max_num_queries(16):
        page = BeautifulSoup(client.get(response.url).content, "html.parser")
    assert [one.get_text() for one in page.select("ins")] == ["，常回家看看", "垃圾分类投放。"]
    assert "2 处不同" not in page.get_text()
    assert "3 处不同" in page.get_text()
    for missing in ("compare/1/9/", "versions/9/", "compare/?from=x&to=1"):
        assert client.get(f"{covenant.url}{missing}").status_code == 404
    assert second.covenant_id == covenant.pk


@pytest.mark.parametrize(
    ("changed", "marked"),
    [
        ({"title": "柳河村的村规民约"}, ["的"]),
        ({"preamble": "一起商量的。"}, ["一起商量的。"]),
        ({"chapters": chapters("孝敬老人。", "互相帮忙。", title="家庭和睦")}, ["和睦"]),
        ({"chapters": chapters("孝敬老人。", "互相帮忙吧。")}, ["吧"]),
    ],
)
def test_texts_that_are_not_the_same_are_told_apart(
    covenant: CovenantPage, changed: dict[str, Any], marked: list[str]
) -> None:
    first = reviewed(covenant)
    before = first.text
    for name, value in changed.items():
        setattr(covenant, name, value)
    after = steps.settle_draft(adoption=first, on=date(2026, 2, 1), note="", by=None, draft=covenant).text
    assert before.digest != after.digest
    [row] = [row for row in compare(before, after) if row.kind != "same"]
    assert [piece.text for piece in row.new_pieces if piece.differs] == marked
    assert {row.kind for row in compare(after, after)} == {"same"}


def test_what_a_clause_rests_on_is_compared(covenant: CovenantPage) -> None:
    frozen = freeze(covenant.numbered_chapters)
    cited = deepcopy(frozen)
    cited[0]["clauses"][0]["cites"] = [{"citation": "《老年法》第十四条", "url": "/laws/", "why": ""}]
    before, after = (CovenantText(title="一", chapters=one) for one in (frozen, cited))
    [row] = [row for row in compare(before, after) if row.kind != "same"]
    assert row.new.text == "孝敬老人。（依据：《老年法》第十四条）"


def test_a_draft_under_way_is_readable_and_says_so(client: Client, covenant: CovenantPage) -> None:
    reviewed(covenant)
    assert "还在制定中" in text_of(client, f"{covenant.url}versions/1/")
