"""Rows of points, each made the way that people make them."""

import itertools
from datetime import date
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site

from accounts.models import User
from home.models import HomePage
from knowledge.covenants.actions import adoption as procedure
from knowledge.covenants.actions import create_section
from knowledge.covenants.models import Adoption, CovenantPage
from knowledge.points.actions import claims, households, ledger, rewards
from knowledge.points.choices import Category, LineKind, PeriodKind, Source
from knowledge.points.models import Claim, Household, Item, LedgerLine, Redemption, Reward
from registry.places.models import Place

_codes = itertools.count(1)


def key() -> Any:
    """What an empty form is given."""
    return uuid4()


def make_household(place: Place, by: User, **values: Any) -> Household:
    """Another household at a place."""
    number = next(_codes)
    made = Household(place=place, **{"code": f"{number:04}", "head": f"王{number}", "phone": "13900001234"} | values)
    return households.register(household=made, by=by, joined_on=date(2024, 1, 1))


def split_off(household: Household, by: User, *, code: str, points: int, on: date, name: str = "小山") -> Household:
    """A household of one, who was the other's son since 2024."""
    son = households.join(household=household, name=name, relation="子", on=date(2024, 1, 1), by=by)
    return households.split(household=household, head=son, others={}, code=code, points=points, on=on, by=by)


def make_item(place: Place, name: str, points: int, **values: Any) -> Item:
    """Another item, valid since 2024."""
    given: dict[str, Any] = {"category": Category.ORDER, "valid_from": date(2024, 1, 1), "cap_period": PeriodKind.MONTH}
    return Item.objects.create(place=place, name=name, points=points, **given | values)


def make_reward(place: Place, by: User, *, price: int, stock: int, name: str = "肥皂") -> Reward:
    """Another thing in the store."""
    made = Reward(place=place, name=name, price=price, valid_from=date(2024, 1, 1))
    rewards.offer(reward=made, by=by, stock=stock)
    made.refresh_from_db()
    return made


def make_claim(household: Household, item: Item, by: User) -> Claim:
    """A claim that an official entered today."""
    deed = claims.Deed(household, item)
    return claims.enter(deed=deed, happened_on=timezone.localdate(), source=Source.OFFICIAL, by=by)


@transaction.atomic
def make_line(household: Household, item: Item, by: User, *, day: date | None = None) -> LedgerLine:
    """A line without a claim before it."""
    on = day or timezone.localdate()
    entry = ledger.Entry(
        household=household,
        kind=LineKind.AWARD,
        account=item.category,
        points=item.points,
        title=item.name,
        happened_on=on,
        dated_on=on,
        item=item,
        capped=True,
    )
    return ledger.append(place=household.village, entries=[entry], by=by)[0]


def make_redemption(household: Household, reward: Reward, by: User) -> Redemption:
    """One thing set aside."""
    return rewards.redeem(household=household, reward=reward, quantity=1, by=by, request_key=key())


def make_adoption(place: Place, title: str) -> Adoption:
    """A covenant of a village that opinions are asked for."""
    home = HomePage.objects.first()
    if home is None:
        home = Page.get_first_root_node().add_child(instance=HomePage(title="乡约", slug="front"))
        Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home})
    page = CovenantPage(title=title, village=place.name, place=place, summary="一条。")
    page.chapters = [("chapter", {"title": "家庭", "clauses": [{"text": "孝敬老人。", "cites": []}]})]
    section = create_section(by=None)
    section.refresh_from_db()
    section.add_child(instance=page)
    page.save_revision().publish()
    return procedure.begin(covenant=page, on=date(2026, 1, 5), note="", by=None)


def make_draft(village: Place, user: User) -> Adoption:
    """A covenant with its first draft settled."""
    adoption = make_adoption(village, "柳河村村规民约")
    return procedure.settle_draft(adoption=adoption, on=date(2026, 2, 1), note="", by=user)
