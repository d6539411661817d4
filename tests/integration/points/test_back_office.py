"""The desk, the grid, the counter: what officials and reviewers do, and where they cannot."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from accounts.roles import Role
from knowledge.covenants.actions import adoption as procedure
from knowledge.covenants.actions import load_patterns
from knowledge.covenants.models import Adoption
from knowledge.covenants.votes import Vote
from knowledge.points.actions import claims
from knowledge.points.models import (
    Balance,
    Batch,
    Claim,
    Honour,
    Household,
    Item,
    LedgerLine,
    Period,
    Photo,
    Redemption,
    Reward,
    Rules,
)
from registry.places.models import Place
from tests.integration.points.conftest import TODAY
from tests.integration.points.makers import key, make_adoption, make_claim, make_household, make_item, make_line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def soup(response: Any) -> BeautifulSoup:
    assert response.status_code == 200, (response.status_code, getattr(response, "url", ""))
    return BeautifulSoup(response.content, "html.parser")


def text(response: Any) -> str:
    return soup(response).get_text(" ", strip=True)


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
    post = {"claim": [claim.pk], "verb": "refuse"}
    assert "写明理由" in text(as_(clerk).post(desk, post, follow=True))
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


def test_who_closes_a_month_is_told_what_is_not_done(
    village: Place, household: Household, cleaning: Item, official: User
) -> None:
    make_line(household, cleaning, official, day=TODAY - timedelta(days=40))
    deed = claims.Deed(household, cleaning)
    claims.enter(deed=deed, happened_on=TODAY - timedelta(days=41), source="official", by=official)
    asked = as_(official).post(reverse("points_periods"), {"day": "2026-09-01", "kind": "month"})
    assert "还有 1 笔申报没有办完" in text(asked)


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


def test_a_line_is_reversed_on_its_page(
    household: Household, cleaning: Item, official: User, panel: list[User]
) -> None:
    line = make_line(household, cleaning, official)
    address = reverse("points_line", args=[line.pk])
    assert as_(panel[0]).post(address, {"reason": "错"}).url == reverse("wagtailadmin_home")
    as_(official).post(address, {"reason": "登错了"})
    assert Balance.objects.get(household=household).points == 0
    assert "登错了" in text(as_(official).get(address))


def test_months_are_closed_in_order(village: Place, household: Household, cleaning: Item, official: User) -> None:
    for month in (8, 9):
        make_line(household, cleaning, official, day=date(2026, month, 3))
    address = f"{reverse('points_periods')}?place={village.code}"
    answer = as_(official).post(address, {"day": "2026-09-01", "kind": "month"}, follow=True)
    assert "按顺序结账" in text(answer)
    quarter = {"day": "2026-09-01", "kind": "quarter"}
    asked = text(as_(official).post(address, quarter))
    assert "2026年7月、2026年8月、2026年9月" in asked
    assert "年终" not in asked
    assert not Period.objects.exclude(closed_at=None).exists()
    as_(official).post(address, quarter | {"agreed": "1"})
    assert Period.objects.exclude(closed_at=None).count() == 3
    assert as_(official).post(address, {"day": "x", "kind": "month"}).status_code == 404


def test_the_years_end_is_told_before_it_is_closed(
    village: Place, household: Household, cleaning: Item, littering: Item, official: User, time_machine: Any
) -> None:
    for month in (10, 11):
        make_line(household, cleaning, official, day=date(2026, month, 3))
    make_line(make_household(village, official), littering, official, day=date(2026, 11, 3))
    Rules.objects.update(year_end="reset")
    time_machine.move_to("2027-01-10 09:00+08:00")
    office, address = as_(official), f"{reverse('points_periods')}?place={village.code}"
    for day in ("2026-10-01", "2026-11-01"):
        office.post(address, {"day": day, "kind": "month", "agreed": "1"})
    # Nothing was posted in December: it is closed like any other month.
    assert soup(office.get(address)).select_one("input[name=day]")["value"] == "2026-12-01"
    asked = text(office.post(address, {"day": "2026-12-01", "kind": "month"}))
    assert "本村的设置是“清零”。涉及 2 户，合计 4 分。" in asked
    assert "合计欠 5 分" in asked
    assert not LedgerLine.objects.filter(account="year_end").exists()
    office.post(address, {"day": "2026-12-01", "kind": "month", "agreed": "1"})
    assert sorted(LedgerLine.objects.filter(account="year_end").values_list("points", flat=True)) == [-4, 5]
    assert not soup(office.get(address)).select("input[name=day]")


def test_things_are_redeemed_with_a_slip_and_fetched_once(
    village: Place, household: Household, official: User, soap: Reward
) -> None:
    make_line(household, make_item(village, "大善举", 30), official)
    office = as_(official)
    form = {"household": household.code, "reward": soap.pk, "quantity": 2, "request_key": key()}
    address = f"{reverse('points_redeem')}?place={village.code}"
    assert "肥皂（10 分，库存 3 份）" in text(office.get(address))
    assert "只剩 3" in text(office.post(address, form | {"quantity": 4}))
    assert office.post(address, form).status_code == 302
    redemption = Redemption.objects.get()
    slip = reverse("points_slip", args=[redemption.pk])
    assert office.get(slip).status_code == 404
    first = office.post(slip, follow=True).content
    assert first.startswith(b"%PDF")
    assert office.post(slip, follow=True).content == first
    page = reverse("points_redemption", args=[redemption.pk])
    office.post(page, {"verb": "hand_over"})
    assert "已领取，不能再办" in text(office.post(page, {"verb": "cancel", "reason": "不要"}))
    redemption.refresh_from_db()
    assert (redemption.state, Balance.objects.get(household=household).points) == ("handed_over", 10)


def test_a_cancelled_redemption_takes_its_slip_back(
    village: Place, household: Household, official: User, soap: Reward
) -> None:
    from printing.models import IssuedDocument

    make_line(household, make_item(village, "大善举", 30), official)
    office = as_(official)
    form = {"household": household.code, "reward": soap.pk, "quantity": 1, "request_key": key()}
    office.post(f"{reverse('points_redeem')}?place={village.code}", form)
    redemption = Redemption.objects.get()
    office.post(reverse("points_slip", args=[redemption.pk]))
    office.post(reverse("points_redemption", args=[redemption.pk]), {"verb": "cancel", "reason": "改主意"})
    assert IssuedDocument.objects.get().status == "revoked"
    assert Balance.objects.get(household=household).points == 30


def test_households_items_rules_and_rewards_are_kept_by_forms(
    village: Place, grid: str, official: User, household: Household, sibling: Place
) -> None:
    office = as_(official)
    sent = {"place": village.pk, "code": "77", "head": "䶮小龙", "phone": "13900007777"}
    office.post(reverse("points_households:add"), sent)
    made = Household.objects.get(code="77")
    assert (made.village, made.balance.points, made.members.get().name) == (village, 0, "䶮小龙")
    assert office.post(reverse("points_households:add"), sent | {"place": sibling.pk, "code": "78"}).status_code == 200
    assert not Household.objects.filter(code="78").exists()
    office.post(reverse("points_households:edit", args=[made.pk]), sent | {"head": "䶮小虎"})
    made.refresh_from_db()
    assert made.head == "䶮小虎"
    item = {
        "place": village.pk, "category": "order", "name": "护河", "points": 3, "unit": "次", "cap": 2,
        "cap_period": "month", "valid_from": "2026-01-01", "position": 1,
    }  # fmt: skip
    assert "不能小于一次的积分" in text(office.post(reverse("points_items:add"), item))
    assert office.post(reverse("points_items:add"), item | {"cap": 6}).status_code == 302
    rules = Rules.objects.get()
    edit = {"place": village.pk, "panel_size": 1, "publicity_days": 7, "year_end": "carry"}
    edit |= {"valid_years": 1, "names_on_top": 5, "excellent_percent": 20, "good_percent": 40}
    assert office.post(reverse("points_rules:edit", args=[rules.pk]), edit).status_code == 200
    too_many = edit | {"panel_size": 3, "good_percent": 90}
    assert "不能超过百分之百" in text(office.post(reverse("points_rules:edit", args=[rules.pk]), too_many))
    assert office.post(reverse("points_rules:edit", args=[rules.pk]), edit | {"panel_size": 3}).status_code == 302
    reward = {"place": village.pk, "name": "大米", "price": 30, "unit": "袋", "valid_from": "2026-01-01"}
    office.post(reverse("points_rewards:add"), reward)
    stock = reverse("points_stock", args=[Reward.objects.get(name="大米").pk])
    office.post(stock, {"change": 5, "reason": "restock"})
    assert "不能减成负数" in text(office.post(stock, {"change": -6, "reason": "loss"}))
    assert Reward.objects.get(name="大米").stock == 5


def test_a_household_is_split_on_its_page(household: Household, official: User, cleaning: Item) -> None:
    make_line(household, cleaning, official)
    office, address = as_(official), reverse("points_household", args=[household.pk])
    for name, relation in (("小山", "子"), ("阿兰", "儿媳")):
        office.post(address, {"name": name, "relation": relation, "joined_on": "2026-01-01"})
    son, wife = household.members.order_by("pk")[1:]
    sent = {"on": TODAY, "code": "88", "head": son.pk, "members": [wife.pk], "points": 1, "phone": "13900008888"}
    split = reverse("points_split", args=[household.pk])
    asked = soup(office.get(split))
    assert "这户现有 2 分" in asked.get_text(" ", strip=True)
    assert [one.get_text() for one in asked.select("select[name=head] option")][1:] == ["小山", "阿兰"]
    assert "选择一个有效的选项" in text(office.post(split, sent | {"head": household.members.first().pk}))
    office.post(split, sent)
    assert set(Household.objects.get(code="88").members.values_list("name", "relation")) == {
        ("小山", "本人"),
        ("阿兰", "儿媳"),
    }
    assert Household.objects.get(code="88").phone == "13900008888"
    assert Balance.objects.get(household__code="88").points == 1
    assert "88 小山" in text(office.get(address))
    merge = reverse("points_merge", args=[household.pk])
    [agreed] = soup(office.post(merge, {"on": TODAY, "later": "88"})).select("input[name=agreed]")
    assert agreed["value"].startswith(f"{household}的 1 人、1 分并到88 小山；")
    assert Balance.objects.get(household__code="88").points == 1
    make_line(household, cleaning, official)
    [other] = soup(office.post(merge, {"on": TODAY, "later": "88", "agreed": agreed["value"]})).select("[name=agreed]")
    assert "1 人、3 分" in other["value"]
    office.post(merge, {"on": TODAY, "later": "88", "agreed": other["value"]})
    assert Balance.objects.get(household__code="88").points == 4


def test_an_honour_is_voted_on_and_awarded(
    village: Place, household: Household, official: User, panel: list[User]
) -> None:
    office = as_(official)
    sent = {"place": village.pk, "name": "好邻居", "season": "2026年", "seats": 1}
    office.post(reverse("points_honours:add"), sent)
    honour = Honour.objects.get()
    address = reverse("points_honour", args=[honour.pk])
    office.post(address, {"verb": "nominate", "household": household.code, "reason": "照顾邻居"})
    nomination = honour.nominations.get()
    assert office.post(address, {"verb": "vote", "nomination": nomination.pk, "agrees": "yes"}).status_code == 404
    for reviewer in panel[:2]:
        as_(reviewer).post(address, {"verb": "vote", "nomination": nomination.pk, "agrees": "yes"})
    assert as_(panel[0]).post(address, {"verb": "award"}).status_code == 404
    office.post(address, {"verb": "award"})
    nomination.refresh_from_db()
    assert nomination.awarded


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


def make_draft(village: Place, user: User) -> Adoption:
    """A covenant with its first draft settled."""
    adoption = make_adoption(village, "柳河村村规民约")
    return procedure.settle_draft(adoption=adoption, on=date(2026, 2, 1), note="", by=user)


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
