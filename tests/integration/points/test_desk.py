"""The desk and the grid: claims entered, checked and voted on, by whom, and where they cannot be."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from accounts.roles import Role
from knowledge.points.actions import claims
from knowledge.points.models import (
    Batch,
    Claim,
    Household,
    Item,
    LedgerLine,
    Photo,
    Rules,
)
from registry.places.models import Place
from tests.integration.points.conftest import TODAY
from tests.integration.points.makers import (
    key,
    make_adoption,
    make_claim,
    make_draft,
    make_household,
    make_item,
    make_line,
)
from tests.integration.points.screens import as_, soup, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def desk(village: Place) -> str:
    return f"{reverse('points_desk')}?place={village.code}"


def test_a_claim_goes_over_the_desk(
    desk: str, household: Household, cleaning: Item, official: User, clerk: User, panel: list[User], time_machine: Any
) -> None:
    claim = make_claim(household, cleaning, official)
    own = as_(official).post(f"{desk}&step=check", {"claim": [claim.pk], "verb": "pass"}, follow=True)
    assert "要由别人初审" in text(own)
    assert "办理 1 笔" in text(
        as_(clerk).post(f"{desk}&step=check", {"claim": [claim.pk], "verb": "pass"}, follow=True)
    )
    for reviewer in panel[:2]:
        office = as_(reviewer)
        assert soup(office.get(f"{desk}&step=review")).select("input[name=claim]")
        office.post(f"{desk}&step=review", {"claim": [claim.pk], "verb": "agree"})
        assert not soup(office.get(f"{desk}&step=review")).select("input[name=claim]")
    time_machine.move_to(TODAY + timedelta(days=8))
    assert "1 笔入账" in text(as_(clerk).get(f"{desk}&step=publicity"))
    as_(clerk).post(f"{desk}&step=publicity", {"verb": "post"})
    assert LedgerLine.objects.get().claim == claim


def test_the_desk_refuses_with_a_reason_alone(
    desk: str, household: Household, cleaning: Item, official: User, clerk: User
) -> None:
    claim = make_claim(household, cleaning, official)
    other = make_claim(make_household(household.place, official), cleaning, official)
    post = {"claim": [claim.pk], "verb": "refuse"}
    refused = as_(clerk).post(f"{desk}&step=check", post)
    assert "写明理由" in text(refused)
    boxes = {box["value"]: box.has_attr("checked") for box in soup(refused).select("input[name=claim]")}
    assert boxes == {str(claim.pk): True, str(other.pk): False}
    as_(clerk).post(desk, post | {"reason": "重复"})
    claim.refresh_from_db()
    assert (claim.state, claim.refusal) == ("refused", "重复")


def test_who_may_do_what_at_the_desk(
    desk: str, household: Household, cleaning: Item, official: User, panel: list[User], clerk: User,
    sibling: Place, appoint: Callable[..., User],
) -> None:  # fmt: skip
    claim = make_claim(household, cleaning, official)
    for user, verb in ((panel[0], "pass"), (clerk, "agree"), (panel[0], "post")):
        assert as_(user).post(desk, {"claim": [claim.pk], "verb": verb}).url == reverse("wagtailadmin_home")
    assert as_(clerk).post(desk, {"claim": [claim.pk], "verb": "nonsense"}).status_code == 404
    Rules.objects.create(place=sibling)
    stranger = as_(appoint(sibling, *Role.values))
    assert stranger.get(desk).status_code == 404
    beside = f"{reverse('points_desk')}?place={sibling.code}"
    assert "没有选中" in text(stranger.post(beside, {"claim": [claim.pk], "verb": "pass"}, follow=True))
    claim.refresh_from_db()
    assert claim.state == "entered"


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("points_claim", lambda h, i, u: make_claim(h, i, u)),
        ("points_line", lambda h, i, u: make_line(h, i, u)),
        ("points_household", lambda h, i, u: h),
        ("points_split", lambda h, i, u: h),
        ("points_merge", lambda h, i, u: h),
        ("points_leave", lambda h, i, u: h.members.get()),
        ("points_relation", lambda h, i, u: h.members.get()),
        ("points_photo", lambda h, i, u: Photo.objects.create(claim=make_claim(h, i, u), file="x.jpg")),
        ("covenants_adoption", lambda h, i, u: make_adoption(h.village, "柳河村村规民约")),
        ("covenants_compare", lambda h, i, u: make_draft(h.village, u).covenant),
    ],
)
def test_nothing_opens_from_beside(
    name: str, make: Any, household: Household, cleaning: Item, official: User, sibling: Place,
    appoint: Callable[..., User],
) -> None:  # fmt: skip
    row = make(household, cleaning, official)
    stranger = as_(appoint(sibling, *Role.values))
    address = reverse(name, args=[row.pk])
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"reason": "x"}).status_code in {404, 405}
    if name != "points_photo":
        assert as_(official).get(address).status_code == 200


def test_one_claim_is_entered_by_code(village: Place, household: Household, cleaning: Item, official: User) -> None:
    address = f"{reverse('points_enter')}?place={village.code}"
    assert "参加村庄清洁日（+2，每月最多 10 分）" in text(as_(official).get(address))
    sent = {"household": household.code, "item": cleaning.pk, "happened_on": TODAY, "quantity": 2, "request_key": key()}
    assert "没有户号 9999x" in text(as_(official).post(address, sent | {"household": "9999x"}))
    assert "只剩 10 分" in text(as_(official).post(address, sent | {"quantity": 6}))
    assert as_(official).post(address, sent).status_code == 302
    assert as_(official).post(address, sent).status_code == 302
    assert Claim.objects.get().points == 4


def test_a_household_is_meant_by_the_name_of_its_head_where_one_alone_is_called_so(
    village: Place, cleaning: Item, official: User
) -> None:
    only = make_household(village, official, head="吐尔逊·买买提")
    namesakes = [make_household(village, official, head="𠅤芳") for _number in range(2)]
    address = f"{reverse('points_enter')}?place={village.code}"
    sent = {"item": cleaning.pk, "happened_on": TODAY, "quantity": 1, "request_key": key()}
    told = text(as_(official).post(address, sent | {"household": "𠅤芳"}))
    assert all(f"{one.code}（{village.name}）" in told for one in namesakes)
    assert not Claim.objects.exists()
    as_(official).post(address, sent | {"household": f" {only.head} "})
    assert Claim.objects.get().household == only


def test_the_next_claim_begins_with_the_item_and_day_of_the_last(
    village: Place, household: Household, cleaning: Item, official: User
) -> None:
    address = f"{reverse('points_enter')}?place={village.code}"
    day = TODAY - timedelta(days=2)
    sent = {"household": household.code, "item": cleaning.pk, "happened_on": day, "quantity": 1, "request_key": key()}
    page = soup(as_(official).post(address, sent, follow=True))
    assert page.select_one("select[name=item] option[selected]")["value"] == str(cleaning.pk)
    assert page.select_one("input[name=happened_on]")["value"] == day.isoformat()
    assert not page.select_one("input[name=household]").get("value")
    assert page.select_one("input[name=request_key]")["value"] != str(sent["request_key"])


@pytest.mark.parametrize("name", ["points_enter", "points_grid", "covenants_begin"])
def test_days_are_picked_from_a_calendar(
    village: Place, household: Household, cleaning: Item, official: User, name: str
) -> None:
    html = as_(official).get(reverse(name)).content.decode()
    assert "initDateChooser" in html
    assert "date-time-chooser.js" in html


def test_a_code_is_found_without_its_leading_zeros_where_one_is_meant(village: Place, official: User) -> None:
    first = make_household(village, official, code="0140")
    codes = Household.objects.of_village(village)
    assert codes.coded("140") == codes.coded("0140") == first
    assert codes.coded("14") is None
    assert codes.coded("²") is None
    second = make_household(village, official, code="00140")
    assert codes.coded("140") is None
    assert codes.coded("00140") == second


def test_what_waits_for_the_panel_is_called_so_to_others(
    village: Place, household: Household, official: User, panel: list[User]
) -> None:
    assert "待我评议" not in text(as_(official).get(reverse("points_desk")))
    assert "待我评议" in text(as_(panel[0]).get(reverse("points_desk")))


def test_an_item_that_needs_evidence_takes_a_photo_or_an_account_of_it(
    village: Place, household: Household, official: User
) -> None:
    item = make_item(village, "调解邻里纠纷", 5, needs_evidence=True)
    address = f"{reverse('points_enter')}?place={village.code}"
    sent = {"household": household.code, "item": item.pk, "happened_on": TODAY, "quantity": 1}
    assert "要附照片，或者写明情况" in text(as_(official).post(address, sent | {"request_key": key()}))
    assert not Claim.objects.exists()
    picture = BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    photo = SimpleUploadedFile("a.png", picture.getvalue(), "image/png")
    as_(official).post(address, sent | {"request_key": key(), "photos": [photo]})
    as_(official).post(address, sent | {"request_key": key(), "note": "两家当面和好，有调解记录。"})
    assert [claim.photos.count() for claim in Claim.objects.order_by("pk")] == [1, 0]


def test_what_was_done_while_an_item_held_is_entered_after_its_end(
    village: Place, household: Household, official: User
) -> None:
    ended = make_item(village, "夏季护林", 3, valid_until=TODAY - timedelta(days=10))
    long_gone = make_item(village, "老项目", 3, valid_until=TODAY - timedelta(days=200))
    address = f"{reverse('points_enter')}?place={village.code}"
    offered = soup(as_(official).get(address)).select_one("select[name=item]").get_text()
    assert "夏季护林（+3），2026-10-10 停用" in offered
    assert long_gone.name not in offered
    sent = {"household": household.code, "item": ended.pk, "quantity": 1, "request_key": key()}
    assert "不在有效期内" in text(as_(official).post(address, sent | {"happened_on": TODAY}))
    as_(official).post(address, sent | {"happened_on": TODAY - timedelta(days=11)})
    assert Claim.objects.get().item == ended
    start = f"{reverse('points_grid')}?place={village.code}&title=x&happened_on={TODAY}&items={ended.pk}"
    assert "那一天不在有效期内" in text(as_(official).get(start))


@pytest.fixture
def grid(village: Place, cleaning: Item, littering: Item) -> str:
    query = f"title=清洁日&happened_on={TODAY}&items={cleaning.pk}&items={littering.pk}"
    return f"{reverse('points_grid')}?place={village.code}&{query}"


def test_a_grid_is_entered_as_a_plain_form(
    grid: str, village: Place, household: Household, cleaning: Item, littering: Item, official: User
) -> None:
    second = make_household(village, official)
    page = soup(as_(official).get(grid))
    names = [box["name"] for box in page.select("[data-grid] tbody input")]
    assert names == [f"q-{one.pk}-{item.pk}" for one in (household, second) for item in (cleaning, littering)]
    form = page.select_one("input[name=request_key]")["value"]
    sent = dict.fromkeys(names, "") | {names[0]: "2", names[3]: "1", "request_key": form}
    assert "登记 2 笔" in text(as_(official).post(grid, sent, follow=True))
    assert as_(official).post(grid, sent).status_code == 302
    assert sorted(Claim.objects.values_list("points", flat=True)) == [-5, 4]
    assert Batch.objects.count() == 1


def test_a_refused_grid_stores_nothing_and_keeps_what_was_typed(
    grid: str, household: Household, cleaning: Item, littering: Item, official: User
) -> None:
    first, second = f"q-{household.pk}-{cleaning.pk}", f"q-{household.pk}-{littering.pk}"
    for wrong, message in (("x", "不是 1 到 99"), ("9", "只剩 10 分"), ("-1", "不是 1 到 99"), ("²", "不是 1 到 99")):
        page = soup(as_(official).post(grid, {first: wrong, second: "1", "request_key": key()}))
        assert message in page.select_one(".help-critical").get_text()
        assert page.select_one(f"input[name={first}]")["value"] == wrong
    assert not Claim.objects.exists()


def test_a_large_grid_takes_few_queries(
    grid: str, village: Place, official: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        make_household(village, official)
    office = as_(official)
    office.get(grid)
    with django_assert_max_num_queries(30):
        office.get(grid)


def test_an_objection_is_decided_on_the_claims_page(
    enter: Any, publicize: Any, household: Household, cleaning: Item, official: User, panel: list[User]
) -> None:
    claim = publicize(enter(household, cleaning))
    claims.object_to(claim=claim, name="李四", phone="13900005678", text="不在村里")
    address = reverse("points_claim", args=[claim.pk])
    assert "13900005678" not in text(as_(panel[0]).get(address))
    as_(official).post(address, {"upheld": "yes", "answer": "查实"})
    claim.refresh_from_db()
    assert claim.state == "refused"


def test_a_photo_is_shown_to_those_who_check(
    village: Place, household: Household, cleaning: Item, official: User, clerk: User
) -> None:
    deed = claims.Deed(household, cleaning)
    photo = SimpleUploadedFile("photo.jpg", b"\xff\xd8\xff\xe0")
    claim = claims.enter(deed=deed, happened_on=TODAY, source="household", by=None, photos=[photo])
    address = reverse("points_photo", args=[claim.photos.get().pk])
    response = as_(clerk).get(address)
    assert b"".join(response.streaming_content).startswith(b"\xff\xd8\xff")
    assert "no-store" in response["Cache-Control"]
    assert Client().get(address).status_code == 302
