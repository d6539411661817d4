"""Whatever is done, in whatever order: the books are the lines, and what may not change does not."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from knowledge.points.actions import households, ledger, periods, rewards
from knowledge.points.actions.ledger import Entry
from knowledge.points.choices import Category, LineKind
from knowledge.points.models import Balance, Household, LedgerLine, Period, Redemption, Rules, Total
from knowledge.points.verification import differences
from registry.places.models import Place
from tests.integration.points.makers import key, make_household, make_item, make_reward, split_off

pytestmark = pytest.mark.django_db

_small = st.integers(0, 9)
_steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["award", "award", "award", "reverse", "redeem", "cancel", "close", "split", "merge", "tamper"]
        ),
        _small,
        _small,
    ),
    min_size=1,
    max_size=14,
)


class Village:
    """A village in which anything may be tried; what is refused changes nothing."""

    def __init__(self, place: Place, by: User, *, may_be_negative: bool, year_end: str) -> None:
        self.place, self.by = place, by
        Rules.objects.create(place=place, may_be_negative=may_be_negative, year_end=year_end)
        self.households = [make_household(place, by) for _ in range(3)]
        self.items = [
            make_item(place, "清洁", 3, cap=6),
            make_item(place, "助人", 8, category=Category.NEIGHBOURS),
            make_item(place, "乱倒", -5),
        ]
        self.reward = make_reward(place, by, price=7, stock=3)
        self.closed: dict[int, Any] = {}

    def award(self, which: int, when: int) -> None:
        household, item = self.households[which % len(self.households)], self.items[when % 3]
        day = date(2026, 10, 20) - timedelta(days=35 * (which % 4))
        ledger.append(
            place=self.place,
            entries=[
                Entry(
                    household=Household.objects.get(pk=household.pk),
                    kind=LineKind.AWARD,
                    account=item.category,
                    points=item.points,
                    title=item.name,
                    happened_on=day,
                    dated_on=ledger.dated(self.place, day),
                    item=item,
                    capped=True,
                )
            ],
            by=self.by,
        )

    def reverse(self, which: int, _: int) -> None:
        lines = list(LedgerLine.objects.filter(place=self.place))
        ledger.reverse(line=lines[which % len(lines)], reason="错", by=self.by)

    def redeem(self, which: int, quantity: int) -> None:
        household = Household.objects.get(pk=self.households[which % len(self.households)].pk)
        rewards.redeem(household=household, reward=self.reward, quantity=quantity % 3, by=self.by, request_key=key())

    def cancel(self, which: int, _: int) -> None:
        made = list(Redemption.objects.filter(place=self.place))
        rewards.cancel(redemption=made[which % len(made)], reason="不要", by=self.by)

    def close(self, which: int, _: int) -> None:
        day = date(2026, 7 + which % 3, 1)
        for period in periods.close(place=self.place, day=day, kind="month", by=self.by):
            self.closed[period.pk] = self.sums(period)

    def split(self, which: int, points: int) -> None:
        household = Household.objects.get(pk=self.households[which % len(self.households)].pk)
        code = f"x{len(self.households)}"
        self.households.append(split_off(household, self.by, code=code, points=points, on=date(2026, 10, 20)))

    def merge(self, which: int, other: int) -> None:
        former, later = (Household.objects.get(pk=self.households[n % len(self.households)].pk) for n in (which, other))
        households.merge(former=former, later=later, on=date(2026, 10, 20), by=self.by)

    def tamper(self, which: int, _: int) -> None:
        statement = [
            "UPDATE points_ledgerline SET points = points + 1",
            "DELETE FROM points_ledgerline",
            "UPDATE points_period SET closed_at = NULL, closed_by_id = NULL WHERE closed_at IS NOT NULL",
            "DELETE FROM points_stockmove",
        ][which % 4]
        with connection.cursor() as cursor:
            cursor.execute(statement)
            assert cursor.rowcount <= 0, f"{statement} went through"

    @staticmethod
    def sums(period: Period) -> Any:
        rows = LedgerLine.objects.filter(period=period).order_by("household").values_list("household")
        kept = Total.objects.filter(period=period).order_by("household").values_list("household")
        return list(rows.annotate(Sum("points"))), list(kept.annotate(Sum("points")))

    def hold(self) -> None:
        """What must be true after each step."""
        assert differences(place=self.place) == []
        assert not Balance.objects.filter(may_be_negative=False, points__lt=0).exists()
        self.reward.refresh_from_db()
        assert 0 <= self.reward.stock <= 3
        reserved = Redemption.objects.filter(place=self.place).exclude(state="cancelled").aggregate(n=Sum("quantity"))
        assert self.reward.stock + (reserved["n"] or 0) == 3
        for pk, sums in self.closed.items():
            assert self.sums(Period.objects.get(pk=pk)) == sums


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=_steps, may_be_negative=st.booleans(), year_end=st.sampled_from(["carry", "reset", "expire"]))
def test_the_books_hold_whatever_is_done(
    village: Place, official: User, steps: list[tuple[str, int, int]], may_be_negative: bool, year_end: str
) -> None:
    with transaction.atomic():
        tried = Village(village, official, may_be_negative=may_be_negative, year_end=year_end)
        for name, first, second in steps:
            step: Callable[[int, int], None] = getattr(tried, name)
            try:
                with transaction.atomic():
                    step(first, second)
            except (ValidationError, DatabaseError, ZeroDivisionError):
                pass
            tried.hold()
        transaction.set_rollback(True)
