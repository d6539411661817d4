"""A village with rules, items, households, officials and a panel."""

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from knowledge.points.actions import claims, households, posting
from knowledge.points.choices import Category, PeriodKind, Source
from knowledge.points.models import Claim, Household, Item, LedgerLine, Reward, Rules
from registry.places.models import Place
from tests.integration.registry.conftest import appoint, county, grid, other_township, sibling, township, village

__all__ = ["appoint", "county", "grid", "other_township", "sibling", "township", "village"]

TODAY = date(2026, 10, 20)
_codes = itertools.count(1)


@pytest.fixture(autouse=True)
def _today(time_machine: Any) -> None:
    """The clock stands in the middle of a month, with closed and open ones behind it."""
    time_machine.move_to(f"{TODAY.isoformat()} 10:00+08:00", tick=False)


@pytest.fixture
def rules(village: Place) -> Rules:
    """Two reviewers, seven days, balances that may be negative."""
    return Rules.objects.create(place=village)


@pytest.fixture
def official(appoint: Callable[..., User], village: Place) -> User:
    """Who enters."""
    return appoint(village, Role.VILLAGE_OFFICIAL)


@pytest.fixture
def clerk(appoint: Callable[..., User], village: Place) -> User:
    """Who checks what the official entered."""
    return appoint(village, Role.VILLAGE_OFFICIAL)


@pytest.fixture
def panel(appoint: Callable[..., User], village: Place) -> list[User]:
    """Three reviewers."""
    return [appoint(village, Role.POINTS_REVIEWER) for _ in range(3)]


@pytest.fixture
def household(village: Place, official: User) -> Household:
    """The household of 𠅤大山."""
    return make_household(village, official, head="𠅤大山")


@pytest.fixture
def cleaning(village: Place) -> Item:
    """Two points each time, ten a month."""
    return make_item(village, "参加村庄清洁日", 2, cap=10)


@pytest.fixture
def littering(village: Place) -> Item:
    """Five points less."""
    return make_item(village, "垃圾乱倒", -5)


@pytest.fixture
def soap(village: Place, official: User) -> Reward:
    """Ten points, three in stock."""
    return make_reward(village, official, price=10, stock=3)


def make_household(place: Place, by: User, **values: Any) -> Household:
    """Another household at a place."""
    number = next(_codes)
    made = Household(place=place, **{"code": f"{number:04}", "head": f"王{number}", "phone": "13900001234"} | values)
    return households.register(household=made, by=by, joined_on=date(2024, 1, 1))


def make_item(place: Place, name: str, points: int, **values: Any) -> Item:
    """Another item, valid since 2024."""
    given: dict[str, Any] = {"category": Category.ORDER, "valid_from": date(2024, 1, 1), "cap_period": PeriodKind.MONTH}
    return Item.objects.create(place=place, name=name, points=points, **given | values)


def make_reward(place: Place, by: User, *, price: int, stock: int, name: str = "肥皂") -> Reward:
    """Another thing in the store."""
    from knowledge.points.actions import rewards

    made = Reward(place=place, name=name, price=price, valid_from=date(2024, 1, 1))
    rewards.offer(reward=made, by=by, stock=stock)
    made.refresh_from_db()
    return made


@pytest.fixture
def enter(official: User) -> Callable[..., Claim]:
    """`enter(household, item, quantity=1, on=…)`: a claim that the official entered."""

    def _enter(household: Household, item: Item, *, quantity: int = 1, on: date | None = None, **values: Any) -> Claim:
        deed = claims.Deed(household, item, quantity)
        given = {"source": Source.OFFICIAL, "by": official} | values
        return claims.enter(deed=deed, happened_on=on or timezone.localdate(), **given)

    return _enter


@pytest.fixture
def publicize(clerk: User, panel: list[User]) -> Callable[[Claim], Claim]:
    """A claim checked by the clerk and agreed to by two of the panel."""

    def _publicize(claim: Claim) -> Claim:
        claims.check(claims=[claim], by=clerk)
        for reviewer in panel[:2]:
            claims.review(claims=[claim], agrees=True, by=reviewer)
        claim.refresh_from_db()
        return claim

    return _publicize


@pytest.fixture
def post(
    enter: Callable[..., Claim], publicize: Callable[[Claim], Claim], official: User, time_machine: Any
) -> Callable[..., LedgerLine]:
    """`post(household, item, …)`: the line of a claim that went its whole way, at once."""

    def _post(household: Household, item: Item, **values: Any) -> LedgerLine:
        claim = publicize(enter(household, item, **values))
        Claim.objects.filter(pk=claim.pk).update(
            public_from=timezone.localdate() - timedelta(days=9), public_until=timezone.localdate() - timedelta(days=2)
        )
        posting.post_due(place=household.village, by=official)
        claim.refresh_from_db()
        return claim.line

    return _post


def key() -> Any:
    """What an empty form is given."""
    return uuid4()
