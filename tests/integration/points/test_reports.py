"""What the reports say: of whom, in which order, under which name, and that it is what the ledger says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from knowledge.points.actions import households, ledger, periods
from knowledge.points.models import Honour, Household, Nomination, Rules, Total
from knowledge.points.reports import registry
from knowledge.points.reports.base import Figures, FiguresDiffer
from knowledge.points.reports.spans import Span
from registry.places.models import Place
from tests.integration.points.makers import (
    make_household,
    make_item,
    make_line,
    make_redemption,
    make_reward,
    split_off,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
OCTOBER, YEAR = Span.parse("2026-10"), Span.parse("2026")
AGREED = date(2024, 5, 1)


@dataclass
class Village:
    """Four households: named, not named, with points taken, with nothing."""

    named: Household
    shy: Household
    taken: Household
    idle: Household


@pytest.fixture
def people(village: Place, official: User) -> Village:
    """Ten points, ten points, three points taken, nothing; all of October 2026."""
    cleaning, help_ = make_item(village, "清洁", 4), make_item(village, "助人", 6, category="neighbours")
    litter = make_item(village, "乱倒垃圾", -3)
    made = Village(
        make_household(village, official, code="0001", head="𠅤大山", consent_on=AGREED),
        make_household(village, official, code="0002", head="欧阳修竹"),
        make_household(village, official, code="0003", head="李老四", consent_on=AGREED),
        make_household(village, official, code="0004", head="无为", consent_on=AGREED),
    )
    for household in (made.named, made.shy):
        make_line(household, cleaning, official, day=date(2026, 10, 3))
        make_line(household, help_, official, day=date(2026, 10, 4))
    make_line(made.taken, litter, official, day=date(2026, 10, 5))
    return made


def figures(name: str, place: Place, span: Span = OCTOBER) -> Figures:
    return registry.get(name).figures(place, span)


def cells(made: Figures, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in made.table.rows]


def test_the_publicity_sheet_names_by_consent_and_shames_nobody(village: Place, people: Village) -> None:
    made = figures("publicity", village)
    assert cells(made, "code", "name", "order", "neighbours", "earned", "rank") == [
        ("0001", "𠅤大山", 4, 6, 10, 1),
        ("0002", "欧***", 4, 6, 10, 1),
        ("0003", "—", -3, 0, -3, 4),
        ("0004", "无为", 0, 0, 0, 3),
    ]
    assert made.totals == {"family": 0, "neighbours": 12, "customs": 0, "order": 5, "own": 0, "earned": 17}
    assert dict(made.summary)["有积分记录的户"] == 3
    made.require_ledger()


def test_a_name_is_left_out_for_one_category_below_zero(village: Place, people: Village, official: User) -> None:
    make_line(people.named, make_item(village, "吵架", -9, category="family"), official, day=date(2026, 10, 6))
    assert cells(figures("publicity", village), "code", "name", "earned")[0] == ("0001", "—", 1)


def test_what_was_redeemed_and_undone_does_not_count_as_earned(village: Place, people: Village, official: User) -> None:
    line = people.named.lines.order_by("pk").first()
    make_redemption(people.shy, make_reward(village, official, price=2, stock=1), official)
    ledger.reverse(line=line, reason="登错了", by=official)
    made = figures("publicity", village)
    assert cells(made, "earned")[:2] == [(6,), (10,)]
    made.require_ledger()


def test_a_dissolved_household_stays_where_its_lines_stand(village: Place, people: Village, official: User) -> None:
    households.merge(former=people.shy, later=people.named, on=date(2026, 10, 10), by=official)
    assert len(figures("publicity", village).table.rows) == 4
    assert [row["code"] for row in figures("publicity", village, Span.parse("2026-11")).table.rows] == [
        "0001",
        "0003",
        "0004",
    ]


def test_a_household_that_was_split_off_later_is_not_listed_before(
    village: Place, people: Village, official: User
) -> None:
    split_off(people.named, official, code="0009", points=4, on=date(2026, 10, 12))
    codes = [row["code"] for row in figures("publicity", village, Span.parse("2026-09")).table.rows]
    assert codes == ["0001", "0002", "0003", "0004"]
    rows = {row["code"]: row for row in figures("annual", village, YEAR).table.rows}
    assert (rows["0001"]["transfer"], rows["0009"]["transfer"], rows["0009"]["closing"]) == (-4, 4, 4)
    assert figures("annual", village, YEAR).totals["transfer"] == 0


def test_figures_that_are_not_the_ledgers_are_refused(village: Place, people: Village) -> None:
    Total.objects.filter(household=people.named, account="order").update(points=99)
    with pytest.raises(FiguresDiffer, match="公共秩序：报表 100，台账 5"):
        figures("publicity", village).require_ledger()


def test_the_honour_list_has_those_that_agreed_and_the_ranks_of_all(
    village: Place, people: Village, rules: Rules
) -> None:
    made = figures("honour-list", village)
    assert cells(made, "rank", "name", "earned") == [(1, "𠅤大山", 10)]
    honour = Honour.objects.create(
        place=village, name="好邻居", season="2026年", state="awarded", awarded_on=date(2026, 10, 9)
    )
    for household, awarded in ((people.shy, True), (people.idle, False)):
        Nomination.objects.create(honour=honour, household=household, reason="助人", awarded=awarded)
    assert figures("honour-list", village).tables[1].rows == [{"honour": "2026年 好邻居", "name": "欧***"}]
    assert not figures("honour-list", village, Span.parse("2026-09")).tables[1].rows
    Rules.objects.filter(pk=rules.pk).update(names_on_top=0)
    assert not figures("honour-list", village).table.rows


def test_the_summary_lays_places_side_by_side(
    county: Place, township: Place, village: Place, sibling: Place, people: Village, official: User
) -> None:
    Rules.objects.create(place=sibling)
    make_line(make_household(sibling, official), make_item(sibling, "清洁", 5), official, day=date(2026, 9, 3))
    made = figures("summary", township)
    shown = ("name", "households", "taking_part", "participation", "earned", "average", "before", "change")
    assert cells(made, *shown) == [
        ("柳河村", 4, 3, Decimal("0.750"), 17, Decimal("4.25"), 0, 17),
        ("𠅤山村", 1, 0, Decimal("0.000"), 0, Decimal("0.00"), 5, -5),
    ]
    assert (made.totals["households"], made.totals["earned"], made.totals["before"]) == (5, 17, 5)
    assert (made.totals["participation"], made.totals["average"]) == (Decimal("0.600"), Decimal("3.40"))
    made.require_ledger()
    whole = figures("summary", county)
    assert cells(whole, "name", "households", "earned", "change") == [("清溪镇", 5, 17, 12)]
    assert len(whole.charts) == 3


def test_the_year_begins_with_what_was_there_and_ends_with_what_is_left(
    village: Place, people: Village, official: User
) -> None:
    make_line(people.named, make_item(village, "旧账", 8), official, day=date(2025, 12, 3))
    make_redemption(people.named, make_reward(village, official, price=2, stock=1), official)
    made = figures("annual", village, YEAR)
    shown = ("code", "opening", "earned", "taken", "redemption", "year_end", "closing", "months", "rank", "grade")
    assert cells(made, *shown) == [
        ("0001", 8, 10, 0, -2, 0, 16, 1, 1, "优秀"),
        ("0002", 0, 10, 0, 0, 0, 10, 1, 1, "优秀"),
        ("0003", 0, -3, -3, 0, 0, -3, 1, 4, "待提高"),
        ("0004", 0, 0, 0, 0, 0, 0, 0, 3, "没有积分"),
    ]
    assert [row["closing"] for row in made.table.rows] == [
        household.balance.points for household in Household.objects.select_related("balance").order_by("code")
    ]
    made.require_ledger()


def test_a_year_opens_with_what_the_one_before_carried_over(
    village: Place, people: Village, official: User, time_machine: Any
) -> None:
    time_machine.move_to("2027-02-03 10:00+08:00")
    for month in (10, 11, 12):
        periods.close(place=village, day=date(2026, month, 1), kind="month", by=official)
    closed, after = figures("annual", village, YEAR), figures("annual", village, Span.parse("2027"))
    assert cells(closed, "year_end", "closing") == [(-10, 0), (-10, 0), (3, 0), (0, 0)]
    assert cells(after, "opening", "year_end", "closing") == [(10, 0, 10), (10, 0, 10), (-3, 0, -3), (0, 0, 0)]
    closed.require_ledger()
    after.require_ledger()


def test_grades_follow_the_shares_that_the_village_set(village: Place, people: Village, rules: Rules) -> None:
    Rules.objects.filter(pk=rules.pk).update(excellent_percent=0, good_percent=0)
    assert [row["grade"] for row in figures("annual", village, YEAR).table.rows] == [
        "合格",
        "合格",
        "待提高",
        "没有积分",
    ]


def test_what_was_taken_and_reversed_was_not_taken(village: Place, people: Village, official: User) -> None:
    ledger.reverse(line=people.taken.lines.get(), reason="误记", by=official)
    row = figures("annual", village, YEAR).table.rows[2]
    assert (row["taken"], row["earned"], row["grade"]) == (0, 0, "合格")


def test_the_fingerprint_is_that_of_the_figures(village: Place, people: Village, official: User) -> None:
    before = figures("publicity", village).sha256
    assert figures("publicity", village).sha256 == before
    make_redemption(people.shy, make_reward(village, official, price=1, stock=1), official)
    assert figures("publicity", village).sha256 == before
    make_line(people.idle, make_item(village, "新事", 1), official, day=date(2026, 10, 7))
    assert figures("publicity", village).sha256 != before


@pytest.mark.parametrize(
    ("name", "span", "most"), [("publicity", OCTOBER, 2), ("honour-list", OCTOBER, 4), ("annual", YEAR, 9)]
)
def test_figures_take_as_many_queries_however_many_households(
    name: str, span: Span, most: int, village: Place, people: Village, official: User,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:  # fmt: skip
    for _number in range(10):
        make_household(village, official)
    with django_assert_max_num_queries(most):
        figures(name, village, span)


def test_the_summary_takes_as_many_queries_however_many_villages(
    township: Place, village: Place, sibling: Place, people: Village, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    Rules.objects.create(place=sibling)
    with django_assert_max_num_queries(7):
        figures("summary", township)


def test_the_totals_are_the_sums_that_the_database_makes(village: Place, people: Village) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account, SUM(points) FROM points_ledgerline WHERE place_id = %s GROUP BY account", [village.pk]
        )
        summed = dict(cursor.fetchall())
    totals = figures("publicity", village).totals
    assert {name: total for name, total in totals.items() if total and name != "earned"} == summed
