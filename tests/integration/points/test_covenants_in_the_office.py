"""How a covenant is adopted and its drafts compared, on the screens of the office."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from knowledge.covenants.actions import adoption as procedure
from knowledge.covenants.actions import load_patterns
from knowledge.covenants.models import Adoption
from knowledge.covenants.votes import Vote
from registry.places.models import Place
from tests.integration.points.makers import (
    make_adoption,
    make_draft,
)
from tests.integration.points.screens import as_, soup, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def test_any_two_drafts_are_compared_in_the_office(village: Place, official: User, client: Client) -> None:
    adoption = make_draft(village, official)
    page, office = adoption.covenant, as_(official)
    address = reverse("covenants_compare", args=[page.pk])
    assert "只有一稿" in text(office.get(address))
    for day, words in ((2, "孝敬老人，常回家。"), (3, "孝敬老人，常回家看看。")):
        page.chapters = [("chapter", {"title": "家庭", "clauses": [{"text": words, "cites": []}]})]
        page.save_revision()
        adoption = procedure.settle_draft(adoption=adoption, on=date(2026, 2, day), note="", by=official)
    shown = soup(office.get(address))
    assert [one["value"] for one in shown.select("select[name=old] option")] == ["3", "2", "1"]
    assert [one["value"] for one in shown.select("option[selected]")] == ["2", "3"]
    assert [one.get_text() for one in shown.select(".compare ins")] == ["看看"]
    assert "（2026-10-20，第 1 版：草案已定）" in shown.select_one("select[name=new] option").get_text()
    first_and_last = soup(office.get(address, {"old": 1, "new": 3}))
    assert [one.get_text() for one in first_and_last.select(".compare ins")] == ["，常回家看看"]
    assert "1 处不同" in first_and_last.get_text()
    for wrong in ({"old": 1, "new": 9}, {"old": "x", "new": 1}, {"old": 1}):
        assert "没有这一稿" in text(office.get(address, wrong))
    [link] = soup(office.get(reverse("covenants_adoption", args=[adoption.pk]))).select(f"a[href^='{address}']")
    assert (link["href"], link.get_text()) == (f"{address}?old=2&new=3", "与上一稿对照")
    assert client.get(f"{page.url}compare/1/2/").status_code == 404


def test_a_draft_that_was_voted_down_is_read_in_the_office_alone(
    village: Place, official: User, client: Client
) -> None:
    adoption = make_draft(village, official)
    procedure.submit(adoption=adoption, on=date(2026, 2, 1), note="", by=official)
    procedure.approve(adoption=adoption, on=date(2026, 2, 1), note="", by=official)
    vote = Vote("adults", 12, 100, 40, 39)
    procedure.record_vote(adoption=adoption, vote=vote, against=0, on=date(2026, 3, 1), note="", by=official)
    page = as_(official).get(reverse("covenants_adoption", args=[adoption.pk]))
    version = f"{adoption.covenant.url}versions/{adoption.number}/"
    assert "孝敬老人。" in text(page)
    assert version not in page.content.decode()
    assert client.get(version).status_code == 404


def test_a_covenant_goes_through_the_office(
    village: Place, township: Place, official: User, appoint: Callable[..., User]
) -> None:
    load_patterns()
    adoption = make_adoption(village, "柳河村村规民约")
    page = adoption.covenant
    page.chapters = [("chapter", {"title": "一", "clauses": [{"text": "乱倒垃圾的罚款五十元。", "cites": []}]})]
    page.save_revision()
    office, above = as_(official), as_(appoint(township, Role.TOWNSHIP_OFFICIAL))
    address = reverse("covenants_adoption", args=[adoption.pk])

    def step(client: Client, name: str, **fields: Any) -> Any:
        sent = {f"{name}-{field}": value for field, value in ({"on": "2026-02-01"} | fields).items()}
        return client.post(address, sent | {"step": name})

    paper = SimpleUploadedFile("记录.txt", "会议记录".encode())
    assert step(office, "draft", papers=[paper]).status_code == 302
    assert "罚款" in soup(above.get(address)).select_one(".xy-check-list__flag").get_text()
    assert step(office, "submit").status_code == 302
    assert step(office, "approve").status_code == 404
    assert "写明理由" in text(step(above, "send_back"))
    assert step(above, "approve").status_code == 302
    figures = {"noticed_on": "2026-02-10", "assembly": "adults", "eligible": 100, "present": 60, "in_favour": 50}
    assert "乱倒垃圾的罚款五十元" in text(above.get(address))
    voted = step(office, "vote", on="2026-03-01", against=1, **figures)
    assert voted.status_code == 302
    assert step(above, "file", on="2026-03-02", number="备1号").status_code == 302
    assert step(office, "publish", on="2026-03-03").status_code == 302
    adoption = Adoption.objects.get()
    assert (adoption.state, adoption.notice_days) == ("in_force", 19)
    download = office.get(reverse("covenants_paper", args=[adoption.steps.get(kind="draft").papers.get().pk]))
    assert "会议记录".encode() in b"".join(download.streaming_content)


def test_a_covenant_that_was_adopted_is_not_deleted(village: Place, admin_client: Client) -> None:
    adoption = make_adoption(village, "柳河村村规民约")
    response = admin_client.post(reverse("wagtailadmin_pages:delete", args=[adoption.covenant_id]), follow=True)
    assert "不能删除" in text(response)
    assert Adoption.objects.exists()
