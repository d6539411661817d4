"""Money in and out: two people, double entry, nothing below zero, nothing changed afterwards."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import AuditLine
from registry.funds import actions, figures
from registry.funds.models import Account, Balance, Entry, Evidence, Kind, Status, Voucher

from .makers import Desk, make_fund, make_organization, paper

pytestmark = pytest.mark.django_db


def balance(fund, account=Account.BANK) -> Decimal:
    return Balance.objects.get(fund=fund, account=account).amount


def test_a_donation_is_in_the_books_once_another_person_has_approved_it(desk: Desk):
    voucher = desk.propose(Kind.DONATION, amount=Decimal("1200.50"))
    assert balance(desk.fund) == 0
    assert not Entry.objects.exists()
    voucher = actions.approve(voucher=voucher, by=desk.chief)
    assert (voucher.status, voucher.number) == (Status.POSTED, 1)
    entry = Entry.objects.get()
    assert (entry.debit, entry.credit, entry.amount) == ("bank", "donations", Decimal("1200.50"))
    assert (entry.entered_by, entry.approved_by, entry.attachments) == (desk.clerk, desk.chief, 1)
    assert balance(desk.fund) == balance(desk.fund, Account.DONATIONS) == Decimal("1200.50")
    assert list(AuditLine.objects.filter(subject_type="funds.voucher").values_list("action", flat=True)) == [
        "funds.approve_voucher",
        "funds.propose_voucher",
    ]


def test_nobody_approves_or_refuses_what_they_proposed(desk: Desk):
    voucher = desk.propose(Kind.DONATION)
    with pytest.raises(ValidationError, match="不能审批自己"):
        actions.approve(voucher=voucher, by=desk.clerk)
    with pytest.raises(ValidationError, match="不能审批自己"):
        actions.refuse(voucher=voucher, reason="不行", by=desk.clerk)
    assert not Entry.objects.exists()


def test_the_database_wants_two_people(desk: Desk):
    voucher = desk.give("10")
    with pytest.raises(IntegrityError, match="entry_two_people"), transaction.atomic():
        Entry.objects.create(
            fund=make_fund(desk.fund.place),
            voucher=voucher,
            kind=Kind.DONATION,
            on=desk.day,
            amount=1,
            debit="bank",
            credit="donations",
            purpose="一个人",
            attachments=1,
            entered_by=desk.clerk,
            approved_by=desk.clerk,
        )


def test_nothing_is_booked_without_a_paper(desk: Desk):
    voucher = desk.propose(Kind.DONATION, papers=0)
    with pytest.raises(ValidationError, match="没有证明材料"):
        actions.approve(voucher=voucher, by=desk.chief)
    assert Voucher.objects.get().status == Status.PENDING


def test_a_pending_voucher_is_changed_and_withdrawn_by_its_proposer_alone(desk: Desk):
    voucher = desk.propose(Kind.COST, amount=Decimal(80))
    old = voucher.evidence.get()
    voucher.amount = Decimal(90)
    actions.change(voucher=voucher, evidence=[paper("发票.txt")], without=[old], by=desk.clerk)
    voucher = Voucher.objects.get()
    assert voucher.amount == 90
    assert [evidence.name for evidence in voucher.evidence.all()] == ["发票.txt"]
    with pytest.raises(ValidationError, match="经办人本人"):
        actions.withdraw(voucher=voucher, by=desk.chief)
    assert actions.withdraw(voucher=voucher, by=desk.clerk).status == Status.WITHDRAWN
    with pytest.raises(ValidationError, match="不能再处理"):
        actions.approve(voucher=voucher, by=desk.chief)


def test_a_refusal_says_why(desk: Desk):
    voucher = desk.propose(Kind.COST)
    with pytest.raises(ValidationError, match="原因"):
        actions.refuse(voucher=voucher, reason="  ", by=desk.chief)
    refused = actions.refuse(voucher=voucher, reason="发票抬头不对", by=desk.chief)
    assert (refused.status, refused.decision_reason, refused.number) == (Status.REFUSED, "发票抬头不对", None)


def test_the_last_fen_is_spent_and_no_more(desk: Desk):
    for amount in ("0.10", "0.20"):
        desk.give(amount)
    voucher = desk.propose(Kind.GRANT, amount=Decimal("0.31"))
    with pytest.raises(ValidationError, match=r"只有 0\.30 元"):
        actions.approve(voucher=voucher, by=desk.chief)
    assert Voucher.objects.get(pk=voucher.pk).status == Status.PENDING
    desk.spend("0.10")
    desk.spend("0.20")
    assert balance(desk.fund) == 0
    assert figures.discrepancies() == []


def test_money_is_not_spent_before_it_came(desk: Desk):
    desk.give("100")
    with pytest.raises(ValidationError, match="不够"):
        desk.spend("100", on=desk.day - timedelta(days=1))
    desk.give("100", on=desk.day - timedelta(days=2))
    desk.spend("100", on=desk.day - timedelta(days=1))
    with pytest.raises(ValidationError, match=r"最少时只有 0\.00 元"):
        desk.spend("50", on=desk.day - timedelta(days=2))


def test_cash_and_bank_are_apart_and_moving_between_them_is_neither_income_nor_expense(desk: Desk):
    desk.give("500", account="cash")
    with pytest.raises(ValidationError, match="银行存款不够"):
        desk.spend("10", account="bank")
    desk.post(Kind.MOVE, amount=Decimal(300), account="cash", purpose="现金送存银行")
    assert (balance(desk.fund, Account.CASH), balance(desk.fund)) == (200, 300)
    found = figures.lifetime(desk.fund)
    assert (found.income, found.expense, found.closing) == (500, 0, 500)


def test_a_transfer_stands_in_both_books(desk: Desk, township):
    target = make_fund(township)
    desk.give("500")
    voucher = desk.post(Kind.TRANSFER, amount=Decimal(200), target=target)
    assert [(entry.fund, entry.is_incoming) for entry in voucher.entries.order_by("pk")] == [
        (desk.fund, False),
        (target, True),
    ]
    assert (balance(desk.fund), balance(target)) == (300, 200)
    desk.reverse(voucher)
    assert (balance(desk.fund), balance(target)) == (500, 0)
    with pytest.raises(ValidationError, match="不能划给自己"):
        desk.propose(Kind.TRANSFER, target=desk.fund)


def test_a_transfer_is_not_taken_back_once_it_was_spent(desk: Desk, township):
    target = make_fund(township)
    desk.give("500")
    voucher = desk.post(Kind.TRANSFER, amount=Decimal(200), target=target)
    Desk(target, desk.clerk, desk.chief).spend("150")
    with pytest.raises(ValidationError, match="不够"):
        desk.reverse(voucher)
    assert (balance(desk.fund), balance(target)) == (300, 50)


def test_a_mistake_is_reversed_once_by_a_line_that_names_it(desk: Desk):
    desk.give("1000")
    wrong = desk.spend("300")
    reversal = desk.reverse(wrong, purpose="金额登记有误，冲销后重记")
    entry = reversal.entries.get()
    assert entry.reverses == wrong.entries.get()
    assert (entry.debit, entry.credit, entry.amount) == ("bank", "grants", 300)
    assert balance(desk.fund) == 1000
    with pytest.raises(ValidationError, match="已经冲销"):
        desk.propose(Kind.REVERSAL, reverses=wrong)
    with pytest.raises(ValidationError, match="不能再冲销"):
        desk.propose(Kind.REVERSAL, reverses=reversal)


def test_a_refused_reversal_can_be_proposed_again(desk: Desk):
    voucher = desk.give("100")
    first = desk.propose(Kind.REVERSAL, reverses=voucher)
    with pytest.raises(ValidationError, match="已有人提出冲销"):
        desk.propose(Kind.REVERSAL, reverses=voucher)
    actions.refuse(voucher=first, reason="没有错", by=desk.chief)
    desk.reverse(voucher)
    assert balance(desk.fund) == 0


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        (Kind.DONATION, {"amount": None}, "amount"),
        (Kind.DONATION, {"amount": Decimal(0)}, "amount"),
        (Kind.DONATION, {"amount": Decimal(-5)}, "amount"),
        (Kind.DONATION, {"amount": Decimal("1.005")}, "amount"),
        (Kind.DONATION, {"amount": Decimal(10) ** 13}, "amount"),
        (Kind.DONATION, {"account": "grants"}, "account"),
        (Kind.DONATION, {"donor_name": ""}, "donor_name"),
        (Kind.DONATION, {"donor_kind": ""}, "donor_kind"),
        (Kind.DONATION, {"purpose": ""}, "purpose"),
        (Kind.DONATION, {"purpose": "长" * 201}, "purpose"),
        (Kind.GRANT, {"recipient_kind": ""}, "recipient_kind"),
        (Kind.GRANT, {"recipient_group": ""}, "recipient_group"),
        (Kind.GRANT, {"recipient_kind": "organization"}, "recipient_organization"),
        (Kind.TRANSFER, {}, "target"),
        (Kind.GOODS_DONATION, {"value": None}, "value"),
        (Kind.GOODS_DISTRIBUTION, {"unit": ""}, "unit"),
        (Kind.REVERSAL, {}, "reverses"),
    ],
)
def test_what_is_missing_or_cannot_be_is_told_beside_its_field(desk: Desk, kind, fields, field):
    with pytest.raises(ValidationError) as caught:
        desk.propose(kind, **fields)
    assert field in caught.value.message_dict
    assert not Voucher.objects.exists()


@pytest.mark.parametrize("days", [1, -400])
def test_the_day_lies_in_the_past_and_in_the_funds_life(desk: Desk, days):
    with pytest.raises(ValidationError) as caught:
        desk.propose(Kind.DONATION, on=desk.day + timedelta(days=days))
    assert "on" in caught.value.message_dict


def test_what_the_kind_does_not_have_is_left_out(desk: Desk):
    voucher = desk.propose(Kind.COST, donor_name="张三", recipient_group="老人", goods="米", receipt_wanted=True)
    voucher.refresh_from_db()
    assert (voucher.donor_name, voucher.recipient_group, voucher.goods, voucher.receipt_wanted) == ("", "", "", False)


def test_names_outside_the_basic_plane_are_kept(desk: Desk):
    voucher = desk.give("10", purpose="给𠅤山小学买书 😊 <script>'; DROP TABLE--")
    assert Entry.objects.get().purpose == "给𠅤山小学买书 😊 <script>'; DROP TABLE--"
    assert voucher.donation.donor == "陆𠅤明"


def test_a_grant_names_an_organization(desk: Desk, sibling):
    desk.give("100")
    organization = make_organization(sibling, "𠅤山书社")
    voucher = desk.spend("60", recipient_kind="organization", recipient_organization=organization)
    assert voucher.recipient == "𠅤山书社"
    assert voucher.recipient_group == ""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE funds_entry SET amount = 1",
        "DELETE FROM funds_entry",
        "UPDATE funds_voucher SET amount = 1",
        "DELETE FROM funds_voucher",
        "UPDATE funds_evidence SET name = 'x'",
        "DELETE FROM funds_evidence",
        "UPDATE funds_goodsline SET quantity = 1",
        "DELETE FROM funds_goodsline",
        "UPDATE funds_donation SET voucher_id = 0",
        "DELETE FROM funds_donation",
        "UPDATE funds_balance SET amount = -1",
        "UPDATE funds_stock SET quantity = -1",
    ],
)
def test_raw_sql_changes_nothing(desk: Desk, statement):
    desk.give("100")
    desk.post(Kind.GOODS_DONATION)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert figures.discrepancies() == []


def test_a_line_by_raw_sql_still_moves_the_balance_or_is_refused(desk: Desk):
    voucher = desk.give("100")
    other = make_fund(desk.fund.place)
    insert = """
        INSERT INTO funds_entry (fund_id, voucher_id, kind, "on", amount, debit, credit, purpose, attachments,
            entered_by_id, approved_by_id, posted_at)
        SELECT %s, voucher_id, %s, "on", %s, %s, %s, 'SQL', 1, entered_by_id, approved_by_id, posted_at
        FROM funds_entry WHERE voucher_id = %s LIMIT 1
    """
    with connection.cursor() as cursor:
        cursor.execute(insert, [other.pk, "donation", "70.10", "cash", "donations", voucher.pk])
    assert balance(other, Account.CASH) == Decimal("70.10")
    third = make_fund(desk.fund.place)
    for wrong in (
        [third.pk, "grant", "1", "grants", "bank", voucher.pk],  # there is nothing to give
        [third.pk, "donation", "1", "bank", "grants", voucher.pk],  # not the accounts of a donation
        [third.pk, "donation", "-1", "bank", "donations", voucher.pk],
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insert, wrong)
    assert figures.discrepancies() == []


def test_a_discrepancy_is_found(desk: Desk):
    desk.give("100")
    Balance.objects.filter(fund=desk.fund, account=Account.BANK).update(amount=90)
    (found,) = figures.discrepancies()
    assert (found.stored, found.summed) == (90, 100)


def test_evidence_is_a_real_file(desk: Desk):
    from django.core.files.uploadedfile import SimpleUploadedFile

    disguised = SimpleUploadedFile("发票.pdf", b"<html><script>alert(1)</script>")
    voucher = Voucher(
        fund=desk.fund, kind=Kind.INCOME, on=desk.day, purpose="利息", amount=Decimal("1.2"), account="bank"
    )
    with pytest.raises(ValidationError), transaction.atomic():
        actions.propose(voucher=voucher, evidence=[disguised], by=desk.clerk)
    assert not Evidence.objects.exists()
    assert not Voucher.objects.exists()


def test_a_fund_ends_with_nothing_left(desk: Desk):
    desk.give("100")
    with pytest.raises(ValidationError, match=r"还有 100\.00 元"):
        actions.close_fund(fund=desk.fund, by=desk.chief)
    desk.spend("100")
    closed = actions.close_fund(fund=desk.fund, by=desk.chief)
    assert not closed.is_open
    with pytest.raises(ValidationError, match="已经终止"):
        desk.give("1")


def test_numbers_run_without_gaps_by_fund(desk: Desk, township):
    other = Desk(make_fund(township), desk.clerk, desk.chief)
    desk.give("10")
    with pytest.raises(ValidationError):
        desk.spend("11")
    assert desk.give("10").number == 2
    assert other.give("10").number == 1
