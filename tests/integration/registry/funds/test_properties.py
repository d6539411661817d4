"""Whatever is done in whatever order: balances equal their lines, nothing goes negative, every account adds up."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.funds import actions, figures
from registry.funds.models import Balance, Entry, GoodsLine, Kind, Stock, Voucher

from .makers import Desk, make_fund

pytestmark = pytest.mark.django_db

_AMOUNTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("500"), places=2)
_QUANTITIES = st.decimals(min_value=Decimal("0.001"), max_value=Decimal("50"), places=3)
_DAYS = st.integers(min_value=0, max_value=150)
_STEPS = st.one_of(
    st.tuples(st.sampled_from([Kind.DONATION, Kind.INCOME, Kind.GRANT, Kind.COST, Kind.MOVE]), _AMOUNTS, _DAYS),
    st.tuples(st.just(Kind.TRANSFER), _AMOUNTS, _DAYS),
    st.tuples(st.sampled_from([Kind.GOODS_DONATION, Kind.GOODS_DISTRIBUTION, Kind.GOODS_LOSS]), _QUANTITIES, _DAYS),
    st.tuples(st.just(Kind.REVERSAL), st.integers(min_value=0, max_value=30), _DAYS),
    st.tuples(st.just("publish"), st.just(0), _DAYS),
    st.tuples(st.just("sql"), st.integers(min_value=0, max_value=5), _DAYS),
)
_SQL = (
    "UPDATE funds_entry SET amount = amount + 1",
    "DELETE FROM funds_entry",
    "UPDATE funds_goodsline SET quantity = 1",
    "DELETE FROM funds_goodsline",
    "UPDATE funds_balance SET amount = amount - 1000000",
    "DELETE FROM funds_voucher",
)


@contextmanager
def undone() -> Iterator[None]:
    """What an example writes is gone before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(steps=st.lists(_STEPS, min_size=3, max_size=14))
def test_the_books_hold_whatever_is_done(desk: Desk, steps: list[Any]):
    with undone():
        other = make_fund(desk.fund.place)
        for kind, size, days in steps:
            try:
                with transaction.atomic():
                    _do(desk, other, kind, size, days)
            except (ValidationError, DatabaseError):
                continue
        _check(desk, other)


def _do(desk: Desk, other: Any, kind: str, size: Any, days: int) -> None:
    day = desk.day - timedelta(days=days)
    if kind == "publish":
        actions.publish(fund=desk.fund, by=desk.chief)
    elif kind == "sql":
        # An UPDATE of no row at all is no harm: with rows, it must be refused.
        with connection.cursor() as cursor:
            cursor.execute(_SQL[size])
            assert cursor.rowcount == 0, _SQL[size]
    elif kind == Kind.REVERSAL:
        standing = list(Voucher.objects.standing().filter(fund=desk.fund).order_by("pk"))
        if standing:
            desk.reverse(standing[size % len(standing)])
    elif kind in (Kind.GOODS_DONATION, Kind.GOODS_DISTRIBUTION, Kind.GOODS_LOSS):
        desk.post(kind, quantity=size, on=day)
    elif kind == Kind.TRANSFER:
        desk.post(kind, amount=size, target=other, on=day)
    else:
        desk.post(kind, amount=size, account="bank" if size > 100 else "cash", on=day)


def _check(desk: Desk, other: Any) -> None:
    assert figures.discrepancies() == []
    assert all(balance.amount >= 0 for balance in Balance.objects.all())
    assert all(stock.quantity >= 0 and stock.value >= 0 for stock in Stock.objects.all())
    for fund in (desk.fund, other):
        found = figures.lifetime(fund)
        money = sum(fund.balances.filter(account__in=["cash", "bank"]).values_list("amount", flat=True))
        assert found.closing == money
        assert all(month.closing >= 0 for month in found.months)
        debits = sum(Entry.objects.filter(fund=fund).values_list("amount", flat=True))
        grows = fund.balances.filter(account__in=["cash", "bank", "grants", "costs", "transfers_out"])
        falls = fund.balances.exclude(pk__in=grows.values("pk"))
        assert sum(grows.values_list("amount", flat=True)) == sum(falls.values_list("amount", flat=True))
        assert debits >= money
        last = None
        for statement in fund.statements.order_by("starts_on"):
            assert statement.closing == statement.opening + statement.income - statement.expense
            assert last is None or statement.opening == last.closing
            last = statement
    assert {line.quantity > 0 for line in GoodsLine.objects.all()} <= {True}
