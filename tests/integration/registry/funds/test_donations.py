"""A donor is named by consent, and is given a receipt unless they want none."""

import io
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from pypdf import PdfReader

from printing.models import IssuedDocument
from registry.funds import actions
from registry.funds.models import Donation, Kind, ReceiptStatus

from .makers import Desk

pytestmark = pytest.mark.django_db


def text_of(document: IssuedDocument) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(document.content())).pages)


def test_a_receipt_says_what_the_law_asks_for_and_is_issued_once(desk: Desk, client):
    donation = desk.give("1200.50").donation
    assert donation.receipt_status == ReceiptStatus.WANTED
    document = actions.give_receipt(donation=donation, by=desk.chief)
    text = text_of(document)
    for expected in (
        "陆",
        "1,200.50",
        "壹仟贰佰元伍角整",
        "银行转账",
        str(desk.fund.manager),
        str(desk.clerk),
        document.number,
    ):
        assert expected in text
    with pytest.raises(ValidationError, match="已开具"):
        actions.give_receipt(donation=donation, by=desk.chief)
    assert IssuedDocument.objects.count() == 1
    public = client.get(document.verify_url).content.decode()
    assert "1,200.50" in public
    assert "陆𠅤明" not in public


def test_a_receipt_of_goods_tells_kind_and_quantity(desk: Desk):
    donation = desk.post(Kind.GOODS_DONATION, quantity=Decimal("12.5")).donation
    text = text_of(actions.give_receipt(donation=donation, by=desk.chief))
    assert "大米" in text
    assert "12.5 公斤" in text


def test_a_waived_receipt_is_recorded_and_may_still_be_asked_for(desk: Desk):
    donation = desk.give("10", receipt_wanted=False).donation
    assert donation.receipt_status == ReceiptStatus.WAIVED
    actions.give_receipt(donation=donation, by=desk.chief)
    later = actions.waive_receipt(donation=desk.give("20").donation, by=desk.clerk)
    assert later.receipt_status == ReceiptStatus.WAIVED


def test_an_anonymous_donation_is_recorded_without_name_or_receipt(desk: Desk):
    donation = desk.give("10", donor_kind="anonymous", donor_name="偷偷写的名字", named=True).donation
    assert (donation.donor, donation.named, donation.receipt_status) == ("匿名", False, ReceiptStatus.ANONYMOUS)
    assert donation.voucher.donor_name == ""
    with pytest.raises(ValidationError, match="匿名"):
        actions.set_consent(donation=donation, named=True, by=desk.clerk)
    with pytest.raises(ValidationError):
        actions.give_receipt(donation=donation, by=desk.chief)
    with pytest.raises(DatabaseError), transaction.atomic():
        Donation.objects.filter(pk=donation.pk).update(named=True)


def test_consent_can_be_given_and_taken_back(desk: Desk, client):
    donation = desk.give("10").donation
    page = client.get(desk.fund.get_absolute_url()).content.decode()
    assert "陆𠅤明" not in page
    assert "爱心人士" in page
    actions.set_consent(donation=donation, named=True, by=desk.clerk)
    page = client.get(desk.fund.get_absolute_url()).content.decode()
    assert page.count("陆𠅤明") == 2
    actions.set_consent(donation=donation, named=False, by=desk.clerk)
    assert "陆𠅤明" not in client.get(desk.fund.get_absolute_url()).content.decode()


def test_a_reversed_donation_gets_no_receipt_and_is_thanked_no_more(desk: Desk):
    voucher = desk.give("10", named=True)
    desk.reverse(voucher)
    with pytest.raises(ValidationError, match="已经冲销"):
        actions.give_receipt(donation=voucher.donation, by=desk.chief)
    assert not Donation.objects.in_public().exists()


def test_the_receipt_of_a_donation_that_is_reversed_holds_no_longer(desk: Desk, client):
    voucher = desk.give("10")
    receipt = actions.give_receipt(donation=voucher.donation, by=desk.chief)
    desk.reverse(voucher)
    receipt.refresh_from_db()
    assert not receipt.is_valid
    assert receipt.revoked_by == desk.chief
    assert "撤销" in client.get(receipt.verify_url).content.decode()
    client.force_login(desk.clerk)
    page = client.get(reverse("fund_donations:inspect", args=[voucher.donation.pk])).content.decode()
    assert "（已撤销）" in page
