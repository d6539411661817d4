"""Figures from the totals, against plain sums over the lines."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from accounts.models import User
from knowledge.points import figures
from knowledge.points.actions import ledger
from knowledge.points.models import Household, Item, LedgerLine
from registry.places.models import Place
from tests.integration.points.conftest import TODAY
from tests.integration.points.makers import make_household, make_item, make_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(village: Place, official: User, household: Household, cleaning: Item, littering: Item) -> list[LedgerLine]:
    """Lines of two households in three months, one of them undone, and points redeemed beside them."""
    help_ = make_item(village, "助人", 8, category="neighbours")
    other = make_household(village, official)
    made = [
        make_line(household, cleaning, official, day=date(2026, 8, 3)),
        make_line(household, help_, official, day=date(2026, 9, 3)),
        make_line(other, help_, official, day=date(2026, 9, 5)),
        make_line(other, littering, official, day=date(2026, 10, 5)),
        make_line(other, cleaning, official, day=date(2026, 10, 6)),
    ]
    ledger.reverse(line=made[1], reason="登错了", by=official)
    return made


def plain(sql: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def test_figures_are_the_sums_of_the_lines(village: Place, lines: list[LedgerLine]) -> None:
    by_month = dict(
        plain(
            "SELECT p.first_day, SUM(l.points) FROM points_ledgerline l JOIN points_period p ON p.id = l.period_id "
            "WHERE l.place_id = %s GROUP BY p.first_day",
            village.pk,
        )
    )
    trend = {str(month.first_day): month.points for month in figures.trend(village, until=TODAY) if month.households}
    assert trend == {str(day): points for day, points in by_month.items()}
    by_category = figures.by_category(village, since=date(2026, 9, 1), until=TODAY)
    assert (by_category["neighbours"], by_category["order"], by_category["family"]) == (8, -3, 0)


def test_the_ranking_is_of_its_period_and_shares_ranks(
    village: Place, lines: list[LedgerLine], household: Household, official: User
) -> None:
    idle = make_household(village, official)
    ranked = figures.ranks(figures.ranking(village, since=date(2026, 9, 1), until=TODAY))
    assert [(rank, one.pk, one.earned) for rank, one in ranked] == [
        (1, lines[2].household_id, 5),
        (2, household.pk, 0),
        (2, idle.pk, 0),
    ]
    august = figures.ranking(village, since=date(2026, 8, 1), until=date(2026, 8, 31))
    assert august[0].earned == 2


def test_months_are_named_and_empty_ones_are_nothing(village: Place) -> None:
    months = figures.trend(village, until=date(2026, 3, 5), months=4)
    assert [(month.label, month.points) for month in months] == [("12月", 0), ("2026年1月", 0), ("2月", 0), ("3月", 0)]


def test_a_ranking_asks_once_however_many_households(
    village: Place, lines: list[LedgerLine], django_assert_num_queries: Callable[..., object]
) -> None:
    with django_assert_num_queries(2):
        list(figures.ranking(village, since=date(2026, 1, 1), until=TODAY))
