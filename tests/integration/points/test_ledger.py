"""The ledger: what it refuses, whoever asks, and what it keeps with each line."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import User
from knowledge.points.actions import households, ledger, periods
from knowledge.points.actions.year_end import forecast
from knowledge.points.choices import LineKind
from knowledge.points.models import Balance, CapUse, Household, Item, LedgerLine, Member, Period, Rules, Total
from knowledge.points.verification import differences
from registry.places.models import Place
from tests.integration.points.conftest import TODAY
from tests.integration.points.makers import make_household, split_off

pytestmark = pytest.mark.django_db
Post = Callable[..., LedgerLine]


def balance(household: Household) -> int:
    return Balance.objects.get(household=household).points


def execute(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_lines_are_neither_changed_nor_deleted(post: Post, household: Household, cleaning: Item) -> None:
    line = post(household, cleaning)
    attempts = [
        lambda: LedgerLine.objects.filter(pk=line.pk).update(points=200),
        lambda: LedgerLine.objects.filter(pk=line.pk)._raw_delete("default"),
        lambda: execute("UPDATE points_ledgerline SET points = 200 WHERE id = %s", line.pk),
        lambda: execute("DELETE FROM points_ledgerline WHERE id = %s", line.pk),
        line.save,
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            attempt()
    line.refresh_from_db()
    assert line.points == 2


def test_balance_total_and_cap_follow_each_line(post: Post, household: Household, cleaning: Item) -> None:
    post(household, cleaning, quantity=2)
    post(household, cleaning, on=date(2026, 9, 3))
    assert balance(household) == 6
    assert dict(Total.objects.values_list("period__first_day", "points")) == {date(2026, 10, 1): 4, date(2026, 9, 1): 2}
    assert dict(CapUse.objects.values_list("cap_from", "points")) == {date(2026, 10, 1): 4, date(2026, 9, 1): 2}
    assert differences() == []


def test_a_line_written_by_hand_moves_the_books_too(post: Post, household: Household, cleaning: Item) -> None:
    line = post(household, cleaning)
    columns = [field.column for field in LedgerLine._meta.concrete_fields if field.column not in {"id", "claim_id"}]
    names = ", ".join(f'"{name}"' for name in columns)
    changed = names.replace('"number"', "99")
    execute(f"INSERT INTO points_ledgerline ({names}) SELECT {changed} FROM points_ledgerline WHERE id = %s", line.pk)
    assert balance(household) == 4
    assert differences() == []
    too_many = names.replace('"number"', "100").replace('"points"', "7")
    with pytest.raises(IntegrityError, match="points_capuse_within"):
        execute(
            f"INSERT INTO points_ledgerline ({names}) SELECT {too_many} FROM points_ledgerline WHERE id = %s", line.pk
        )


def test_a_reversal_names_its_line_and_gives_the_cap_back(
    post: Post, enter: Callable[..., object], household: Household, cleaning: Item, clerk: User
) -> None:
    line = post(household, cleaning, quantity=5)
    reversal = ledger.reverse(line=line, reason="登错了户", by=clerk)
    assert (reversal.points, reversal.reversal_of, reversal.kind) == (-10, line, LineKind.REVERSAL)
    assert (balance(household), CapUse.objects.get().points) == (0, 0)
    enter(household, cleaning, quantity=5)
    for again in (line, reversal):
        with pytest.raises(ValidationError):
            ledger.reverse(line=again, reason="再来", by=clerk)
    assert LedgerLine.objects.count() == 2


@pytest.mark.parametrize("wrong", [{"points": -1}, {"account": "family"}, {"reversal_of_id": None}])
def test_the_database_refuses_a_reversal_that_undoes_something_else(
    post: Post, household: Household, cleaning: Item, wrong: dict[str, object]
) -> None:
    line = post(household, cleaning)
    undoing = LedgerLine.objects.get(pk=line.pk)
    values = {"pk": None, "number": 99, "kind": LineKind.REVERSAL, "points": -2, "claim": None, "reversal_of": line}
    for name, value in ({**values, "reason": "x"} | wrong).items():
        setattr(undoing, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        undoing.save(force_insert=True)
    assert balance(household) == 2


def test_a_closed_month_takes_no_line_and_its_reversal_is_dated_in_the_open_one(
    post: Post, household: Household, cleaning: Item, official: User
) -> None:
    line = post(household, cleaning, on=date(2026, 9, 3))
    (closed,) = periods.close(place=household.village, day=date(2026, 9, 1), kind="month", by=official)
    late = post(household, cleaning, on=date(2026, 9, 20))
    assert late.dated_on == TODAY
    reversal = ledger.reverse(line=line, reason="登错了", by=official)
    assert reversal.dated_on == TODAY
    assert Total.objects.get(period=closed).points == 2
    line.pk, line.claim, line.number = None, None, 50
    with pytest.raises(IntegrityError, match="the period is closed"), transaction.atomic():
        line.save(force_insert=True)


def test_a_closed_month_stays_closed(post: Post, household: Household, cleaning: Item, official: User) -> None:
    post(household, cleaning, on=date(2026, 9, 3))
    (closed,) = periods.close(place=household.village, day=date(2026, 9, 1), kind="month", by=official)
    for statement in (
        "UPDATE points_period SET closed_at = NULL, closed_by_id = NULL WHERE id = %s",
        "UPDATE points_period SET first_day = '2026-08-01' WHERE id = %s",
        "DELETE FROM points_period WHERE id = %s",
    ):
        with pytest.raises(DatabaseError, match="stay as they are"):
            execute(statement, closed.pk)
    with pytest.raises(ValidationError, match="已经结过账"):
        periods.close(place=household.village, day=date(2026, 9, 1), kind="month", by=official)


def test_months_are_closed_in_order_and_not_before_their_end(
    post: Post, household: Household, cleaning: Item, official: User
) -> None:
    post(household, cleaning, on=date(2026, 8, 3))
    with pytest.raises(ValidationError, match="还没有结束"):
        periods.close(place=household.village, day=TODAY, kind="month", by=official)
    with pytest.raises(ValidationError, match="2026-08 还没有结账"):
        periods.close(place=household.village, day=date(2026, 9, 1), kind="month", by=official)
    closed = periods.close(place=household.village, day=date(2026, 9, 1), kind="quarter", by=official)
    assert [str(period) for period in closed] == ["2026-07", "2026-08", "2026-09"]


def test_a_month_is_not_closed_on_books_that_differ(
    post: Post, household: Household, cleaning: Item, official: User
) -> None:
    post(household, cleaning, on=date(2026, 9, 3))
    Balance.objects.update(points=7)
    with pytest.raises(ValidationError, match="账不平"):
        periods.close(place=household.village, day=date(2026, 9, 1), kind="month", by=official)
    with pytest.raises(CommandError, match="1"):
        call_command("verify_points")


def test_a_line_of_another_village_is_refused(
    post: Post, household: Household, cleaning: Item, sibling: Place, official: User
) -> None:
    line = post(household, cleaning)
    stranger = make_household(sibling, official)
    line.pk, line.claim, line.number, line.household = None, None, 51, stranger
    with pytest.raises(IntegrityError, match="another village"), transaction.atomic():
        line.save(force_insert=True)


def test_points_that_are_spent_cannot_be_undone_where_balances_may_not_be_negative(
    post: Post, household: Household, cleaning: Item, littering: Item, official: User, rules: Rules
) -> None:
    line = post(household, cleaning, quantity=3)
    post(household, littering)
    Balance.objects.update(may_be_negative=False)
    with pytest.raises(ValidationError, match="不够扣 6 分"):
        ledger.reverse(line=line, reason="登错了", by=official)
    with pytest.raises(IntegrityError, match="points_balance_not_negative"), transaction.atomic():
        Balance.objects.update(points=-1)


@pytest.fixture
def december(time_machine: object, post: Post, household: Household, cleaning: Item, littering: Item) -> Household:
    """A household with 14 points of 2025, 8 of 2026, and a debt of none; it is January of 2027."""
    for month in (10, 11):
        post(household, cleaning, quantity=4 if month == 10 else 3, on=date(2025, month, 3))
    post(household, cleaning, quantity=4, on=date(2026, 9, 3))
    time_machine.move_to("2027-01-10 09:00+08:00")
    return household


@pytest.mark.parametrize(
    ("year_end", "kinds", "left"),
    [
        ("carry", {"carried_in": 22, "carried_out": -22}, 22),
        ("reset", {"reset": -22}, 0),
        ("expire", {"expiry": -14}, 8),
    ],
)
def test_the_year_ends_as_the_rules_say(
    december: Household, rules: Rules, official: User, year_end: str, kinds: dict[str, int], left: int
) -> None:
    village = december.village
    Period.of(village, date(2025, 12, 1))
    Period.objects.filter(first_day__lt=date(2026, 1, 1)).update(closed_at="2026-01-31 00:00+08:00", closed_by=official)
    rules.year_end = year_end
    rules.save()
    told = forecast(place=village, december=date(2026, 12, 1))
    assert (told.rule, told.households, told.taken) == (year_end, 1, max(-points for points in kinds.values()))
    periods.close(place=village, day=date(2026, 12, 1), kind="year", by=official)
    lines = LedgerLine.objects.filter(account="year_end")
    assert dict(lines.values_list("kind", "points")) == kinds
    assert balance(december) == left
    assert differences() == []
    assert {str(line.dated_on) for line in lines} <= {"2026-12-31", "2027-01-01"}


def test_a_december_without_lines_is_closed_before_the_new_year(
    post: Post, household: Household, cleaning: Item, rules: Rules, official: User, time_machine: Any
) -> None:
    village = household.village
    post(household, cleaning, on=date(2026, 10, 3))
    time_machine.move_to("2027-02-10 09:00+08:00")
    assert periods.open_months(village) == [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    periods.close(place=village, day=date(2026, 11, 1), kind="quarter", by=official)
    assert LedgerLine.objects.filter(account="year_end").count() == 2
    assert periods.open_months(village) == [date(2027, 1, 1)]


def test_no_month_is_passed_over(
    post: Post, household: Household, cleaning: Item, official: User, time_machine: Any
) -> None:
    post(household, cleaning, on=date(2026, 10, 3))
    time_machine.move_to("2027-02-10 09:00+08:00")
    for month in (11, 12):
        with pytest.raises(ValidationError, match="2026-10 还没有结账"):
            periods.close(place=household.village, day=date(2026, month, 1), kind="month", by=official)
    periods.close(place=household.village, day=date(2026, 10, 1), kind="month", by=official)
    with pytest.raises(ValidationError, match="2026-11 还没有结账"):
        periods.close(place=household.village, day=date(2027, 1, 1), kind="month", by=official)


def test_a_month_begins_though_nothing_is_posted_in_it(
    post: Post, household: Household, cleaning: Item, sibling: Place, time_machine: Any
) -> None:
    Rules.objects.create(place=sibling)
    post(household, cleaning, on=date(2026, 10, 3))
    time_machine.move_to("2026-12-01 00:30+08:00")
    for _night in range(2):
        call_command("post_points")
    months = [(household.village, date(2026, 10, 1)), (household.village, date(2026, 12, 1))]
    assert [(one.place, one.first_day) for one in Period.objects.order_by("first_day")] == months


def test_a_village_without_lines_has_no_open_months(village: Place, rules: Rules) -> None:
    assert periods.open_months(village) == []


def test_a_split_shares_the_points_and_a_merger_brings_them_back(
    post: Post, household: Household, cleaning: Item, official: User
) -> None:
    line = post(household, cleaning, quantity=5)
    with pytest.raises(ValidationError, match="0 到 10"), transaction.atomic():
        split_off(household, official, code="77", points=11, on=TODAY, name="𠅤小山")
    later = split_off(household, official, code="77", points=4, on=TODAY, name="𠅤小山")
    assert (balance(household), balance(later)) == (6, 4)
    assert [member.name for member in later.members.on(TODAY)] == ["𠅤小山"]
    assert [member.name for member in household.members.on(TODAY)] == ["𠅤大山"]
    households.merge(former=household, later=later, on=TODAY, by=official)
    household.refresh_from_db()
    assert (balance(household), balance(later), household.closed_on) == (0, 10, TODAY)
    ledger.reverse(line=LedgerLine.objects.get(pk=line.pk), reason="登错了", by=official)
    assert (balance(household), balance(later)) == (0, 0)
    assert differences() == []


def test_who_is_split_off_is_related_to_the_new_head_and_who_stays_to_the_old(
    household: Household, official: User
) -> None:
    on = date(2025, 1, 1)
    son, wife, child, daughter = (
        households.join(household=household, name=name, relation=relation, on=on, by=official)
        for name, relation in (("𠅤小山", "子"), ("阿兰", "儿媳"), ("豆豆", "孙女"), ("小妹", "女"))
    )
    given = {"household": household, "code": "77", "points": 0, "on": TODAY, "by": official}
    with pytest.raises(ValidationError, match="𠅤大山是户主"):
        households.split(head=household.members.get(relation=Member.HEAD), others={}, **given)
    with pytest.raises(ValidationError, match="relation"), transaction.atomic():
        households.split(head=son, others={wife: " "}, **given)
    later = households.split(head=son, others={wife: "配偶", child: "女"}, **given)
    assert relations(later) == {"𠅤小山": "本人", "阿兰": "配偶", "豆豆": "女"}
    assert relations(household) == {"𠅤大山": "本人", "小妹": "女"}
    assert set(household.members.exclude(left_on=None).values_list("name", "relation")) == {
        ("𠅤小山", "子"),
        ("阿兰", "儿媳"),
        ("豆豆", "孙女"),
    }, "what they were to the old head stays known"
    with pytest.raises(ValidationError, match="小妹不是"):
        households.split(household=later, head=daughter, others={}, code="78", points=0, on=TODAY, by=official)

    households.merge(former=household, later=later, on=TODAY, by=official)
    assert relations(later) == {
        "𠅤小山": "本人",
        "阿兰": "配偶",
        "豆豆": "女",
        "𠅤大山": "待核实",
        "小妹": "待核实",
    }
    households.relate(member=later.members.get(name="𠅤大山"), relation=" 父 ", by=official)
    assert relations(later)["𠅤大山"] == "父"
    with pytest.raises(ValidationError, match="已经离户"):
        households.relate(member=daughter, relation="妹", by=official)


def test_a_new_head_is_the_head_and_the_others_relations_are_to_be_said_anew(
    household: Household, official: User
) -> None:
    households.join(household=household, name="𠅤小山", relation="子", on=date(2025, 1, 1), by=official)
    household.head = "𠅤太山"
    households.change(household=household, by=official)
    assert relations(household) == {"𠅤大山": "本人", "𠅤小山": "子"}, "a name that was put right"
    household.head = "𠅤小山"
    households.change(household=household, by=official)
    assert relations(household) == {"𠅤大山": "待核实", "𠅤小山": "本人"}


def relations(household: Household) -> dict[str, str]:
    """Who belongs to a household, and as what."""
    return dict(household.members.current().values_list("name", "relation"))


def test_rules_that_forbid_debts_wait_until_there_are_none(
    post: Post, household: Household, littering: Item, cleaning: Item, rules: Rules, official: User
) -> None:
    from knowledge.points.actions.rules import set_rules

    post(household, littering)
    rules.may_be_negative = False
    with pytest.raises(ValidationError, match="余额为负"):
        set_rules(rules=rules, by=official)
    post(household, cleaning, quantity=3)
    set_rules(rules=rules, by=official)
    assert not Balance.objects.get(household=household).may_be_negative
