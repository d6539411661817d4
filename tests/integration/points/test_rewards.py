"""The store: what a household gets, and what nobody can get."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import User
from knowledge.points.actions import ledger, rewards
from knowledge.points.models import Balance, Household, Item, LedgerLine, Redemption, Reward, StockMove
from knowledge.points.verification import differences
from registry.places.models import Place
from tests.integration.points.makers import key, make_household, make_reward

pytestmark = pytest.mark.django_db
Post = Callable[..., LedgerLine]


@pytest.fixture
def rich(post: Post, household: Household, cleaning: Item) -> Household:
    """A household with 25 points."""
    for month, quantity in ((8, 5), (9, 5), (10, 2)):
        post(household, cleaning, quantity=quantity, on=date(2026, month, 3))
    Item.objects.filter(pk=cleaning.pk).update(points=1)
    cleaning.refresh_from_db()
    post(household, cleaning, on=date(2026, 10, 4))
    return household


def redeem(household: Household, reward: Reward, by: User, quantity: int = 1, **values: object) -> Redemption:
    return rewards.redeem(
        household=household, reward=reward, quantity=quantity, by=by, **{"request_key": key()} | values
    )


def left(household: Household, reward: Reward) -> tuple[int, int]:
    reward.refresh_from_db()
    return Balance.objects.get(household=household).points, reward.stock


def test_points_become_things(rich: Household, soap: Reward, official: User) -> None:
    redemption = redeem(rich, soap, official, quantity=2)
    assert left(rich, soap) == (5, 1)
    assert (redemption.points, redemption.line.points, redemption.line.kind) == (20, -20, "redemption")
    rewards.hand_over(redemption=redemption, by=official)
    with pytest.raises(ValidationError, match="已领取"):
        rewards.hand_over(redemption=redemption, by=official)
    with pytest.raises(ValidationError, match="已领取"):
        rewards.cancel(redemption=redemption, reason="不要了", by=official)
    assert left(rich, soap) == (5, 1)
    assert differences() == []


def test_the_same_form_twice_redeems_once(rich: Household, soap: Reward, official: User) -> None:
    form = key()
    first = redeem(rich, soap, official, request_key=form)
    assert redeem(rich, soap, official, request_key=form) == first
    assert left(rich, soap) == (15, 2)


def test_a_cancelled_redemption_gives_everything_back(rich: Household, soap: Reward, official: User) -> None:
    redemption = redeem(rich, soap, official, quantity=2)
    with pytest.raises(ValidationError, match="只有积分可以冲正"):
        ledger.reverse(line=redemption.line, reason="错", by=official)
    rewards.cancel(redemption=redemption, reason="改主意了", by=official)
    assert left(rich, soap) == (25, 3)
    assert LedgerLine.objects.get(kind="reversal").reversal_of == redemption.line
    assert differences() == []


def test_what_cannot_be_redeemed(rich: Household, soap: Reward, official: User, sibling: Place, village: Place) -> None:
    rice = make_reward(village, official, price=5, stock=99, name="大米")
    rice.valid_until = date(2026, 1, 1)
    rewards.offer(reward=rice, by=official)
    refused = [
        ("现有 25 分", lambda: redeem(rich, soap, official, quantity=3)),
        ("只剩 3", lambda: redeem(rich, soap, official, quantity=4)),
        ("数量至少是 1", lambda: redeem(rich, soap, official, quantity=0)),
        ("不能兑换", lambda: redeem(rich, rice, official)),
        ("不是本村", lambda: redeem(make_household(sibling, official), soap, official)),
    ]
    for message, attempt in refused:
        with pytest.raises(ValidationError, match=message):
            attempt()
    assert left(rich, soap) == (25, 3)


def test_debts_that_are_allowed_are_none_of_the_stores(
    household: Household, soap: Reward, official: User, post: Post, littering: Item
) -> None:
    post(household, littering)
    assert Balance.objects.get(household=household).may_be_negative
    with pytest.raises(ValidationError, match="现有 -5 分"):
        redeem(household, soap, official)
    line = LedgerLine.objects.get()
    line.pk, line.claim, line.number, line.kind, line.account = None, None, 9, "redemption", "redemption"
    with pytest.raises(IntegrityError, match="redeems more than it has"), transaction.atomic():
        line.save(force_insert=True)


def test_stock_is_counted_in_moves_that_stay(soap: Reward, official: User) -> None:
    rewards.move_stock(reward=soap, change=-2, reason="loss", by=official, note="受潮")
    soap.refresh_from_db()
    assert soap.stock == 1
    with pytest.raises(ValidationError, match="现有 1"):
        rewards.move_stock(reward=soap, change=-2, reason="loss", by=official)
    for attempt in (lambda: StockMove.objects.update(change=9), lambda: StockMove.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            attempt()
    with pytest.raises(IntegrityError, match="points_reward_stock"), transaction.atomic():
        StockMove.objects.create(reward=soap, change=-2, reason="loss")


def test_a_change_of_price_leaves_the_stock_and_old_slips(rich: Household, soap: Reward, official: User) -> None:
    redemption = redeem(rich, soap, official)
    Reward.objects.filter(pk=soap.pk).update(stock=2)
    soap.price, soap.stock = 12, 77
    rewards.offer(reward=soap, by=official)
    redemption.refresh_from_db()
    assert redemption.points == 10
    assert left(rich, soap) == (15, 2)
