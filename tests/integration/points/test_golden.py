"""Every figure of the seven reports is that of plain SQL over the lines."""

from datetime import date
from typing import Any

import pytest
from django.db.models import F

from accounts.models import User
from accounts.roles import Role
from knowledge.points import demo
from knowledge.points.actions import households, ledger, rewards
from knowledge.points.choices import Category
from knowledge.points.models import Item, LedgerLine, Redemption, Reward, StockMove, Total
from registry.places import demo as places
from registry.places.models import Place
from tests.integration.covenants.conftest import home_page
from tests.integration.points import golden
from tests.integration.points.golden_reports import differences
from tests.integration.points.makers import make_household, make_line, make_redemption, split_off

pytestmark = pytest.mark.django_db
__all__ = ["home_page"]


@pytest.fixture
def villages(home_page: object, appoint: Any) -> list[Place]:
    """Two villages of one township and one of another, small, with lines of fourteen months round a year's end."""
    places.load()
    every = places.villages()
    chosen = [*every[:2], next(one for one in every if one.path[:8] != every[0].path[:8])]
    by = appoint(every[0].get_parent().get_parent(), Role.TOWNSHIP_OFFICIAL)
    demo.load(places=chosen, by=by, size=0.04, months=13)
    _what_happens_seldom(chosen[0], by)
    return chosen


def _what_happens_seldom(village: Place, by: User) -> None:
    """What the demo has none of: mistakes of a closed month, a merger, a split, a cancelled redemption, a loss."""
    closed = LedgerLine.objects.filter(place=village, kind="award", reversed_by=None, period__closed_at__isnull=False)
    ledger.reverse(line=closed.filter(points__gt=0).first(), reason="登错了", by=by)
    item = Item.objects.get(place=village, name="喜事新办、丧事简办")
    giver, taker, third = (make_household(village, by, code=code) for code in ("8001", "8002", "8003"))
    for household in (giver, taker, third):
        make_line(household, item, by, day=date(2026, 9, 20))
    day = date(2026, 10, 19)
    households.merge(former=giver, later=taker, on=day, by=by)
    split_off(third, by, code="9001", points=7, on=day, name="𠅤小山")
    reward = Reward.objects.filter(place=village).order_by("price").first()
    rewards.cancel(redemption=make_redemption(taker, reward, by), reason="不要了", by=by)
    rewards.move_stock(reward=reward, change=-2, reason=StockMove.Reason.LOSS, by=by)


def test_no_report_differs_from_the_lines(villages: list[Place]) -> None:
    assert len(golden.villages()) == 3
    assert len(golden.months()) == 14
    assert Redemption.objects.filter(state="cancelled").count() == 1
    assert list(differences()) == []


def test_a_total_that_is_one_off_is_found_in_every_report_that_shows_it(villages: list[Place]) -> None:
    off = Total.objects.filter(period__place=villages[1], period__first_day=date(2026, 8, 1), account=Category.ORDER)
    Total.objects.filter(pk=off.first().pk).update(points=F("points") + 1)
    found = {text.split()[0] for text in differences()}
    name = villages[1].name
    for report in ("2026年8月积分公示", "2026年8月积分光荣榜", "2026年8月积分台账", "2026年年度评定"):
        assert f"{name}{report}" in found
    assert any("积分汇总" in title for title in found)
