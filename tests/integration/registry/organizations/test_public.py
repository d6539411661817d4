"""What everybody sees, and what a writer and a manager do on the public site."""

import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from registry.organizations import actions
from registry.organizations.models import AnnualReport, Filing, Organization, OrganizationKind, Service
from search.documents import sources

from . import makers
from .conftest import client_of
from .test_register import a_contract, a_report, a_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger() -> Client:
    """Somebody else with a public account."""
    return client_of(User.objects.create_user("zhou@example.org", "zhou@example.org"))


def test_a_filing_from_the_first_page_to_the_register(writing, writer, village, reviewer):
    makers.a_kind(village)
    kind = OrganizationKind.objects.first()
    assert "开始填写" in writing.get(reverse("organizations:start")).content.decode()
    basics = {
        "name": "柳河村舞龙队",
        "form": "community",
        "credit_code": "",
        "kind": kind.pk,
        "field_of_work": "culture",
        "place": village.pk,
        "aims": "教孩子舞龙",
    }
    response = writing.post(reverse("organizations:new", args=["990100"]), basics)
    filing = Filing.objects.get()
    assert response.headers["Location"] == reverse("organizations:step", args=[filing.pk, "head"])
    response = writing.post(response.headers["Location"], {"head_name": "张三", "head_phone": "13800001234"})
    rows = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0"}
    for n in range(2):
        rows |= {f"form-{n}-name": f"李{n}娃", f"form-{n}-phone": f"1380000000{n}", f"form-{n}-duty": ""}
    response = writing.post(response.headers["Location"], rows)
    response = writing.post(response.headers["Location"], {"text": "\n".join(f"王{n}娃" for n in range(10))})
    response = writing.post(response.headers["Location"], {"premises": "文化礼堂", "premises_right": "provided"})
    review = reverse("organizations:review", args=[filing.pk])
    page = writing.get(review)
    assert "请上传章程" in page.content.decode()
    assert writing.post(review).headers["Location"] == review
    from django.core.files.uploadedfile import SimpleUploadedFile

    files = response.headers["Location"]
    writing.post(files, {"kind": "charter", "file": SimpleUploadedFile("章程.pdf", makers.PDF)})
    assert writing.get(review).context["ready"]
    assert writing.post(review).headers["Location"] == filing.get_absolute_url()
    filing.refresh_from_db()
    assert filing.state == "submitted"
    assert writing.get(files).status_code == 302

    organization = actions.approve_filing(filing=filing, by=reviewer)
    page = Client().get(organization.get_absolute_url()).content.decode()
    assert "柳河村舞龙队" in page
    assert "张三" not in page, "the head did not agree"
    assert "13800001234" not in page
    assert "王3娃" not in page


def test_the_reasons_stand_beside_their_fields(writing, writer, village, reviewer):
    filing = makers.a_submitted(village, writer)
    actions.return_filing(filing=filing, reasons={"aims": "写明每月几次", "files": "章程缺一章"}, by=reviewer)
    basics = writing.get(reverse("organizations:step", args=[filing.pk, "basics"])).content.decode()
    assert "写明每月几次" in basics
    assert "章程缺一章" not in basics
    assert "章程缺一章" in writing.get(reverse("organizations:step", args=[filing.pk, "files"])).content.decode()
    assert "写明每月几次" in writing.get(filing.get_absolute_url()).content.decode()
    page = writing.get(reverse("organizations:review", args=[filing.pk])).content.decode()
    assert "都改好了吗" in page
    assert "章程缺一章" in page


def test_a_filing_is_its_writers_alone(stranger, writer, village):
    filing = makers.a_draft(village, writer)
    file = filing.files.get()
    for name, args in (
        ("filing", [filing.pk]),
        ("review", [filing.pk]),
        ("step", [filing.pk, "basics"]),
        ("step", [filing.pk, "members"]),
        ("file", [filing.pk, file.pk]),
    ):
        address = reverse(f"organizations:{name}", args=args)
        assert stranger.get(address).status_code == 404
        response = Client().get(address)
        assert response.status_code == 302
        assert parse_qs(urlsplit(response.headers["Location"]).query)["next"] == [address]
    for name, args in (("discard", [filing.pk]), ("remove_file", [filing.pk, file.pk]), ("review", [filing.pk])):
        assert stranger.post(reverse(f"organizations:{name}", args=args)).status_code == 404
    assert filing.files.count() == 1


