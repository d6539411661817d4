"""The queue, the review and the lists, as officials use them."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.audit import lines_about
from accounts.roles import Role
from registry.organizations import actions, snapshots
from registry.organizations.models import AnnualReport, Filing, Organization, PurchasedService, Service

from . import makers
from .conftest import client_of
from .test_register import a_contract, a_report, a_service

pytestmark = pytest.mark.django_db

QUEUE = "organization_filings:index"


def review(filing: Filing) -> str:
    return reverse("organization_filings:inspect", args=[filing.pk])


def test_the_queue_begins_with_the_most_urgent_and_marks_the_overdue(office, village, writer, reviewer):
    decided = makers.a_submitted(village, writer)
    actions.refuse_filing(filing=decided, remark="不行", by=reviewer)
    fresh, late = makers.a_submitted(village, writer), makers.a_submitted(village, writer)
    draft = makers.a_draft(village, writer)
    Filing.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - datetime.timedelta(days=3))
    response = office.get(reverse(QUEUE))
    assert [row.pk for row in response.context["object_list"]] == [late.pk, fresh.pk, decided.pk]
    page = response.content.decode()
    assert "超期 3 日" in page
    assert draft.name not in page
    overdue = office.get(reverse(QUEUE), {"overdue": "true"})
    assert [row.pk for row in overdue.context["object_list"]] == [late.pk]
    report = office.get(reverse("organizations_overdue_filings"))
    assert [row.pk for row in report.context["object_list"]] == [late.pk]


def test_a_draft_opens_for_nobody_in_the_office(office, village, writer):
    draft = makers.a_draft(village, writer)
    assert office.get(review(draft)).status_code == 404
    assert office.get(reverse("organization_filings:file", args=[draft.files.get().pk])).status_code == 404


def test_the_review_shows_what_changed_since_the_last_submission(office, village, writer, reviewer):
    filing = makers.a_submitted(village, writer, head_phone="13800001234")
    first = office.get(review(filing))
    assert not first.context["compares"]
    actions.return_filing(filing=filing, reasons={"aims": "写明每月几次"}, by=reviewer)
    # The masked numbers are the same, the numbers are not.
    changes = {"aims": "每月两次。", "head_phone": "13811111234"}
    actions.save_draft_step(filing=filing, values=changes, by=writer)
    from registry.organizations.models import Member

    kept = makers.people(Member, 11)[1:]
    actions.set_people(filing=filing, model=Member, people=kept, by=writer)
    actions.submit(filing=filing, by=writer)
    response = office.get(review(filing))
    changed = {line.name: (line.before, line.now) for line, _field in response.context["lines"] if line.changed}
    assert changed == {"aims": ("教孩子舞龙。", "每月两次。"), "head_phone": ("138****1234", "138****1234")}
    members = next(group for group, _field in response.context["groups"] if group.name == "members")
    assert (members.count, members.added, members.removed) == (10, 1, 1)
    assert [bool(entry.change) for entry in members.entries] == [True] * 2 + [False] * 9
    page = response.content.decode()
    assert "<ins>每月两次。</ins>" in page
    assert "13811111234" not in page


def test_a_renewal_is_compared_with_what_was_approved(office, organization, writer):
    Organization.objects.update(valid_until=timezone.localdate() + datetime.timedelta(days=3))
    renewal = actions.start_renewal(organization=organization, by=writer)
    actions.save_draft_step(filing=renewal, values={"premises": "新礼堂"}, by=writer)
    actions.submit(filing=renewal, by=writer)
    response = office.get(review(renewal))
    lines = response.context["lines"]
    assert [(line.name, line.before, line.now) for line, _field in lines if line.changed] == [
        ("premises", "村文化礼堂", "新礼堂")
    ]
    page = response.content.decode()
    assert "上次通过的" in page
    assert '<a href="#review-premises">' in page
    assert organization.number in page


def test_the_page_of_a_renewal_says_until_when_it_would_hold_and_so_it_does(office, organization, writer):
    last = timezone.localdate() + datetime.timedelta(days=3)
    Organization.objects.update(valid_until=last)
    renewal = actions.start_renewal(organization=organization, by=writer)
    actions.submit(filing=renewal, by=writer)
    response = office.get(review(renewal))
    assert "没有变化。" in response.content.decode()
    period = response.context["renewed_period"]
    assert period[0] == last + datetime.timedelta(days=1)
    renewed = actions.approve_filing(filing=renewal, by=writer)
    assert (renewed.valid_from, renewed.valid_until) == period
    assert office.get(review(renewal)).context["renewed_period"] is None


def test_only_what_changed_in_a_text_is_marked():
    before, now = "每逢节庆教村里的孩子舞龙，演出不收费。", "每逢节庆教村里的孩子和大人舞龙，演出不收费。"
    added = snapshots.Line("aims", "宗旨", now=now, before=before, changed=True)
    assert added.now_pieces == [("每逢节庆教村里的孩子", False), ("和大人", True), ("舞龙，演出不收费。", False)]
    assert not any(piece.differs for piece in added.before_pieces)
    other = "腊月里给八十岁以上的老人送年货、写春联、拍照片。"
    anew = snapshots.Line("aims", "宗旨", now=other, before=before, changed=True)
    assert (anew.before_pieces, anew.now_pieces) == ([(before, True)], [(other, True)])
    masked = snapshots.Line("head_phone", "手机", now="138****1234", before="138****1234", changed=True)
    assert masked.now_pieces == [("138****1234", True)]
    assert snapshots.Line("contact_email", "邮箱", now="a@b.cn", before="", changed=True).before_pieces == []


def test_taken_returned_with_a_reason_at_its_field_and_approved(office, village, writer, reviewer):
    filing = makers.a_submitted(village, writer)
    office.post(review(filing), {"verb": "take"})
    filing.refresh_from_db()
    assert (filing.state, filing.reviewer) == ("in_review", reviewer)
    office.post(review(filing), {"verb": "return", "reason_members": "名单里有两人不在本村", "remark": "其余都好"})
    decision = filing.decisions.get()
    assert (decision.outcome, decision.reasons, decision.remark) == (
        "returned",
        {"members": "名单里有两人不在本村"},
        "其余都好",
    )
    actions.submit(filing=filing, by=writer)
    response = office.post(review(filing), {"verb": "approve"}, follow=True)
    assert "已通过" in response.content.decode()
    assert Organization.objects.get().name == filing.name


def test_the_second_reviewer_sees_how_it_stands(office, village, writer, reviewer):
    filing = makers.a_submitted(village, writer)
    page = office.get(review(filing))
    assert page.context["may_review"]
    actions.approve_filing(filing=filing, by=reviewer)
    response = office.post(review(filing), {"verb": "refuse", "remark": "不行"})
    assert "别的同事刚刚处理过" in response.content.decode()
    assert not response.context["may_review"]
    assert filing.decisions.count() == 1


@pytest.mark.parametrize("role", [Role.VILLAGE_OFFICIAL, Role.COUNTY_AUDITOR])
def test_who_may_only_look_may_not_decide(township, village, writer, appoint, role):
    filing = makers.a_submitted(village, writer)
    client = client_of(appoint(township, role))
    page = client.get(review(filing))
    assert page.status_code == 200
    assert not page.context["may_review"]
    client.post(review(filing), {"verb": "approve"})
    filing.refresh_from_db()
    assert filing.state == "submitted"


def test_the_next_township_sees_nothing(other_township, village, writer, appoint, organization):
    filing = makers.a_submitted(village, writer)
    service = actions.save_service(service=a_service(organization), by=writer)
    Service.objects.update(confirmed_on="2020-01-01")
    client = client_of(appoint(other_township, Role.TOWNSHIP_OFFICIAL))
    assert client.get(review(filing)).status_code == 404
    assert client.post(review(filing), {"verb": "approve"}).status_code == 404
    file = filing.files.get()
    assert client.get(reverse("organization_filings:file", args=[file.pk])).status_code == 404
    assert client.get(reverse("organizations_register:inspect", args=[organization.pk])).status_code == 404
    for name in (
        QUEUE,
        "organizations_register:index",
        "organizations_stale_services",
        "organizations_overdue_filings",
    ):
        page = client.get(reverse(name)).content.decode()
        assert filing.name not in page
        assert organization.name not in page
        assert service.name not in page


def test_a_file_is_handed_to_the_reviewer(office, village, writer):
    file = makers.a_submitted(village, writer).files.get()
    response = office.get(reverse("organization_filings:file", args=[file.pk]))
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_an_organization_on_one_page_and_taken_off_the_register(office, organization, writer, reviewer):
    actions.save_service(service=a_service(organization), by=writer)
    actions.award_contract(contract=a_contract(organization), by=reviewer)
    actions.file_annual_report(report=a_report(organization), by=writer)
    address = reverse("organizations_register:inspect", args=[organization.pk])
    page = office.get(address).content.decode()
    for text in ("少年舞龙课", "老年助餐", "600.25", organization.number, "lin@example.org"):
        assert text in page
    assert "13800001234" not in page
    office.post(address, {"reason": "自行解散"})
    organization.refresh_from_db()
    assert (organization.status, organization.deregistration_reason) == ("deregistered", "自行解散")
    assert not office.get(address).context["may_deregister"]


def test_the_list_is_narrowed_sorted_and_exported_harmlessly(office, village, sibling, writer):
    makers.an_organization(village, writer, name="舞龙队", head_name="-张三")
    makers.an_organization(sibling, writer, name="助老队", field_of_work="elderly")
    index = reverse("organizations_register:index")

    def names(**query: str) -> list[str]:
        return [row.name for row in office.get(index, query).context["object_list"]]

    assert names(field_of_work="elderly") == ["助老队"]
    assert names(place=sibling.name) == ["助老队"]
    assert names(place="990100001201") == ["舞龙队"]
    assert names(place="没有这里") == []
    assert names(q="舞龙") == ["舞龙队"]
    assert len(names(ordering="-valid_until")) == 2
    content = b"".join(office.get(index, {"export": "csv", "q": "舞龙"}).streaming_content).decode("utf-8-sig")
    heading, row = csv.reader(io.StringIO(content))
    exported = dict(zip(heading, row, strict=True))
    assert exported["组织名称"] == "舞龙队"
    assert exported["负责人姓名"] == "'-张三"
    assert "13800001234" not in content


def test_lists_ask_the_same_however_many_rows_there_are(office, village, writer, reviewer):
    def queries(name: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert office.get(reverse(name)).status_code == 200
        return len(captured)

    def one_more(number: int) -> None:
        organization = makers.an_organization(village, writer)
        makers.a_submitted(village, writer)
        actions.save_service(service=a_service(organization, name=f"服务{number}"), by=writer)
        actions.award_contract(contract=a_contract(organization), by=reviewer)
        actions.file_annual_report(report=a_report(organization), by=writer)
        Service.objects.update(confirmed_on="2020-01-01")
        Filing.objects.filter(state="submitted").update(due_on="2020-01-01")

    lists = [
        QUEUE,
        "organizations_register:index",
        "organization_services:index",
        "organization_contracts:index",
        "organization_annual_reports:index",
        "organizations_stale_services",
        "organizations_overdue_filings",
    ]
    one_more(0)
    for name in lists:
        queries(name)  # what the site reads once is read
    few = {name: queries(name) for name in lists}
    for number in range(1, 4):
        one_more(number)
    assert min(few.values()) > 0
    assert {name: queries(name) for name in lists} == few


def test_a_contract_is_entered_through_the_form_and_leaves_its_line(office, organization, reviewer):
    address = reverse("organization_contracts:add")
    data = {
        "organization": organization.pk,
        "number": "云购服1号",
        "title": "老年助餐",
        "purchaser": "清溪镇人民政府",
        "amount": "186000.00",
        "starts_on": "2026-01-01",
        "ends_on": "2025-12-31",
        "deliverables": "供餐 300 天",
        "rating": "",
        "evaluated_on": "",
        "evaluation": "",
    }
    refused = office.post(address, data)
    assert "结束日期不能早于开始日期" in refused.content.decode()
    assert not PurchasedService.objects.exists()
    office.post(address, data | {"ends_on": "2026-12-31"})
    contract = PurchasedService.objects.get()
    assert lines_about(contract).get().actor == str(reviewer)


@pytest.mark.parametrize(
    ("name", "field", "wrong"),
    [
        ("organization_contracts", "amount", "很多"),
        ("organization_contracts", "amount", "-1"),
        ("organization_contracts", "amount", "NaN"),
        ("organization_contracts", "title", "<script>alert(1)</script>"),
        ("organization_contracts", "title", ""),
        ("organization_contracts", "title", "长" * 81),
        ("organization_contracts", "starts_on", "去年"),
        ("organization_contracts", "organization", "99999"),
        ("organization_services", "name", "<b>课</b>"),
        ("organization_services", "name", ""),
        ("organization_services", "description", "长" * 501),
        ("organization_services", "audience", "aliens"),
        ("organization_nurture", "stage", "x"),
        ("organization_nurture", "since", "昨天"),
        ("organization_nurture", "note", "<script>"),
        ("organization_support", "value", "-1"),
        ("organization_support", "description", ""),
        ("organization_kinds", "code", "大写A"),
        ("organization_kinds", "name", "<i>"),
        ("organization_settings", "opinion_days", "0"),
        ("organization_settings", "validity_years", "一百"),
    ],
)
def test_the_offices_forms_refuse(county, appoint, organization, name, field, wrong):
    good = {
        "organization_contracts": {
            "number": "1",
            "title": "助餐",
            "purchaser": "镇",
            "amount": "1",
            "deliverables": "饭",
        }
        | {"starts_on": "2026-01-01", "ends_on": "2026-12-31", "rating": "", "evaluated_on": "", "evaluation": ""},
        "organization_services": {"name": "课", "description": "课", "audience": "everyone", "location": "堂"}
        | {"hours": "周六", "cost": "免费", "contact": "12345678"},
        "organization_nurture": {"stage": "seed", "since": "2026-01-01", "note": ""},
        "organization_support": {
            "kind": "venue",
            "on": "2026-01-01",
            "description": "位",
            "provider": "镇",
            "value": "",
        },
        "organization_kinds": {"county": county.pk, "name": "新类", "code": "new", "order": "9"},
        "organization_settings": {"county": county.pk},
    }[name]
    client = client_of(appoint(county, Role.TOWNSHIP_OFFICIAL))
    response = client.post(reverse(f"{name}:add"), {"organization": organization.pk} | good | {field: wrong})
    assert response.status_code == 200
    assert any("\u4e00" <= letter <= "\u9fff" for letter in "".join(response.context["form"].errors[field]))
    assert "<script>alert(1)" not in response.content.decode()


def test_saving_a_report_confirms_it(office, organization, writer, reviewer):
    report = actions.file_annual_report(report=a_report(organization), by=writer)
    address = reverse("organization_annual_reports:edit", args=[report.pk])
    assert "确认这份报告" in office.get(address).content.decode()
    office.post(address, {"work": "改掉", "income": "1"})
    held = AnnualReport.objects.get()
    assert held.confirmed_by == reviewer
    assert held.work == "教了四十次舞龙"


def test_nothing_of_the_register_is_deleted_from_the_office(appoint, county, organization):
    from wagtail.admin.viewsets import viewsets

    routes = {
        f"{viewset.name}:{pattern.name}"
        for viewset in viewsets.viewsets
        if (viewset.name or "").startswith("organization")
        for pattern in viewset.get_urlpatterns()
    }
    assert not {route for route in routes if route.endswith(":delete")}
