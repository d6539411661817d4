"""The demo's funds: two years of books that hold, all published but what is left undone on purpose."""

import pytest

from accounts.models import User
from registry.funds import demo, disclosure, figures
from registry.funds.models import Correction, Donation, Entry, Fund, ReceiptStatus, Statement, Voucher
from registry.places import demo as places

from .makers import make_organization

pytestmark = pytest.mark.django_db


def test_the_demo_has_six_funds_whose_books_hold():
    by = User.objects.create_superuser("admin")
    places.load()
    villages = places.villages()
    for village in villages:
        make_organization(village)
    funds = demo.load(places=villages, by=by)
    assert len(funds) == 6
    assert figures.discrepancies() == []
    assert Entry.objects.count() > 400
    assert all(month.closing >= 0 for fund in funds for month in figures.lifetime(fund).months)
    for statement in Statement.objects.all():
        assert statement.closing == statement.opening + statement.income - statement.expense
    cycles = {fund.disclosure_months for fund in funds}
    assert cycles == {1, 3}
    monthly = Statement.objects.filter(fund__disclosure_months=1)
    assert all((one.starts_on.day, one.starts_on.month) == (1, one.ends_on.month) for one in monthly)
    assert monthly.count() == 24 * sum(fund.disclosure_months == 1 for fund in funds)
    assert {one.fund.name for one in disclosure.overdue(funds)} == {demo.OVERDUE}
    assert Correction.objects.get().statement.fund.name == demo.CORRECTED
    assert Voucher.objects.pending().count() == 6
    assert Donation.objects.filter(receipt_status=ReceiptStatus.ISSUED).count() == 1
    before = Voucher.objects.count()
    demo.load(places=villages, by=by)
    assert (Fund.objects.count(), Voucher.objects.count()) == (6, before)