def test_a_file_of_another_filing_is_not_handed_out_below_ones_own(writing, writer, village):
    other = makers.a_draft(village, User.objects.create_user("other", "other@example.org")).files.get()
    mine = makers.a_draft(village, writer)
    assert writing.get(reverse("organizations:file", args=[mine.pk, other.pk])).status_code == 404
    own = writing.get(reverse("organizations:file", args=[mine.pk, mine.files.get().pk]))
    assert "no-store" in own.headers["Cache-Control"]
    assert b"".join(own.streaming_content).startswith(b"%PDF")


def test_an_organization_is_managed_by_its_managers_alone(stranger, organization, writer):
    service = actions.save_service(service=a_service(organization), by=writer)
    number = organization.number
    for name, args in (
        ("desk", [number]),
        ("new_service", [number]),
        ("service", [number, service.pk]),
        ("annual_report", [number, organization.registered_on.year]),
        ("new_manager", [number]),
    ):
        assert stranger.get(reverse(f"organizations:{name}", args=args)).status_code == 404
    for name, args in (
        ("renew", [number]),
        ("service_verb", [number, service.pk, "withdraw"]),
        ("remove_manager", [number, organization.managers.get().pk]),
    ):
        assert stranger.post(reverse(f"organizations:{name}", args=args)).status_code == 404
    service.refresh_from_db()
    assert not service.withdrawn


def test_a_manager_keeps_services(writing, organization, writer):
    service = actions.save_service(service=a_service(organization), by=writer)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=400)):
        client = client_of(writer)
        page = Client().get(organization.get_absolute_url()).content.decode()
        assert "可能已经变了" in page
        client.post(reverse("organizations:service_verb", args=[organization.number, service.pk, "confirm"]))
        assert "可能已经变了" not in Client().get(organization.get_absolute_url()).content.decode()
        client.post(reverse("organizations:service_verb", args=[organization.number, service.pk, "withdraw"]))
        assert service.name not in Client().get(organization.get_absolute_url()).content.decode()


def test_an_annual_report_begins_with_what_is_known(writing, organization, writer, reviewer):
    actions.save_service(service=a_service(organization), by=writer)
    year = organization.registered_on.year
    with time_machine.travel(f"{year + 1}-03-01 10:00+08:00"):
        client = client_of(writer)
        filed = actions.file_annual_report(report=a_report(organization), by=writer)
        address = reverse("organizations:annual_report", args=[organization.number, year + 1])
        form = client.get(address).context["form"]
        assert form["opening_balance"].value() == filed.closing_balance
        assert form["members"].value() == 10
        assert "少年舞龙课" in form["work"].value()
        assert Client().get(organization.get_absolute_url()).content.decode().count("教了四十次") == 0
        actions.confirm_annual_report(report=filed, by=reviewer)
        assert "教了四十次" in Client().get(organization.get_absolute_url()).content.decode()
        late = reverse("organizations:annual_report", args=[organization.number, year])
        client.post(late, {"work": "改"})
        assert AnnualReport.objects.get().work == "教了四十次舞龙"


def test_the_public_page_of_one_no_longer_registered_says_so(client, organization, writer, reviewer):
    actions.save_service(service=a_service(organization), by=writer)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1200)):
        page = client.get(organization.get_absolute_url()).content.decode()
        assert "还没有续期" in page
        assert "少年舞龙课" not in page
        assert 'content="noindex"' in page
        assert organization.name not in client.get(reverse("organizations:directory")).content.decode()
    actions.deregister(organization=organization, reason="自行解散", by=reviewer)
    page = client.get(organization.get_absolute_url()).content.decode()
    assert "注销" in page
    assert "张𠅤" not in page


def test_an_unknown_number_is_not_there(client):
    assert client.get("/organizations/99010020999999/").status_code == 404


