"""The demo is as sound as what people enter."""

from datetime import date

import pytest

from accounts.models import User
from accounts.roles import Role
from knowledge.covenants.models import CovenantPage
from knowledge.points import demo
from knowledge.points.actions import periods
from knowledge.points.models import Claim, Household, Item, LedgerLine, Period, Reward, Rules
from knowledge.points.verification import differences
from registry.places import demo as places
from tests.integration.covenants.conftest import home_page

pytestmark = pytest.mark.django_db
__all__ = ["home_page"]


@pytest.fixture
def made(home_page: object, appoint: object) -> list[object]:
    """Three villages, small, eleven months round a year's end."""
    places.load()
    villages = places.villages()[:3]
    by = appoint(villages[0].get_parent(), Role.TOWNSHIP_OFFICIAL)
    demo.load(places=villages, by=by, size=0.05, months=13)
    return [by, *villages]


def test_two_years_of_points_hold_every_rule(made: list[object]) -> None:
    by, *villages = made
    assert differences() == []
    assert Household.objects.filter(head="𠅤大山").count() == 3
    assert {line.kind for line in LedgerLine.objects.all()} >= {"award", "reversal", "redemption"}
    assert Period.objects.filter(closed_at=None).count() == 3 * 2
    assert set(Claim.objects.values_list("state", flat=True)) >= {"entered", "checked"}
    assert Reward.objects.filter(stock__lt=0).count() == 0
    assert Item.objects.exclude(clause="").exists()
    for village in villages:
        assert CovenantPage.objects.get(place=village).in_force is not None
        periods.close(place=village, day=date(2026, 9, 1), kind="month", by=by)


def test_a_second_load_adds_nothing(made: list[object]) -> None:
    by, *villages = made
    before = (LedgerLine.objects.count(), CovenantPage.objects.count(), Rules.objects.count(), User.objects.count())
    demo.load(places=villages, by=by, size=0.05, months=13)
    after = (LedgerLine.objects.count(), CovenantPage.objects.count(), Rules.objects.count(), User.objects.count())
    assert before == after
