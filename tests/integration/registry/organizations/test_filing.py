"""A filing from its first step to its decision, by the actions."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from accounts.audit import lines_about
from registry.organizations import actions
from registry.organizations.choices import FileKind, LegalForm, Outcome, State, Status
from registry.organizations.models import CountySettings, Decision, Filing, FilingFile, Member, Organization, Submission

from . import makers

pytestmark = pytest.mark.django_db

CODE = "51990100MJ9000001"


def code(prefix: str = "51") -> str:
    from stdnum.cn import uscc

    body = f"{prefix}990100MJ9000001"
    return body + uscc.calc_check_digit(body)


def test_a_filing_is_submitted_and_its_day_is_counted(village, writer):
    filing = makers.a_draft(village, writer)
    submission = actions.submit(filing=filing, by=writer)
    filing.refresh_from_db()
    assert filing.state == State.SUBMITTED
    assert filing.due_on == timezone.localdate() + datetime.timedelta(days=7)
    assert submission.number == 1
    assert submission.content["name"] == filing.name
    assert len(submission.content["members"]) == 10
    assert lines_about(filing)[0].action == "organizations.submit_filing"


def test_a_snapshot_holds_no_phone_number(village, writer):
    filing = makers.a_submitted(village, writer)
    stored = str(filing.submissions.get().content)
    assert "13800001234" not in stored
    assert "138****1234" in stored


def test_phone_numbers_are_encrypted_in_the_database(village, writer):
    from django.db import connection

    makers.a_draft(village, writer)
    with connection.cursor() as cursor:
        for table, column in (("filing", "head_phone"), ("founder", "phone"), ("member", "phone")):
            cursor.execute(f"SELECT {column} FROM organizations_{table}")
            for (stored,) in cursor.fetchall():
                assert not stored.startswith("1")
                assert len(stored) > 40


@pytest.mark.parametrize(
    ("lacking", "field"),
    [
        ({"founders": 1}, "founders"),
        ({"members": 9}, "members"),
        ({"charter": False}, "files"),
        ({"head_name": ""}, "head_name"),
        ({"head_phone": ""}, "head_phone"),
        ({"premises": ""}, "premises"),
        ({"premises_right": ""}, "premises_right"),
        ({"form": LegalForm.SOCIAL_GROUP}, "credit_code"),
        ({"form": LegalForm.SOCIAL_GROUP, "credit_code": CODE + "0"}, "credit_code"),
        ({"form": LegalForm.FOUNDATION, "credit_code": code()}, "credit_code"),
        ({"credit_code": code()}, "credit_code"),
    ],
)
def test_what_is_missing_is_told_by_field_and_nothing_is_submitted(village, writer, lacking, field):
    filing = makers.a_draft(village, writer, **lacking)
    with pytest.raises(ValidationError) as refused:
        actions.submit(filing=filing, by=writer)
    assert set(refused.value.message_dict) == {field}
    filing.refresh_from_db()
    assert filing.state == State.DRAFT
    assert not Submission.objects.exists()


def test_the_minimums_are_the_countys(village, writer, county):
    makers.a_kind(village)
    CountySettings.objects.filter(county=county).update(min_founders=3, min_members=12, opinion_days=20)
    filing = makers.a_draft(village, writer)
    with pytest.raises(ValidationError) as refused:
        actions.submit(filing=filing, by=writer)
    assert refused.value.message_dict == {
        "founders": ["发起人至少 3 人，现在有 2 人。"],
        "members": ["会员至少 12 人，现在有 10 人。"],
    }
    CountySettings.objects.filter(county=county).update(min_founders=2, min_members=10)
    actions.submit(filing=filing, by=writer)
    filing.refresh_from_db()
    assert filing.due_on == timezone.localdate() + datetime.timedelta(days=20)


def test_a_kind_of_another_county_is_refused(village, writer):
    from registry.places.models import Kind, Place

    elsewhere = Place.add_root(code="990200", name="云陵县", kind=Kind.COUNTY)
    filing = makers.a_draft(village, writer, kind=makers.a_kind(elsewhere))
    with pytest.raises(ValidationError) as refused:
        actions.submit(filing=filing, by=writer)
    assert set(refused.value.message_dict) == {"kind"}


def test_nothing_is_changed_while_it_is_reviewed(village, writer):
    filing = makers.a_submitted(village, writer)
    attempts = [
        lambda: actions.save_draft_step(filing=filing, values={"aims": "别的"}, by=writer),
        lambda: actions.set_people(filing=filing, model=Member, people=[], by=writer),
        lambda: actions.remove_file(file=filing.files.get(), by=writer),
        lambda: actions.submit(filing=filing, by=writer),
        lambda: actions.discard_draft(filing=filing, by=writer),
    ]
    for attempt in attempts:
        with pytest.raises(ValidationError, match="现在不能修改"):
            attempt()
    assert filing.members.count() == 10


def test_returned_with_reasons_put_right_and_approved(village, writer, reviewer, django_capture_on_commit_callbacks):
    filing = makers.a_submitted(village, writer)
    actions.take_into_review(filing=filing, by=reviewer)
    with django_capture_on_commit_callbacks(execute=True):
        actions.return_filing(filing=filing, reasons={"aims": "写明每月几次"}, remark="其余都好", by=reviewer)
    assert mail.outbox[0].to == ["lin@example.org"]
    assert "需要补正" in mail.outbox[0].subject
    assert "宗旨和业务范围：写明每月几次" in mail.outbox[0].body
    filing.refresh_from_db()
    assert (filing.state, filing.decided_at) == (State.RETURNED, None)

    actions.save_draft_step(filing=filing, values={"aims": "每月两次教孩子舞龙。"}, by=writer)
    actions.submit(filing=filing, by=writer)
    with django_capture_on_commit_callbacks(execute=True):
        organization = actions.approve_filing(filing=filing, by=reviewer)
    assert organization.aims == "每月两次教孩子舞龙。"
    assert organization.number == f"990100{timezone.localdate().year}0001"
    assert organization.managers.get().user == writer
    assert "备案号" in mail.outbox[-1].body
    assert [decision.outcome for decision in filing.decisions.order_by("pk")] == [Outcome.RETURNED, Outcome.APPROVED]


def test_a_letter_is_sent_only_for_what_was_committed(village, writer, reviewer, django_capture_on_commit_callbacks):
    filing = makers.a_submitted(village, writer)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        actions.refuse_filing(filing=filing, remark="不行", by=reviewer)
        transaction.set_rollback(True)
    assert mail.outbox == []
    filing.refresh_from_db()
    assert filing.state == State.SUBMITTED


def test_refusal_needs_a_reason_and_is_the_end(village, writer, reviewer):
    filing = makers.a_submitted(village, writer)
    with pytest.raises(ValidationError, match="理由"):
        actions.refuse_filing(filing=filing, remark="", by=reviewer)
    with pytest.raises(ValidationError, match="理由"):
        actions.return_filing(filing=filing, reasons={}, by=reviewer)
    actions.refuse_filing(filing=filing, remark="以卖保健品为主", by=reviewer)
    filing.refresh_from_db()
    assert filing.state == State.REFUSED
    with pytest.raises(ValidationError, match="不予备案"):
        actions.approve_filing(filing=filing, by=reviewer)
    assert not Organization.objects.exists()


def test_the_second_reviewer_is_told_and_changes_nothing(village, writer, reviewer):
    filing = makers.a_submitted(village, writer)
    actions.approve_filing(filing=filing, by=reviewer)
    for decide in (
        lambda: actions.approve_filing(filing=filing, by=reviewer),
        lambda: actions.return_filing(filing=filing, reasons={"aims": "再改"}, by=reviewer),
        lambda: actions.take_into_review(filing=filing, by=reviewer),
    ):
        with pytest.raises(ValidationError, match="别的同事刚刚处理过"):
            decide()
    assert Decision.objects.count() == Organization.objects.count() == 1


def test_two_of_one_name_at_one_place_are_not_approved(village, sibling, writer, reviewer):
    first, second = (makers.a_submitted(village, writer, name="腰鼓队") for _ in range(2))
    elsewhere = makers.a_submitted(sibling, writer, name="腰鼓队")
    actions.approve_filing(filing=first, by=reviewer)
    actions.approve_filing(filing=elsewhere, by=reviewer)
    with pytest.raises(ValidationError) as refused:
        actions.approve_filing(filing=second, by=reviewer)
    assert "name" in refused.value.message_dict


def test_a_credit_code_stands_for_one_organization(village, sibling, writer):
    makers.an_organization(village, writer, form=LegalForm.SOCIAL_GROUP, credit_code=code())
    filing = makers.a_draft(sibling, writer, form=LegalForm.SOCIAL_GROUP, credit_code=code())
    with pytest.raises(ValidationError) as refused:
        actions.submit(filing=filing, by=writer)
    assert refused.value.message_dict == {"credit_code": ["这个统一社会信用代码已经登记过。"]}


def test_submissions_and_decisions_are_never_changed(organization):
    for model, change in ((Submission, {"number": 9}), (Decision, {"remark": "改过"})):
        row = model.objects.get()
        for attempt in (lambda r=row, m=model, c=change: m.objects.filter(pk=r.pk).update(**c), row.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                attempt()


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "nonsense"},
        {"state": State.APPROVED},
        {"state": State.SUBMITTED},
        {"state": State.IN_REVIEW},
        {"form": "club"},
        {"purpose": "renewal"},
        {"due_on": "2026-01-01"},
    ],
)
def test_the_database_refuses_a_filing_that_cannot_be(village, writer, wrong):
    filing = makers.a_draft(village, writer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Filing.objects.filter(pk=filing.pk).update(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "gone"},
        {"form": LegalForm.SOCIAL_GROUP},
        {"credit_code": code()},
        {"valid_until": "2000-01-01"},
        {"status": Status.DEREGISTERED},
        {"deregistered_on": "2026-01-01"},
    ],
)
def test_the_database_refuses_an_organization_that_cannot_be(organization, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.filter(pk=organization.pk).update(**wrong)


def test_the_same_person_is_no_two_members(village, writer):
    filing = makers.a_draft(village, writer)
    twice = [Member(name="李娃", phone="13900001111") for _ in range(2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.set_people(filing=filing, model=Member, people=twice, by=writer)
    assert filing.members.count() == 10


def test_a_file_is_stored_once_and_goes_with_its_last_row(
    village, writer, reviewer, django_capture_on_commit_callbacks
):
    filing = makers.a_draft(village, writer)
    kept = filing.files.get()
    storage, name = kept.file.storage, kept.file.name
    same = SimpleUploadedFile("又一份.pdf", kept.file.read())
    with pytest.raises(ValidationError, match="已经上传过"):
        actions.add_file(filing=filing, kind=FileKind.CHARTER, upload=same, by=writer)
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_file(file=kept, by=writer)
    assert not FilingFile.objects.exists()
    assert not storage.exists(name)


def test_a_renewal_shares_the_stored_files(organization, writer, django_capture_on_commit_callbacks):
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1090)):
        renewal = actions.start_renewal(organization=organization, by=writer)
        copy = renewal.files.get()
        with django_capture_on_commit_callbacks(execute=True):
            actions.remove_file(file=copy, by=writer)
    kept = organization.filing.files.get()
    assert kept.file.storage.exists(kept.file.name)


def test_a_draft_is_thrown_away_a_submitted_filing_is_not(village, writer, reviewer):
    draft = makers.a_draft(village, writer)
    actions.discard_draft(filing=draft, by=writer)
    assert not Filing.objects.exists()
    filing = makers.a_submitted(village, writer)
    actions.return_filing(filing=filing, reasons={"aims": "再写"}, by=reviewer)
    with pytest.raises(ValidationError, match="提交过的申请不能删除"):
        actions.discard_draft(filing=filing, by=writer)
