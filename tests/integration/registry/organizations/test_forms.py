"""Every form with input that people, machines and ill will put into it: a reason in Chinese, and nothing stored."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import models as form_models
from django.urls import reverse

from registry.organizations import actions, forms
from registry.organizations.backoffice.forms import DeregisterForm, ReviewForm
from registry.organizations.models import AnnualReport, Filing, Founder, Member, Organization, Service

from . import makers

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
SQL = "'; DROP TABLE organizations_filing; --"
CHINESE = re.compile("[\u4e00-\u9fff]")

BASICS = ("name", "form", "credit_code", "kind", "field_of_work", "place", "aims")


def basics(place: Any) -> dict[str, Any]:
    values = makers.particulars(place)
    return {name: values[name] for name in BASICS} | {"kind": values["kind"].pk, "place": place.pk}


def told(form: Any, field: str) -> list[str]:
    """The reasons beside a field, all of them in Chinese."""
    reasons = list(form.errors.get(field, []))
    assert reasons, form.errors
    assert all(CHINESE.search(reason) for reason in reasons), reasons
    return reasons


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "龙" * 61),
        ("name", SCRIPT),
        ("name", "舞龙队🐉"),
        ("name", SQL),
        ("name", "12345"),
        ("name", "舞龙\x07队"),
        ("form", ""),
        ("form", "club"),
        ("credit_code", "51990100MJ9000001"),
        ("credit_code", "abc"),
        ("credit_code", "5" * 300),
        ("kind", ""),
        ("kind", "99999999"),
        ("kind", SQL),
        ("field_of_work", "nonsense"),
        ("place", ""),
        ("place", "99999999"),
        ("place", "一个村"),
        ("aims", ""),
        ("aims", "字" * 501),
        ("aims", f"教孩子{SCRIPT}"),
    ],
)
def test_the_first_step_refuses(writing, village, field, wrong):
    data = basics(village) | {field: wrong}
    if field == "credit_code":
        data["form"] = "social_group"
    response = writing.post(reverse("organizations:new", args=["990100"]), data)
    assert response.status_code == 200
    told(response.context["form"], field)
    assert not Filing.objects.exists()
    assert SCRIPT not in response.content.decode()


@pytest.mark.parametrize("name", ["𠅤山䶮龙队", "清溪镇“老娘舅”调解室", "Rotary Club (清溪)", "红白理事会·柳河"])
def test_a_name_that_people_have_is_kept_as_it_is(writing, village, name):
    writing.post(reverse("organizations:new", args=["990100"]), basics(village) | {"name": name})
    assert Filing.objects.get().name == name


@pytest.mark.parametrize("aims", [SQL, "年龄<60的都可以来🐉", "第一行\r\n第二行"])
def test_text_that_only_looks_dangerous_is_kept_and_shown_as_text(writing, village, aims):
    writing.post(reverse("organizations:new", args=["990100"]), basics(village) | {"aims": aims})
    filing = Filing.objects.get()
    assert filing.aims == aims
    page = writing.get(reverse("organizations:filing", args=[filing.pk])).content.decode()
    assert "<60" not in page


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("head_name", ""),
        ("head_name", "张" * 41),
        ("head_name", SCRIPT),
        ("head_name", "张三😀"),
        ("head_phone", ""),
        ("head_phone", "abc"),
        ("head_phone", "12345678901"),
        ("head_phone", "1" * 400),
        ("head_phone", SQL),
        ("contact_phone", "打电话找我"),
        ("contact_phone", SCRIPT),
        ("contact_email", "不是邮箱"),
        ("contact_email", "a" * 200 + "@example.org"),
    ],
)
def test_the_head_step_refuses(writing, village, writer, field, wrong):
    filing = makers.a_draft(village, writer)
    data = {"head_name": "李四", "head_phone": "13800009999", "contact_phone": "", "contact_email": ""}
    response = writing.post(reverse("organizations:step", args=[filing.pk, "head"]), data | {field: wrong})
    assert response.status_code == 200
    told(response.context["form"], field)
    filing.refresh_from_db()
    assert filing.head_name == "张𠅤"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("premises", ""), ("premises", "村" * 121), ("premises", SCRIPT), ("premises_right", ""), ("premises_right", "x")],
)
def test_the_premises_step_refuses(writing, village, writer, field, wrong):
    filing = makers.a_draft(village, writer)
    data = {"premises": "新礼堂", "premises_right": "rented"} | {field: wrong}
    response = writing.post(reverse("organizations:step", args=[filing.pk, "premises"]), data)
    told(response.context["form"], field)
    filing.refresh_from_db()
    assert filing.premises == "村文化礼堂"


def founders(*rows: tuple[str, str, str]) -> dict[str, str]:
    data = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        data |= {f"form-{number}-{name}": value for name, value in zip(("name", "phone", "duty"), row, strict=True)}
    return data


GOOD = ("李四", "13800009999", "")


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ([("", "", "")], None),
        ([("王五", "", "")], "phone"),
        ([("", "13800008888", "")], "name"),
        ([("王五", "不知道", "")], "phone"),
        ([(SCRIPT, "13800008888", "")], "name"),
        ([("王" * 41, "13800008888", "")], "name"),
        ([("王五", "13800008888", SCRIPT)], "duty"),
        ([("😀", "13800008888", "")], "name"),
        ([GOOD, GOOD], "name"),
    ],
)
def test_the_founders_step_refuses(writing, village, writer, rows, at):
    filing = makers.a_draft(village, writer)
    response = writing.post(reverse("organizations:step", args=[filing.pk, "founders"]), founders(*rows))
    formset = response.context["form"]
    if at is None:
        assert CHINESE.search(formset.non_form_errors()[0])
    else:
        told(formset.forms[-1], at)
    assert list(filing.founders.values_list("name", flat=True)) == ["李0娃", "李1娃"]


def test_a_tampered_founders_form_is_refused(writing, village, writer):
    filing = makers.a_draft(village, writer)
    response = writing.post(reverse("organizations:step", args=[filing.pk, "founders"]), {"form-TOTAL_FORMS": "x"})
    assert response.status_code == 200
    assert filing.founders.count() == 2


def test_rows_left_empty_count_for_nothing(writing, village, writer):
    filing = makers.a_draft(village, writer)
    rows = founders(("", "", ""), ("𠅤生", "+86 138 0000 9999", "会计"), ("", "", ""))
    writing.post(reverse("organizations:step", args=[filing.pk, "founders"]), rows)
    founder = filing.founders.get()
    assert (founder.name, founder.phone, founder.duty) == ("𠅤生", "13800009999", "会计")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "请填写会员名单"),
        (" \n ", "请填写会员名单"),
        (SCRIPT, "第 1 行"),
        ("李四\n😀", "第 2 行"),
        ("李四，13800009999\n李四，13800009999", "第 2 行"),
        ("李四\n\n李四", "第 3 行"),
        ("李" * 41, "第 1 行"),
        ("李四，123456789", "第 1 行"),
        ("名" * 200_001, "200000"),
    ],
)
def test_the_members_step_refuses(writing, village, writer, text, reason):
    filing = makers.a_draft(village, writer)
    response = writing.post(reverse("organizations:step", args=[filing.pk, "members"]), {"text": text})
    assert reason in "".join(told(response.context["form"], "text"))
    assert filing.members.count() == 10


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("章程.pdf", b""),
        ("章程.pdf", b"MZ\x90\x00\x03\x00\x00\x00"),
        ("章程.exe", makers.PDF),
        ("章程.html", b"<script>alert(1)</script>"),
        ("章程.svg", b"<svg onload='alert(1)'/>"),
        ("章程.docx", makers.PDF),
        ("章" * 200 + ".pdf", makers.PDF),
    ],
)
def test_the_files_step_refuses(writing, village, writer, name, content):
    filing = makers.a_draft(village, writer, charter=False)
    upload = SimpleUploadedFile(name, content)
    address = reverse("organizations:step", args=[filing.pk, "files"])
    response = writing.post(address, {"kind": "charter", "file": upload})
    told(response.context["form"], "file")
    assert not filing.files.exists()


def test_the_files_step_refuses_no_file_and_a_made_up_kind(writing, village, writer):
    filing = makers.a_draft(village, writer, charter=False)
    address = reverse("organizations:step", args=[filing.pk, "files"])
    told(writing.post(address, {"kind": "charter"}).context["form"], "file")
    upload = SimpleUploadedFile("章程.pdf", makers.PDF)
    told(writing.post(address, {"kind": "x", "file": upload}).context["form"], "kind")
    assert not filing.files.exists()


def test_a_file_too_large_is_refused(writing, village, writer, monkeypatch):
    monkeypatch.setattr(forms, "MAX_FILE_BYTES", 10)
    filing = makers.a_draft(village, writer, charter=False)
    upload = SimpleUploadedFile("章程.pdf", makers.PDF)
    response = writing.post(reverse("organizations:step", args=[filing.pk, "files"]), {"kind": "other", "file": upload})
    assert "20 MB" in told(response.context["form"], "file")[0]


SERVICE = {
    "name": "舞龙课",
    "description": "教孩子舞龙",
    "audience": "children",
    "location": "礼堂",
    "hours": "周六",
    "cost": "免费",
    "contact": "0570-5123456",
}


@pytest.mark.parametrize("field", [name for name in SERVICE if name != "audience"])
@pytest.mark.parametrize("wrong", ["", "长" * 600, SCRIPT, "看不见\x00的"])
def test_a_service_refuses(writing, organization, field, wrong):
    address = reverse("organizations:new_service", args=[organization.number])
    response = writing.post(address, SERVICE | {field: wrong})
    told(response.context["form"], field)
    assert not Service.objects.exists()


def test_a_service_refuses_a_made_up_audience_and_a_second_of_its_name(writing, organization):
    address = reverse("organizations:new_service", args=[organization.number])
    told(writing.post(address, SERVICE | {"audience": "aliens"}).context["form"], "audience")
    assert writing.post(address, SERVICE).status_code == 302
    told(writing.post(address, SERVICE).context["form"], "name")
    assert Service.objects.count() == 1


REPORT = {
    "work": "教了四十次",
    "activities": "40",
    "people_served": "800",
    "members": "10",
    "opening_balance": "100.00",
    "income": "2000.50",
    "expenditure": "1500.25",
    "plans": "",
}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("work", ""),
        ("work", "字" * 3001),
        ("work", SCRIPT),
        ("activities", "很多"),
        ("activities", "-1"),
        ("activities", "1e99"),
        ("people_served", SQL),
        ("people_served", "99999999999999999999"),
        ("members", ""),
        ("opening_balance", "-5"),
        ("income", "1.234"),
        ("income", "NaN"),
        ("income", "Infinity"),
        ("income", "99999999999999"),
        ("expenditure", "9999"),
        ("expenditure", "一百"),
        ("plans", SCRIPT),
    ],
)
def test_an_annual_report_refuses(writing, organization, field, wrong):
    address = reverse("organizations:annual_report", args=[organization.number, organization.registered_on.year])
    response = writing.post(address, REPORT | {field: wrong})
    assert response.status_code == 200
    told(response.context["form"], field)
    assert not AnnualReport.objects.exists()


@pytest.mark.parametrize("wrong", ["", "不是邮箱", "nobody@example.org", SCRIPT, SQL, "a" * 400 + "@example.org"])
def test_a_manager_that_is_none_is_refused(writing, organization, wrong):
    response = writing.post(reverse("organizations:new_manager", args=[organization.number]), {"email": wrong})
    told(response.context["form"], "email")
    assert organization.managers.count() == 1


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"verb": "nonsense"}, "verb"),
        ({"verb": "refuse"}, "remark"),
        ({"verb": "return", "reason_aims": "长" * 201}, "reason_aims"),
        ({"verb": "return", "reason_aims": SCRIPT}, "reason_aims"),
        ({"verb": "return", "remark": "长" * 501}, "remark"),
        ({"verb": "return"}, "__all__"),
        ({"verb": "approve", "reason_name": "改名"}, "__all__"),
    ],
)
def test_a_review_refuses(office, village, writer, data, field):
    filing = makers.a_submitted(village, writer)
    address = reverse("organization_filings:inspect", args=[filing.pk])
    response = office.post(address, data)
    told(response.context["form"], field)
    filing.refresh_from_db()
    assert filing.state == "submitted"
    assert SCRIPT not in response.content.decode()


@pytest.mark.parametrize("wrong", ["", "  ", "长" * 201, SCRIPT])
def test_deregistration_refuses(office, organization, wrong):
    response = office.post(reverse("organizations_register:inspect", args=[organization.pk]), {"reason": wrong})
    told(response.context["form"], "reason")
    organization.refresh_from_db()
    assert organization.is_registered


def test_every_form_of_the_app_is_tried_here():
    """A form that is added is tried too: this list grows with it."""
    tried = {
        forms.StepForm,
        forms.BasicsForm,
        forms.HeadForm,
        forms.PremisesForm,
        forms.FounderForm,
        forms.MembersForm,
        forms.FileForm,
        forms.ServiceForm,
        forms.AnnualReportForm,
        forms.ManagerForm,
        ReviewForm,
        DeregisterForm,
    }
    own = {
        value
        for module in (forms, __import__(ReviewForm.__module__, fromlist=["x"]))
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, form_models.BaseForm)
        and value.__module__.startswith("registry.organizations")
    }
    assert own == tried


def test_what_is_stored_without_a_form_is_checked_too(organization, writer):
    """The action asks the model again: an API has no form."""
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        actions.save_service(service=Service(organization=organization, **(SERVICE | {"name": SCRIPT})), by=writer)
    assert not Service.objects.exists()


def test_fixtures_are_what_the_tests_say(organization):
    assert (Founder.objects.count(), Member.objects.count(), Organization.objects.count()) == (2, 10, 1)
