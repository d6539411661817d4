"""Villages' points in the site's search: their rules, items and rewards; never a household, never a line."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from knowledge.points.actions import rewards, rules
from knowledge.points.choices import Category
from knowledge.points.models import Household, Item, Reward, Rules
from registry.places.models import Place
from search.documents import sources
from search.engines.base import Engine
from search.queries import search
from tests.integration.search.core.conftest import engine, unbuilt

from .makers import make_line

__all__ = ["engine", "unbuilt"]


@pytest.fixture
def kept(
    engine: Engine, rules: Rules, village: Place, official: User, django_capture_on_commit_callbacks: Any
) -> Rules:
    """A village whose page is in the index: sorting rubbish gives points, and soap is had for them."""
    with django_capture_on_commit_callbacks(execute=True):
        save(village, official, "生活垃圾分类", 2, cap=8)
        save(village, official, "垃圾乱倒", -5)
        offered = Reward(place=village, name="洗衣液", price=30, unit="瓶", valid_from=timezone.localdate())
        rewards.offer(reward=offered, by=official)
    return rules


def save(village: Place, by: User, name: str, points: int, **values: Any) -> Item:
    item = Item(
        place=village, name=name, points=points, category=Category.ORDER, valid_from=timezone.localdate(), **values
    )
    return rules.save_item(item=item, by=by)


def found(query: str) -> list[str]:
    return [hit.url for hit in search(query).hits]


@pytest.mark.parametrize(
    "query", ["垃圾分类加几分", "积分兑换", "积分兑换洗衣液", "柳河村积分", "乱倒垃圾扣分", "积分超市"]
)
def test_a_village_is_found_by_what_its_page_says(kept: Rules, village: Place, query: str) -> None:
    assert found(query) == [f"/points/{village.code}/"]


def test_the_document_tells_points_caps_and_prices(kept: Rules) -> None:
    (document,) = sources()["points"].documents([kept.pk])
    assert "生活垃圾分类（每次加 2 分，每月最多 8 分）" in document.body
    assert "垃圾乱倒（每次扣 5 分）" in document.body
    assert "洗衣液 30 分/瓶" in document.body


def test_no_household_and_no_line_is_found(
    kept: Rules, village: Place, household: Household, littering: Item, official: User
) -> None:
    make_line(household, littering, official)
    (document,) = sources()["points"].documents([kept.pk])
    everything = "\n".join([document.title, document.body, document.heading, document.summary, *document.names])
    assert household.head not in everything
    assert household.code not in everything
    assert found(household.head) == []


def test_an_item_that_ended_is_found_no_longer(
    kept: Rules, village: Place, official: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        item = save(village, official, "义务植树", 3)
    assert found("义务植树")
    with django_capture_on_commit_callbacks(execute=True):
        item.valid_from -= timedelta(days=9)
        item.valid_until = timezone.localdate() - timedelta(days=1)
        rules.save_item(item=item, by=official)
    assert found("义务植树") == []


def test_the_night_brings_what_begins_today(
    kept: Rules, village: Place, official: User, time_machine: Any, django_capture_on_commit_callbacks: Any
) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with django_capture_on_commit_callbacks(execute=True):
        rules.save_item(
            item=Item(place=village, name="节水灌溉", points=2, category=Category.OWN, valid_from=tomorrow), by=official
        )
    assert found("节水灌溉") == []
    time_machine.move_to(f"{tomorrow.isoformat()} 00:30+08:00", tick=False)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("post_points")
    assert found("节水灌溉")


def test_a_village_without_points_has_no_document(village: Place, official: User, db: None) -> None:
    save(village, official, "清洁日", 1)
    assert list(sources()["points"].documents()) == []


def test_crawlers_are_told_of_the_page(kept: Rules, village: Place) -> None:
    assert f"/points/{village.code}/</loc>" in Client().get("/sitemap.xml").content.decode()
