"""What is published is frozen; what was wrong is told beside it; what is owed is known."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from pypdf import PdfReader

from registry.funds import actions, disclosure, figures
from registry.funds.models import Entry, Kind, Statement
from registry.funds.periods import Period

from .makers import Desk, make_fund, make_organization

pytestmark = pytest.mark.django_db

FIRST, SECOND = date(2026, 1, 15), date(2026, 4, 1)


@pytest.fixture
def desk(village, clerk, chief) -> Desk:
    """A fund since January with a first quarter in its books; today is the 10th of April."""
    with time_machine.travel("2026-04-10 10:00+08:00", tick=False):
        desk = Desk(make_fund(village, started_on=FIRST, by=chief), clerk, chief, day=date(2026, 2, 3))
        desk.give("5000", named=True, donor_name="清溪粮油店", donor_kind="organization")
        desk.give("0.10", donor_kind="anonymous")
        desk.post(Kind.GOODS_DONATION)
        desk.spend("1200.05", on=date(2026, 3, 31), recipient_kind="place", recipient_place=village)
        desk.post(Kind.GOODS_DISTRIBUTION, quantity=Decimal("12.5"), on=date(2026, 3, 31))
        desk.give("800", on=date(2026, 4, 2))
    return desk


@pytest.fixture
def statement(desk: Desk) -> Statement:
    with time_machine.travel("2026-04-10 10:00+08:00", tick=False):
        return actions.publish(fund=desk.fund, by=desk.chief)


def test_a_statement_adds_up_and_says_what_moved(statement: Statement):
    assert (statement.starts_on, statement.ends_on) == (FIRST, date(2026, 3, 31))
    assert (statement.opening, statement.income, statement.expense, statement.closing) == (
        Decimal("0"),
        Decimal("5000.10"),
        Decimal("1200.05"),
        Decimal("3800.05"),
    )
    found = figures.thawed(Period(FIRST, statement.ends_on), statement.opening, statement.figures)
    assert [(one.kind, one.income, one.expense, one.count) for one in found.kinds] == [
        ("donation", Decimal("5000.10"), Decimal("0.00"), 2),
        ("grant", Decimal("0.00"), Decimal("1200.05"), 1),
    ]
    assert [one.closing for one in found.months] == [Decimal("0"), Decimal("5000.10"), Decimal("3800.05")]
    (rice,) = found.goods
    assert (rice.opening, rice.income, rice.expense, rice.closing) == (0, 50, Decimal("12.5"), Decimal("37.5"))
    assert rice.value == Decimal("187.50")


def test_the_next_statement_begins_where_the_last_one_ended(desk: Desk, statement: Statement):
    with time_machine.travel("2026-07-03 10:00+08:00", tick=False):
        desk.spend("100", on=date(2026, 6, 1))
        following = actions.publish(fund=desk.fund, by=desk.chief)
    assert following.starts_on == SECOND
    assert following.opening == statement.closing
    assert following.closing == Decimal("4500.05")


def test_a_period_is_published_after_its_end_with_nothing_undecided(desk: Desk):
    with time_machine.travel("2026-03-31 23:50+08:00"), pytest.raises(ValidationError, match="还没有结束"):
        actions.publish(fund=desk.fund, by=desk.chief)
    with time_machine.travel("2026-04-10 10:00+08:00"):
        voucher = desk.propose(Kind.COST)
        with pytest.raises(ValidationError, match="待审批"):
            actions.publish(fund=desk.fund, by=desk.chief)
        actions.withdraw(voucher=voucher, by=desk.clerk)
        actions.publish(fund=desk.fund, by=desk.chief)
        with pytest.raises(ValidationError, match="还没有结束"):
            actions.publish(fund=desk.fund, by=desk.chief)


def test_a_published_period_takes_no_line(desk: Desk, statement: Statement):
    with time_machine.travel("2026-04-11 10:00+08:00"):
        with pytest.raises(ValidationError, match="已经公开"):
            desk.give("1", on=date(2026, 3, 31))
        entry = Entry.objects.filter(on=date(2026, 4, 2)).get()
        copy = Entry(pk=None, fund=make_fund(desk.fund.place, started_on=FIRST), voucher=entry.voucher)
        Statement.objects.create(
            fund=copy.fund,
            starts_on=FIRST,
            ends_on=date(2026, 3, 31),
            opening=0,
            income=0,
            expense=0,
            closing=0,
            published_by=desk.chief,
        )
        for name in ("kind", "amount", "debit", "credit", "purpose", "attachments", "entered_by", "approved_by"):
            setattr(copy, name, getattr(entry, name))
        copy.on = date(2026, 3, 31)
        with pytest.raises(DatabaseError, match="period is closed"), transaction.atomic():
            copy.save()
        copy.on = SECOND
        copy.save()


@pytest.mark.parametrize(
    "change", ["closing = 1", "figures = '{}'", "csv_sha256 = ''", "published_at = NULL", "ends_on = '2026-06-30'"]
)
def test_what_was_published_stays(statement: Statement, change):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE funds_statement SET {change}")
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.all()._raw_delete("default")


def test_a_statement_that_does_not_add_up_cannot_be_stored(desk: Desk):
    wrong = Statement(fund=desk.fund, starts_on=SECOND, ends_on=date(2026, 6, 30), published_by=desk.chief)
    wrong.opening, wrong.income, wrong.expense, wrong.closing = Decimal(1), Decimal(2), Decimal(1), Decimal("2.01")
    with pytest.raises(IntegrityError, match="statement_adds_up"), transaction.atomic():
        wrong.save()


def test_the_csv_has_each_line_between_the_balances_and_no_donor(statement: Statement, client):
    url = reverse("funds:statement_csv", args=[statement.fund.code, "2026-01-15"])
    response = client.get(url)
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row[2] for row in rows] == ["事项", "期初余额", "捐款收入", "捐款收入", "资助支出", "期末余额"]
    assert rows[-1][5:] == ["5000.10", "1200.05", "3800.05"]
    assert rows[-2][7] == "3800.05"
    assert "清溪粮油店" not in response.content.decode()
    assert "柳河村" in response.content.decode()


def test_the_pdf_is_issued_once_and_verifiable(desk: Desk, statement: Statement, client):
    document = actions.print_statement(statement=statement, by=desk.chief)
    assert actions.print_statement(statement=statement, by=desk.chief) == document
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(document.content())).pages)
    for expected in ("3,800.05", "5,000.10", "1,200.05", document.number, "大米"):
        assert expected in text
    assert "清溪粮油店" not in text
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.filter(pk=statement.pk).update(document=None)
    served = client.get(reverse("funds:statement_pdf", args=[desk.fund.code, "2026-01-15"]))
    assert served.content == document.content()
    assert "3,800.05" in client.get(document.verify_url).content.decode()


def test_a_correction_stands_beside_the_old_statement(desk: Desk, statement: Statement, client):
    with time_machine.travel("2026-04-20 10:00+08:00", tick=False):
        wrong = Entry.objects.get(kind=Kind.GRANT).voucher
        reversal = desk.reverse(wrong, on=date(2026, 4, 20))
        assert disclosure.untold_reversals([desk.fund]) == [(statement, reversal)]
        note = actions.correct(statement=statement, text="金额多记 200 元。", reversal=reversal, by=desk.chief)
        assert disclosure.untold_reversals([desk.fund]) == []
        document = actions.print_correction(correction=note, by=desk.chief)
        with pytest.raises(ValidationError, match="已经发过"):
            actions.correct(statement=statement, text="再来一次", reversal=reversal, by=desk.chief)
        with pytest.raises(ValidationError, match="写明"):
            actions.correct(statement=statement, text=" ", by=desk.chief)
    statement.refresh_from_db()
    assert statement.closing == Decimal("3800.05")
    page = client.get(statement.get_absolute_url()).content.decode()
    assert "金额多记 200 元。" in page
    assert "3,800.05" in page
    assert client.get(reverse("funds:correction_pdf", args=[desk.fund.code, note.pk])).content == document.content()


def test_what_is_owed_is_known_from_the_day_after(desk: Desk):
    with time_machine.travel("2026-04-30 10:00+08:00"):
        (due,) = disclosure.due([desk.fund])
        assert (due.period.title, due.due_on, due.is_overdue) == (
            "2026年1月15日至2026年3月31日",
            date(2026, 4, 30),
            False,
        )
    with time_machine.travel("2026-05-01 10:00+08:00"):
        (due,) = disclosure.overdue([desk.fund])
        assert due.days_over == 1
    with time_machine.travel("2026-10-05 10:00+08:00"):
        titles = [one.period.title for one in disclosure.due([desk.fund])]
        assert titles == ["2026年1月15日至2026年3月31日", "2026年第2季度", "2026年第3季度"]


def test_a_fund_that_ended_owes_its_last_days_and_no_more(desk: Desk, statement: Statement):
    with time_machine.travel("2026-05-10 10:00+08:00", tick=False):
        desk.spend("4600.05", on=date(2026, 5, 10))
        desk.post(Kind.GOODS_DISTRIBUTION, quantity=Decimal("37.5"), on=date(2026, 5, 10))
        actions.close_fund(fund=desk.fund, by=desk.chief)
    with time_machine.travel("2026-05-11 10:00+08:00", tick=False):
        last = actions.publish(fund=desk.fund, by=desk.chief)
        assert (last.ends_on, last.closing) == (date(2026, 5, 10), 0)
        with pytest.raises(ValidationError, match="全部公开"):
            actions.publish(fund=desk.fund, by=desk.chief)
        assert disclosure.due([desk.fund]) == []


def test_the_check_finds_a_file_that_changed(statement: Statement, capsys):
    call_command("check_funds")
    with Path(statement.csv.path).open("ab") as stored:
        stored.write(b"1")
    with pytest.raises(CommandError, match="1 discrepancies"):
        call_command("check_funds")


def test_transfers_wait_in_the_periods_of_both_funds(desk: Desk, township):
    with time_machine.travel("2026-04-10 10:00+08:00"):
        target = make_fund(township, started_on=FIRST, manager=make_organization(township))
        voucher = desk.propose(Kind.TRANSFER, target=target, on=date(2026, 3, 1))
        with pytest.raises(ValidationError, match="待审批"):
            actions.publish(fund=target, by=desk.chief)
        actions.refuse(voucher=voucher, reason="不需要", by=desk.chief)
        actions.publish(fund=target, by=desk.chief)
        with pytest.raises(ValidationError, match="已经公开"):
            desk.propose(Kind.TRANSFER, target=target, on=date(2026, 3, 1))
        assert target.statements.get().closing == 0


def test_a_period_of_whole_months_is_called_by_its_name():
    assert Period(date(2026, 3, 1), date(2026, 3, 31)).title == "2026年3月"
    assert Period(date(2026, 10, 1), date(2026, 12, 31)).title == "2026年第4季度"
    assert Period(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=58)).title == "2026年1月1日至2026年2月28日"