def test_the_directory_is_narrowed_by_its_address(client, village, sibling, other_township, writer):
    dragon = makers.an_organization(village, writer, name="舞龙队")
    elders = makers.an_organization(sibling, writer, name="助老队", field_of_work="elderly", aims="送餐")
    far = makers.an_organization(other_township, writer, name="书画社", field_of_work="education")
    actions.save_service(service=a_service(elders, name="送餐上门", audience="elderly"), by=writer)
    directory = reverse("organizations:directory")

    def shown(query: str) -> set[str]:
        return {one.name for one in client.get(f"{directory}?{query}").context["directory"].page}

    assert shown("") == {dragon.name, elders.name, far.name}
    assert shown("place=990100001") == {dragon.name, elders.name}
    assert shown(f"place={sibling.code}") == {elders.name}
    assert shown("field=elderly") == {elders.name}
    assert shown("service=elderly") == {elders.name}
    assert shown("kind=welfare&place=990100002") == {far.name}
    assert shown("q=送餐") == {elders.name}
    assert shown(f"q={dragon.number}") == {dragon.name}
    assert shown("q=没有这个") == set()
    # What is unknown is passed over: an old link still shows a list.
    assert len(shown("kind=nonsense&place=1&field=x&service=y&sort=z&page=999")) == 3
    assert len(shown("q=%00%27%3B--&place=%00")) in {0, 3}


def test_counts_beside_the_filters_are_what_they_lead_to(client, village, sibling, writer):
    makers.an_organization(village, writer, field_of_work="culture")
    makers.an_organization(sibling, writer, field_of_work="elderly")
    directory = reverse("organizations:directory")
    for group in client.get(directory).context["directory"].groups:
        for choice in group.choices:
            page = client.get(f"{directory}{choice.url}").context["directory"]
            assert page.total == choice.count, (group.name, choice.value)


def test_an_empty_directory_says_so(client, db):
    assert "还没有备案的组织" in client.get(reverse("organizations:directory")).content.decode()
    assert "没有符合这些条件" in client.get(reverse("organizations:directory") + "?q=龙").content.decode()


def test_a_list_page_asks_the_same_however_many_there_are(client, village, writer):
    directory = reverse("organizations:directory")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(directory)
        return len(captured)

    makers.an_organization(village, writer)
    few = queries()
    for _ in range(5):
        actions.save_service(service=a_service(makers.an_organization(village, writer)), by=writer)
    assert queries() == few > 0


def test_what_is_searchable_names_no_person(organization, writer, reviewer):
    service = actions.save_service(service=a_service(organization), by=writer)
    for name, row in (("organization", organization), ("service", service)):
        (document,) = sources()[name].documents([row.pk])
        assert document.kind == name
        assert document.url.startswith(organization.get_absolute_url())
        assert "张𠅤" not in str(document)
        assert "13800001234" not in str(document)
    actions.deregister(organization=organization, reason="自行解散", by=reviewer)
    assert not list(sources()["organization"].documents())
    assert not list(sources()["service"].documents())


def test_the_sitemap_names_the_registered(client, organization, reviewer):
    assert organization.get_absolute_url() in client.get("/sitemap-organizations.xml").content.decode() or (
        organization.get_absolute_url() in client.get("/sitemap.xml").content.decode()
    )


def test_contracts_are_published(client, organization, reviewer):
    actions.award_contract(contract=a_contract(organization), by=reviewer)
    page = client.get(organization.get_absolute_url()).content.decode()
    assert "老年助餐" in page
    assert "186,000.00" in page


def test_renewal_from_the_desk(organization, writer):
    Organization.objects.update(valid_until=timezone.localdate() + datetime.timedelta(days=3))
    client = client_of(writer)
    response = client.post(reverse("organizations:renew", args=[organization.number]))
    renewal = Filing.objects.get(purpose="renewal")
    assert response.headers["Location"] == reverse("organizations:review", args=[renewal.pk])
    page = client.get(response.headers["Location"])
    assert page.context["ready"]
    assert "提交续期申请" in page.content.decode()
    assert Service.objects.count() == 0
