"""A village with rules, items, households, officials and a panel."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from knowledge.points.actions import claims, posting
from knowledge.points.choices import Source
from knowledge.points.models import Claim, Household, Item, LedgerLine, Reward, Rules
from registry.places.models import Place
from tests.integration.points.makers import make_household, make_item, make_reward
from tests.integration.registry.conftest import appoint, county, grid, other_township, sibling, township, village

__all__ = ["appoint", "county", "grid", "other_township", "sibling", "township", "village"]

TODAY = date(2026, 10, 20)


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
