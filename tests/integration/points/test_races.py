"""Many at once, on PostgreSQL: nothing is spent twice, nothing is lost."""

import threading
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from knowledge.points.actions import claims, ledger, periods, posting, rewards
from knowledge.points.actions.ledger import Entry
from knowledge.points.choices import Category, LineKind
from knowledge.points.models import Balance, CapUse, Claim, Household, Item, LedgerLine, Redemption
from knowledge.points.verification import differences
from tests.integration.points.conftest import TODAY
from tests.integration.points.makers import key, make_household, make_reward

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def together(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run these at the same moment, each with a connection of its own; what each returned or raised."""
    start, found = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number: int, call: Callable[[], Any]) -> None:
        start.wait(timeout=30)
        try:
            found[number] = call()
        except (ValidationError, IntegrityError) as error:
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


def award(household: Household, item: Item, points: int, by: User, day: date = TODAY) -> LedgerLine:
    with transaction.atomic():
        entry = Entry(
            household=household,
            kind=LineKind.AWARD,
            account=Category.ORDER,
            points=points,
            title=item.name,
            happened_on=day,
            dated_on=day,
            item=item,
            capped=True,
        )
        return ledger.append(place=household.village, entries=[entry], by=by)[0]


def succeeded(found: list[Any]) -> list[Any]:
    return [one for one in found if not isinstance(one, Exception)]


def test_the_last_thing_in_stock_goes_to_one(village: Any, official: User, cleaning: Item) -> None:
    last = make_reward(village, official, price=1, stock=1)
    rivals = [make_household(village, official) for _ in range(8)]
    for rival in rivals:
        award(rival, cleaning, 2, official)
    found = together(
        [
            lambda rival=rival: rewards.redeem(household=rival, reward=last, quantity=1, by=official, request_key=key())
            for rival in rivals
        ]
    )
    assert len(succeeded(found)) == 1
    last.refresh_from_db()
    assert last.stock == 0
    assert Redemption.objects.count() == 1
    assert sum(Balance.objects.values_list("points", flat=True)) == 15
    assert differences() == []


def test_a_household_spends_its_last_points_once(household: Household, official: User, cleaning: Item) -> None:
    soap = make_reward(household.village, official, price=10, stock=50)
    award(household, cleaning, 10, official)
    award(household, cleaning, 9, official, date(2026, 9, 1))
    form = key()
    calls = [
        lambda k=k: rewards.redeem(household=household, reward=soap, quantity=1, by=official, request_key=k)
        for k in (form, form, form, *(key() for _ in range(5)))
    ]
    made = succeeded(together(calls))
    assert len({redemption.pk for redemption in made}) == 1
    assert Balance.objects.get(household=household).points == 9
    soap.refresh_from_db()
    assert soap.stock == 49
    assert differences() == []


def test_ten_clerks_post_reverse_and_redeem_for_one_household(
    household: Household, official: User, cleaning: Item, littering: Item
) -> None:
    soap = make_reward(household.village, official, price=5, stock=2)
    first = award(household, cleaning, 10, official)
    september = date(2026, 9, 1)

    def reverse() -> Any:
        return ledger.reverse(line=first, reason="登错了", by=official)

    def redeem() -> Any:
        return rewards.redeem(household=household, reward=soap, quantity=1, by=official, request_key=key())

    calls = [
        *[lambda: award(household, cleaning, 4, official, september) for _ in range(4)],
        *[reverse] * 3,
        *[redeem] * 3,
    ]
    found = together(calls)
    # Ten a month is the cap: two of the four fit, whoever came first.
    assert len(succeeded(found[:4])) == 2
    assert len(succeeded(found[4:7])) == 1
    assert len(succeeded(found[7:])) <= 2
    assert CapUse.objects.get(cap_from=september).points == 8
    lines = LedgerLine.objects.filter(household=household)
    assert Balance.objects.get(household=household).points == lines.total()
    numbers = list(lines.filter(dated_on=TODAY).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert differences() == []


def test_a_claim_is_posted_once(
    household: Household, official: User, enter: Callable[..., Claim], publicize: Callable[..., Claim], cleaning: Item
) -> None:
    claim = publicize(enter(household, cleaning))
    Claim.objects.update(public_from=date(2026, 10, 1), public_until=date(2026, 10, 8))
    found = together([lambda: posting.post_due(place=household.village, by=None)] * 6)
    assert sum(len(lines) for lines in found) == 1
    assert LedgerLine.objects.get().claim == claim


def test_two_of_the_panel_at_once_make_one_publicity(
    household: Household, clerk: User, panel: list[User], enter: Callable[..., Claim], cleaning: Item
) -> None:
    claim = enter(household, cleaning)
    claims.check(claims=[claim], by=clerk)
    calls = [lambda by=by: claims.review(claims=[claim], agrees=True, by=by) for by in (*panel[:2], *panel[:2])]
    assert len(succeeded(together(calls))) == 2
    claim.refresh_from_db()
    assert (claim.state, claim.reviews.count()) == ("publicized", 2)


def test_a_month_that_is_being_closed_takes_no_line(household: Household, official: User, cleaning: Item) -> None:
    september = date(2026, 9, 1)
    award(household, cleaning, 1, official, september)
    calls = [
        lambda: periods.close(place=household.village, day=september, kind="month", by=official),
        *[lambda: award(household, cleaning, 1, official, september) for _ in range(5)],
    ]
    together(calls)
    closed = LedgerLine.objects.filter(period__first_day=september)
    assert closed.count() == closed.first().period.lines
    with pytest.raises((ValidationError, IntegrityError)):
        award(household, cleaning, 1, official, september)
    assert differences() == []
