"""Goods in and out: by quantity and value, never less than nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from registry.funds import actions, figures
from registry.funds.models import GoodsLine, Kind, Stock

from .makers import Desk

pytestmark = pytest.mark.django_db


def test_goods_leave_at_the_average_value_and_the_last_takes_what_is_left(desk: Desk):
    desk.post(Kind.GOODS_DONATION, quantity=Decimal(30), value=Decimal("100.00"))
    desk.post(Kind.GOODS_DONATION, quantity=Decimal(3), value=Decimal("0.01"))
    for quantity in ("1", "31.5", "0.5"):
        desk.post(Kind.GOODS_DISTRIBUTION, quantity=Decimal(quantity))
    values = list(GoodsLine.objects.filter(incoming=False).order_by("pk").values_list("value", flat=True))
    assert values[0] == Decimal("3.03")
    assert sum(values) == Decimal("100.01")
    stock = Stock.objects.get()
    assert (stock.quantity, stock.value) == (0, 0)
    assert figures.discrepancies() == []


def test_no_more_is_given_than_is_there(desk: Desk):
    desk.post(Kind.GOODS_DONATION, quantity=Decimal(10))
    with pytest.raises(ValidationError, match="不够发放"):
        desk.post(Kind.GOODS_DISTRIBUTION, quantity=Decimal("10.001"))
    with pytest.raises(ValidationError, match="没有按“袋”计的"):
        desk.post(Kind.GOODS_DISTRIBUTION, unit="袋", quantity=Decimal(1))
    assert Stock.objects.get().quantity == 10


def test_goods_leave_in_the_order_of_days(desk: Desk):
    desk.post(Kind.GOODS_DONATION, quantity=Decimal(10), on=desk.day - timedelta(days=3))
    desk.post(Kind.GOODS_LOSS, quantity=Decimal(1), on=desk.day - timedelta(days=1))
    with pytest.raises(ValidationError, match="更晚的出入库"):
        desk.post(Kind.GOODS_DISTRIBUTION, quantity=Decimal(1), on=desk.day - timedelta(days=2))


def test_what_was_given_away_cannot_be_given_back_by_its_donor(desk: Desk):
    given = desk.post(Kind.GOODS_DONATION, quantity=Decimal(10), value=Decimal(50))
    out = desk.post(Kind.GOODS_DISTRIBUTION, quantity=Decimal(4))
    back = desk.propose(Kind.REVERSAL, reverses=given, papers=0)
    with pytest.raises(ValidationError, match="不够发放"):
        actions.approve(voucher=back, by=desk.chief)
    desk.reverse(out)
    actions.approve(voucher=back, by=desk.chief)
    stock = Stock.objects.get()
    assert (stock.quantity, stock.value) == (0, 0)


def test_two_donations_of_unlike_value_leave_no_value_without_goods(desk: Desk):
    cheap = desk.post(Kind.GOODS_DONATION, quantity=Decimal(10), value=Decimal(10))
    desk.post(Kind.GOODS_DONATION, quantity=Decimal(10), value=Decimal(1000))
    desk.post(Kind.GOODS_DISTRIBUTION, quantity=Decimal(10))
    with pytest.raises(ValidationError, match="先冲销发放"):
        desk.reverse(cheap)
