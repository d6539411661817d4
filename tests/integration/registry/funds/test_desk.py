"""The back office: who may do what with which fund, and what a form says of what it cannot take."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.admin.admin_url_finder import AdminURLFinder

from accounts.roles import Role
from registry.funds import actions
from registry.funds.models import Fund, Kind, Status, Voucher
from registry.organizations.models import Organization

from .makers import Desk, make_fund, make_organization, paper

pytestmark = pytest.mark.django_db

NEW = "/admin/funds/vouchers/new/"


def grant_form(desk: Desk, **fields):
    return {
        "fund": desk.fund.pk,
        "on": f"{desk.day}",
        "amount": "120.50",
        "account": "bank",
        "purpose": "慰问困难家庭",
        "recipient_kind": "persons",
        "recipient_group": "低保家庭",
        "recipient_count": "3",
        "papers": [paper("签收单.txt"), paper("照片说明.txt")],
    } | fields


def test_a_village_proposes_and_the_township_approves(desk: Desk, client):
    desk.give("500")
    client.force_login(desk.clerk)
    response = client.post(f"{NEW}?kind=grant", grant_form(desk))
    voucher = Voucher.objects.pending().get()
    assert response.url == reverse("fund_vouchers:inspect", args=[voucher.pk])
    assert voucher.evidence.count() == 2
    assert client.post(reverse("fund_approve", args=[voucher.pk])).status_code == 404
    client.force_login(desk.chief)
    page = client.get(reverse("fund_vouchers:inspect", args=[voucher.pk])).content.decode()
    assert "审批入账" in page
    client.post(reverse("fund_approve", args=[voucher.pk]))
    voucher.refresh_from_db()
    assert voucher.status == Status.POSTED
    assert voucher.number == 2


def test_goods_that_leave_are_completed_from_what_is_there_in_ones_own_funds(desk: Desk, client, sibling, chief):
    desk.post(Kind.GOODS_DONATION, goods="大米", unit="公斤", quantity=Decimal("12.50"))
    desk.post(Kind.GOODS_DONATION, goods="棉被", unit="床", quantity=Decimal(3))
    desk.post(Kind.GOODS_DISTRIBUTION, goods="棉被", unit="床", quantity=Decimal(3))
    neighbours = Desk(make_fund(sibling, by=chief), desk.clerk, chief)
    neighbours.post(Kind.GOODS_DONATION, goods="<面粉>", unit="袋", quantity=Decimal(8))
    client.force_login(desk.clerk)
    for kind in ("goods_distribution", "goods_loss"):
        page = client.get(f"{NEW}?kind={kind}").content.decode()
        assert f'<option value="大米">12.5 公斤　{desk.fund}</option>' in page
        assert '<option value="公斤"></option>' in page
        assert "棉被" not in page.partition("<datalist")[2], "nothing is left of it"
        assert "面粉" not in page, "it is the neighbours'"
    assert "<datalist" not in client.get(f"{NEW}?kind=goods_donation").content.decode()
    client.force_login(chief)
    assert '<option value="&lt;面粉&gt;">' in client.get(f"{NEW}?kind=goods_loss").content.decode()


def test_what_is_missing_is_said_once(desk: Desk, client):
    client.force_login(desk.clerk)
    form = client.post(f"{NEW}?kind=donation", {"on": f"{desk.day}"}).context["form"]
    assert {"fund", "amount", "account", "purpose", "donor_kind"} <= form.errors.keys()
    assert [name for name, said in form.errors.items() if len(said) != 1] == []


def test_a_refusal_reaches_the_proposer_who_may_not_decide(desk: Desk, client):
    voucher = desk.propose(Kind.COST)
    client.force_login(desk.chief)
    client.post(reverse("fund_refuse", args=[voucher.pk]), {"reason": ""})
    assert Voucher.objects.get(pk=voucher.pk).status == Status.PENDING
    client.post(reverse("fund_refuse", args=[voucher.pk]), {"reason": "发票不清楚"})
    client.force_login(desk.clerk)
    page = client.get(reverse("fund_vouchers:inspect", args=[voucher.pk])).content.decode()
    assert "发票不清楚" in page
    assert "审批入账" not in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", ""),
        ("amount", "很多"),
        ("amount", "1.234"),
        ("amount", "-5"),
        ("amount", "1e99"),
        ("amount", "１２元"),
        ("account", "<script>alert(1)</script>"),
        ("account", "grants"),
        ("on", "2026-02-30"),
        ("on", "昨天"),
        ("on", "2999-01-01"),
        ("purpose", ""),
        ("purpose", "长" * 201),
        ("fund", "0"),
        ("fund", "' OR 1=1 --"),
        ("recipient_kind", ""),
        ("recipient_kind", "😊"),
        ("recipient_group", ""),
        ("recipient_group", "𠅤" * 61),
        ("recipient_count", "0"),
        ("recipient_count", "三"),
        ("recipient_count", "99999999999999999999"),
        ("papers", SimpleUploadedFile("发票.pdf", b"<html><script>alert(1)</script>")),
    ],
)
def test_what_a_form_cannot_take_is_told_beside_its_field_and_nothing_is_stored(desk: Desk, client, field, value):
    client.force_login(desk.clerk)
    response = client.post(f"{NEW}?kind=grant", grant_form(desk, **{field: value}))
    assert response.status_code == 200
    errors = response.context["form"].errors
    assert field in errors, errors
    assert any("\u4e00" <= char <= "\u9fff" for text in errors[field] for char in text), errors[field]
    assert not Voucher.objects.exists()
    assert "<script>alert" not in response.content.decode()


def test_texts_of_all_kinds_are_kept_as_they_are_and_escaped(desk: Desk, client):
    client.force_login(desk.clerk)
    purpose = "给𠅤山😊买书<script>alert(1)</script>'; DROP TABLE funds_entry; --"
    client.post(f"{NEW}?kind=grant", grant_form(desk, purpose=purpose))
    voucher = Voucher.objects.get()
    assert voucher.purpose == purpose
    page = client.get(reverse("fund_vouchers:inspect", args=[voucher.pk])).content.decode()
    assert "<script>alert" not in page
    assert "𠅤山😊" in page


def test_a_sibling_village_finds_none_of_it(desk: Desk, sibling, appoint, client):
    desk.give("500")
    voucher, donation = desk.propose(Kind.COST), desk.give("10").donation
    stranger = appoint(sibling, Role.VILLAGE_OFFICIAL)
    client.force_login(stranger)
    for name in ("vouchers", "list", "entries", "goods", "stocks", "donations", "statements"):
        page = client.get(f"/admin/funds/{name}/").content.decode()
        assert desk.fund.name not in page, name
        export = client.get(f"/admin/funds/{name}/", {"export": "csv"})
        assert desk.fund.name not in b"".join(export.streaming_content).decode()
    for address in (
        reverse("fund_vouchers:inspect", args=[voucher.pk]),
        reverse("fund_vouchers:edit", args=[voucher.pk]),
        reverse("fund_list:inspect", args=[desk.fund.pk]),
        reverse("fund_donations:inspect", args=[donation.pk]),
        reverse("fund_evidence", args=[voucher.evidence.get().pk]),
        reverse("fund_receipt", args=[donation.pk]),
        reverse("fund_preview", args=[desk.fund.pk]),
        f"{NEW}?kind=reversal&reverses={voucher.pk}",
    ):
        assert client.get(address).status_code == 404, address
    for name in ("fund_withdraw", "fund_approve", "fund_refuse"):
        assert client.post(reverse(name, args=[voucher.pk])).status_code == 404
    response = client.post(f"{NEW}?kind=grant", grant_form(desk))
    assert "fund" in response.context["form"].errors
    assert desk.fund.name not in client.get(reverse("fund_overdue")).content.decode()


def test_an_auditor_looks_and_touches_nothing(desk: Desk, county, appoint, client):
    voucher = desk.propose(Kind.DONATION)
    client.force_login(appoint(county, Role.COUNTY_AUDITOR))
    page = client.get(reverse("fund_vouchers:inspect", args=[voucher.pk])).content.decode()
    assert "审批入账" not in page
    assert client.post(reverse("fund_approve", args=[voucher.pk])).status_code == 404
    assert client.get(NEW).status_code == 302
    evidence = client.get(reverse("fund_evidence", args=[voucher.evidence.get().pk]))
    assert evidence.status_code == 200
    assert "no-store" in evidence["Cache-Control"]


def test_cells_of_an_export_are_no_formulas(desk: Desk, client):
    desk.give("10", purpose="=HYPERLINK(1)")
    client.force_login(desk.chief)
    export = b"".join(client.get("/admin/funds/entries/", {"export": "csv"}).streaming_content).decode()
    assert ",=HYPERLINK" not in export
    assert "HYPERLINK" in export


def test_a_list_narrows_and_its_export_with_it(desk: Desk, client):
    desk.give("10")
    desk.spend("5")
    client.force_login(desk.chief)
    export = client.get("/admin/funds/entries/", {"kind": "grant", "export": "csv"})
    lines = b"".join(export.streaming_content).decode().strip().splitlines()
    assert len(lines) == 2
    assert "5.00" in lines[1]


def test_a_fund_is_opened_changed_and_published(desk: Desk, township, chief, client):
    client.force_login(chief)
    manager = make_organization(township)
    form = {
        "name": "清溪镇社区发展基金",
        "kind": "community",
        "place": township.pk,
        "manager": manager.pk,
        "purpose": "支持各村办小事。",
        "rules": "",
        "started_on": f"{desk.fund.started_on}",
        "disclosure_months": "3",
        "disclosure_days": "30",
    }
    client.post("/admin/funds/list/new/", form)
    fund = Fund.objects.get(name="清溪镇社区发展基金")
    assert fund.code == f"{township.code}-1"
    assert fund.balances.count() == 9
    response = client.post("/admin/funds/list/new/", form)
    assert "name" in response.context["form"].errors
    client.post(
        reverse("fund_list:edit", args=[fund.pk]), form | {"disclosure_days": "15", "place": desk.fund.place.pk}
    )
    fund.refresh_from_db()
    assert (fund.disclosure_days, fund.place) == (15, township)
    assert client.get(reverse("fund_preview", args=[fund.pk]))["Content-Type"] == "application/pdf"
    client.post(reverse("fund_publish", args=[fund.pk]))
    statement = fund.statements.get()
    assert statement.document is not None
    client.post(reverse("fund_correct", args=[statement.pk]), {"text": "补充说明：本期没有收支。"})
    assert statement.corrections.get().document is not None


def test_who_is_no_longer_registered_takes_no_fund_and_keeps_the_one_it_has(desk: Desk, township, client):
    gone = make_organization(township)
    for one in (gone, desk.fund.manager):
        Organization.objects.filter(pk=one.pk).update(
            registered_on="2020-01-01", valid_from="2020-01-01", valid_until="2023-01-01"
        )
    client.force_login(desk.chief)
    form = {
        "name": "清溪镇社区发展基金",
        "kind": "community",
        "place": township.pk,
        "manager": gone.pk,
        "purpose": "支持各村办小事。",
        "started_on": f"{desk.fund.started_on}",
        "disclosure_months": "3",
        "disclosure_days": "30",
    }
    refused = client.post("/admin/funds/list/new/", form)
    assert "现在不在册" in str(refused.context["form"].errors["manager"])
    edit = reverse("fund_list:edit", args=[desk.fund.pk])
    assert "现在不在册" in str(client.post(edit, form).context["form"].errors["manager"])
    assert client.post(edit, form | {"manager": desk.fund.manager.pk}).status_code == 302
    desk.fund.refresh_from_db()
    assert desk.fund.name == "清溪镇社区发展基金"


def test_a_village_neither_opens_nor_publishes(desk: Desk, client):
    client.force_login(desk.clerk)
    assert client.get("/admin/funds/list/new/").status_code == 302
    assert client.post(reverse("fund_publish", args=[desk.fund.pk])).status_code == 404
    assert not desk.fund.statements.exists()


def test_what_is_overdue_is_in_the_townships_report(desk: Desk, client):
    client.force_login(desk.chief)
    page = client.get(reverse("fund_overdue")).content.decode()
    assert desk.fund.name in page
    assert "逾期" in page
    xlsx = client.get(reverse("fund_overdue"), {"export": "xlsx"})
    assert xlsx.content[:2] == b"PK"
    assert desk.fund.name in client.get(reverse("fund_overdue"), {"export": "csv"}).content.decode("utf-8-sig")


def test_a_transfer_out_of_reach_waits_for_somebody_who_reaches_both(desk: Desk, other_township, appoint, client):
    far = make_fund(other_township)
    desk.give("100")
    voucher = desk.propose(Kind.TRANSFER, target=far)
    client.force_login(desk.chief)
    client.post(reverse("fund_approve", args=[voucher.pk]))
    assert Voucher.objects.get(pk=voucher.pk).status == Status.PENDING
    chief = appoint(other_township, Role.TOWNSHIP_OFFICIAL, user=desk.chief)
    client.force_login(chief)
    client.post(reverse("fund_approve", args=[voucher.pk]))
    assert Fund.objects.with_balance().get(pk=far.pk).balance == Decimal(100)


def test_receipts_consent_and_waivers_by_button(desk: Desk, client):
    donation = desk.give("100").donation
    client.force_login(desk.clerk)
    client.post(reverse("fund_consent", args=[donation.pk]), {"named": "1"})
    client.post(reverse("fund_waive_receipt", args=[donation.pk]))
    donation.refresh_from_db()
    assert (donation.named, donation.receipt_status) == (True, "waived")
    client.post(reverse("fund_give_receipt", args=[donation.pk]))
    assert client.get(reverse("fund_receipt", args=[donation.pk]))["Content-Type"] == "application/pdf"
    client.post(reverse("fund_consent", args=[donation.pk]), {"named": "0"})
    donation.refresh_from_db()
    assert donation.named is False


def test_only_the_proposer_edits_a_pending_voucher(desk: Desk, client):
    voucher = desk.propose(Kind.COST)
    address = reverse("fund_vouchers:edit", args=[voucher.pk])
    page = reverse("fund_vouchers:inspect", args=[voucher.pk])
    client.force_login(desk.chief)
    assert client.get(address).status_code == 404
    assert address not in client.get(page).content.decode()
    assert AdminURLFinder(desk.chief).get_edit_url(voucher) == page
    client.force_login(desk.clerk)
    assert address in client.get(page).content.decode()
    fields = {"fund": desk.fund.pk, "on": f"{desk.day}", "amount": "88", "account": "cash", "purpose": "改过的事由"}
    client.post(address, fields | {"without": [voucher.evidence.get().pk], "papers": [paper("新票.txt")]})
    voucher.refresh_from_db()
    assert (voucher.amount, voucher.account, voucher.purpose) == (88, "cash", "改过的事由")
    assert [one.name for one in voucher.evidence.all()] == ["新票.txt"]
    actions.withdraw(voucher=voucher, by=desk.clerk)
    assert client.get(address).status_code == 404


def test_a_refusal_without_a_reason_names_the_field_and_decides_nothing(desk: Desk, client):
    voucher = desk.propose(Kind.COST)
    client.force_login(desk.chief)
    page = client.post(reverse("fund_refuse", args=[voucher.pk]), {"reason": " "}, follow=True)
    assert "退回原因：" in "".join(str(message) for message in page.context["messages"])
    voucher.refresh_from_db()
    assert voucher.status == Status.PENDING
