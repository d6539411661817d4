"""The books, the counter and the registers: what officials keep."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from knowledge.points.actions import claims
from knowledge.points.models import (
    Balance,
    Honour,
    Household,
    Item,
    LedgerLine,
    Period,
    Redemption,
    Reward,
    Rules,
)
from registry.places.models import Place
from tests.integration.points.conftest import TODAY
from tests.integration.points.makers import key, make_household, make_item, make_line
from tests.integration.points.screens import as_, soup, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def test_who_closes_a_month_is_told_what_is_not_done(
    village: Place, household: Household, cleaning: Item, official: User
) -> None:
    make_line(household, cleaning, official, day=TODAY - timedelta(days=40))
    deed = claims.Deed(household, cleaning)
    claims.enter(deed=deed, happened_on=TODAY - timedelta(days=41), source="official", by=official)
    asked = as_(official).post(reverse("points_periods"), {"day": "2026-09-01", "kind": "month"})
    assert "还有 1 笔申报没有办完" in text(asked)


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
    as_wife = f"relation_{wife.pk}"
    sent = {"on": TODAY, "code": "88", "head": son.pk, as_wife: "配偶", "points": 1, "phone": "13900008888"}
    split = reverse("points_split", args=[household.pk])
    asked = soup(office.get(split))
    assert "这户现有 2 分" in asked.get_text(" ", strip=True)
    assert [one.get_text() for one in asked.select("select[name=head] option")][1:] == ["小山", "阿兰"]
    assert "选择一个有效的选项" in text(office.post(split, sent | {"head": household.members.first().pk}))
    assert "阿兰（现在是户主的：儿媳）" in asked.get_text(" ", strip=True)
    assert "新户主本人不用填" in text(office.post(split, sent | {f"relation_{son.pk}": "子"}))
    [agreed] = soup(office.post(split, sent)).select("input[name=agreed]")
    assert agreed["value"].startswith(
        f"分出88户：小山（户主）、阿兰（配偶），带走 1 分；留在原户：{household.head}，与户主的关系不变。"
    )
    assert not Household.objects.filter(code="88").exists()
    office.post(split, sent | {"agreed": agreed["value"]})
    assert set(Household.objects.get(code="88").members.values_list("name", "relation")) == {
        ("小山", "本人"),
        ("阿兰", "配偶"),
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
    later = Household.objects.get(code="88")
    father = later.members.get(name=household.head)
    page = soup(office.get(reverse("points_household", args=[later.pk])))
    relation = reverse("points_relation", args=[father.pk])
    assert "待核实" in page.select_one(f"td:has(a[href='{relation}'])").get_text()
    assert soup(office.get(relation)).select_one("input[name=relation]").get("value") is None
    assert "relation" in office.post(relation, {"relation": ""}).context["form"].errors
    assert office.post(relation, {"relation": "父"}).url == reverse("points_household", args=[later.pk])
    father.refresh_from_db()
    assert father.relation == "父"


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
