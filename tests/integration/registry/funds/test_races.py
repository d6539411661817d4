"""Two people at the same moment: the last yuan, the same voucher, the same account."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from registry.funds import actions, figures
from registry.funds.models import Balance, Entry, Kind, Statement, Status

from .makers import Desk, make_fund

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*steps: Callable[[], Any]) -> list[Exception | None]:
    """What came of steps that begin together, each on a connection of its own."""
    barrier, found = threading.Barrier(len(steps)), [None] * len(steps)

    def run(number: int, step: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            step()
        except (ValidationError, IntegrityError) as error:
            found[number] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_the_last_yuan_is_spent_once(desk: Desk):
    desk.give("100")
    vouchers = [desk.propose(Kind.GRANT) for _number in range(4)]
    found = at_once(*[lambda voucher=voucher: actions.approve(voucher=voucher, by=desk.chief) for voucher in vouchers])
    assert [error is None for error in found].count(True) == 1
    assert all(isinstance(error, ValidationError) for error in found if error)
    assert Balance.objects.get(fund=desk.fund, account="bank").amount == 0
    assert Entry.objects.filter(kind=Kind.GRANT).count() == 1
    assert figures.discrepancies() == []


def test_a_voucher_is_decided_once(desk: Desk):
    voucher = desk.propose(Kind.DONATION)
    found = at_once(
        lambda: actions.approve(voucher=voucher, by=desk.chief),
        lambda: actions.approve(voucher=voucher, by=desk.chief),
        lambda: actions.refuse(voucher=voucher, reason="不对", by=desk.chief),
    )
    assert [error is None for error in found].count(True) == 1
    assert Entry.objects.count() <= 1


def test_transfers_both_ways_do_not_wait_for_each_other_for_ever(desk: Desk, township):
    other = Desk(make_fund(township), desk.clerk, desk.chief)
    desk.give("100")
    other.give("100")
    there = desk.propose(Kind.TRANSFER, target=other.fund)
    back = other.propose(Kind.TRANSFER, target=desk.fund)
    found = at_once(
        lambda: actions.approve(voucher=there, by=desk.chief), lambda: actions.approve(voucher=back, by=desk.chief)
    )
    assert found == [None, None]
    assert figures.discrepancies() == []


def test_a_period_is_published_once(desk: Desk):
    fund = make_fund(desk.fund.place)
    publish = lambda: actions.publish(fund=fund, by=desk.chief)  # noqa: E731
    at_once(publish, publish, publish)
    starts = list(Statement.objects.filter(fund=fund).order_by("starts_on").values_list("starts_on", "ends_on"))
    assert len(starts) == len(set(starts)) >= 1


def test_a_mistake_is_reversed_once(desk: Desk):
    voucher = desk.give("100")
    found = at_once(*[lambda: desk.propose(Kind.REVERSAL, reverses=voucher) for _number in range(3)])
    assert [error is None for error in found].count(True) == 1


def test_a_donation_is_reversed_or_has_a_receipt_that_holds(desk: Desk):
    voucher = desk.give("10")
    reversal = desk.propose(Kind.REVERSAL, papers=0, reverses=voucher)
    donation = voucher.donation
    at_once(
        lambda: actions.give_receipt(donation=donation, by=desk.chief),
        lambda: actions.approve(voucher=reversal, by=desk.chief),
    )
    reversal.refresh_from_db()
    donation.refresh_from_db()
    assert reversal.status == Status.POSTED
    assert donation.receipt is None or not donation.receipt.is_valid
