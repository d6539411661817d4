"""Issued documents: numbered without gaps, frozen, revoked and replaced, and found damaged when they are."""

import hashlib
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from printing import actions, kinds, numbering, pdf
from printing.errors import DamagedDocument, PrintingError
from printing.models import IssuedDocument, NumberReservation, NumberSeries
from printing.responses import file_response, pdf_response

from .conftest import KIND, make_table

pytestmark = pytest.mark.django_db


def test_an_issued_document_is_what_was_printed(issue, clerk):
    document = issue()
    document.refresh_from_db()
    year = timezone.localdate().year
    assert document.number == f"测试证〔{year}〕000001号"
    assert document.issued_by == clerk
    assert document.facts == [["服务时长", "35.5 小时"]]
    assert document.is_valid
    content = document.content()
    assert content.startswith(b"%PDF")
    assert hashlib.sha256(content).hexdigest() == document.sha256
    assert document.content() == content
    assert not NumberReservation.objects.exists()


def test_numbers_run_by_kind_year_and_place(issue):
    with time_machine.travel("2026-12-31 15:59:00Z"):
        numbers = [issue(kind=KIND, place_code=place).number for place in ("A1", "B2", "A1")]
    with time_machine.travel("2026-12-31 16:01:00Z"):
        numbers.append(issue(kind=KIND, place_code="A1").number)
    assert numbers == [
        "测试公示〔2026〕A1-001号",
        "测试公示〔2026〕B2-001号",
        "测试公示〔2026〕A1-002号",
        "测试公示〔2027〕A1-001号",
    ]


def test_a_paper_that_fails_leaves_no_gap_no_row_and_no_file(issue, tmp_path):
    issue()
    with pytest.raises(Exception, match="no-such-template"):
        issue(template="no-such-template.html")
    assert IssuedDocument.objects.count() == 1
    assert len(list(tmp_path.rglob("*.pdf"))) == 1
    assert issue().sequence == 2
    assert not NumberReservation.objects.exists()


def test_a_row_that_is_refused_takes_its_file_along(issue, tmp_path, monkeypatch):
    code = issue().code
    monkeypatch.setattr("printing.codes.new_code", lambda: code)
    stored = Path(next(tmp_path.rglob("*.pdf")))
    before = stored.read_bytes()
    with pytest.raises(IntegrityError), transaction.atomic():
        issue()
    assert list(tmp_path.rglob("*.pdf")) == [stored]
    assert stored.read_bytes() == before
    monkeypatch.undo()
    assert issue().sequence == 2


def test_a_number_whose_holder_is_gone_is_given_out_again(issue):
    with time_machine.travel(timezone.now() - timedelta(minutes=20)):
        left = numbering.reserve(kind="tests.certificate", year=timezone.localdate().year)
    assert issue().sequence == left.value == 1
    with pytest.raises(PrintingError, match="编号已被收回"):
        numbering.confirm(left)


def test_a_number_in_hand_is_not_given_out():
    year = timezone.localdate().year
    held = numbering.reserve(kind="tests.certificate", year=year)
    assert numbering.reserve(kind="tests.certificate", year=year).value == held.value + 1
    numbering.release(held)
    assert numbering.reserve(kind="tests.certificate", year=year).value == held.value


def test_prefixes_and_kinds_are_registered_once():
    assert kinds.register("tests.certificate", label="证明", prefix="测试证") is not None
    with pytest.raises(ValueError):
        kinds.register("tests.certificate", label="证明", prefix="另一个")
    with pytest.raises(ValueError):
        kinds.register("tests.other", label="证明", prefix="测试证")


def test_a_kind_nobody_registered_is_refused(issue):
    with pytest.raises(KeyError):
        issue(kind="tests.unknown")


def test_sheets_are_issued_too(issue):
    table = make_table(40)
    document = issue(kind=KIND, **table)
    assert document.number.encode() is not None
    assert b"%PDF" in document.content()[:8]


def test_revoking(issue, clerk):
    document = issue()
    actions.revoke(document=document, category="error", reason="时长算错了", by=clerk)
    document.refresh_from_db()
    assert document.status == IssuedDocument.Status.REVOKED
    assert (document.revoked_by, document.revocation_reason) == (clerk, "时长算错了")
    assert document.revoked_at is not None
    with pytest.raises(PrintingError, match="已经失效"):
        actions.revoke(document=document, reason="再来一次", by=clerk)


@pytest.mark.parametrize(
    "given", [{"reason": "  "}, {"reason": "错", "category": "nonsense"}, {"reason": "错", "by": None}]
)
def test_revoking_needs_a_reason_a_category_and_somebody(issue, clerk, given):
    document = issue()
    with pytest.raises(PrintingError):
        actions.revoke(**({"document": document, "by": clerk} | given))
    document.refresh_from_db()
    assert document.is_valid


def test_replacing(issue, clerk):
    old = issue()
    new = issue_in_place_of(old, clerk)
    old.refresh_from_db()
    assert old.status == IssuedDocument.Status.REPLACED
    assert old.replaced_by == new
    assert new.is_valid
    assert new.sequence == 2
    with pytest.raises(PrintingError, match="已经失效"):
        issue_in_place_of(old, clerk)
    assert IssuedDocument.objects.count() == 2


def issue_in_place_of(document, clerk):
    return actions.replace(
        document=document,
        reason="更正姓名",
        by=clerk,
        kind="tests.certificate",
        title="志愿服务记录证明",
        template="printing/base.html",
        context={},
        issuer="石桥村",
        place_code="330109102201",
        facts=[],
        filename="证明.pdf",
    )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE printing_issueddocument SET facts = '[]'",
        "UPDATE printing_issueddocument SET fingerprint = 'x'",
        "UPDATE printing_issueddocument SET number = 'x'",
        "UPDATE printing_issueddocument SET sha256 = 'x'",
        "UPDATE printing_issueddocument SET file = 'x'",
        "UPDATE printing_issueddocument SET code = 'x'",
        "UPDATE printing_issueddocument SET issued_by_id = NULL",
        "DELETE FROM printing_issueddocument",
    ],
)
def test_the_database_refuses_to_change_what_was_issued(issue, change):
    issue()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_database_refuses_to_make_a_revoked_document_valid(issue, clerk):
    document = actions.revoke(document=issue(), reason="错", by=clerk)
    back = {
        "status": "valid",
        "revoked_at": None,
        "revoked_by": None,
        "revocation_category": "",
        "revocation_reason": "",
    }
    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedDocument.objects.filter(pk=document.pk).update(**back)


def test_the_database_refuses_half_a_revocation(issue):
    document = issue()
    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedDocument.objects.filter(pk=document.pk).update(status="revoked", revoked_at=timezone.now())


def test_a_damaged_or_missing_file_is_told_not_served(issue, tmp_path, capsys):
    document = issue()
    call_command("verify_documents", verbosity=0)
    path = Path(document.file.path)
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"x")
    with pytest.raises(DamagedDocument, match="不一致"):
        pdf_response(document)
    with pytest.raises(CommandError):
        call_command("verify_documents")
    path.unlink()
    with pytest.raises(DamagedDocument, match="找不到"):
        document.content()
    assert document.number in capsys.readouterr().err


def test_files_of_no_document_are_swept(issue, capsys):
    document = issue()
    folder = Path(document.file.path).parent
    stray = folder / "STRAY.pdf"
    stray.write_bytes(b"%PDF")
    call_command("verify_documents", sweep=True)
    assert stray.exists()
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        call_command("verify_documents")
        assert stray.exists()
        call_command("verify_documents", sweep=True)
    assert not stray.exists()
    assert document.content()
    assert "1 files of no document removed" in capsys.readouterr().out


def test_stored_files_are_for_the_site_alone(issue):
    path = Path(issue().file.path)
    assert path.stat().st_mode & 0o077 == 0


def test_answers_have_chinese_names(issue):
    response = pdf_response(issue(filename="志愿服务/证明-𠅤.pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%BF%97")
    assert "%2F" not in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"
    assert file_response(b"x", "名册.xlsx", inline=True)["Content-Disposition"].startswith("inline")


def test_issuing_costs_few_queries(issue, django_assert_max_num_queries):
    issue()
    with django_assert_max_num_queries(12):
        issue()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_numbers_given_out_at_the_same_time_are_all_different_and_without_gaps(issue, monkeypatch):
    monkeypatch.setattr(pdf, "render", _render_or_fail)
    errors: list[BaseException] = []
    gate = threading.Barrier(8)

    def clerk_at_work(number):
        try:
            gate.wait(timeout=20)
            for turn in range(5):
                if (number + turn) % 4 == 0:
                    # One paper in four fails.
                    with pytest.raises(KeyError):
                        issue(context={"broken": True})
                else:
                    issue()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=clerk_at_work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []
    given = set(IssuedDocument.objects.values_list("sequence", flat=True))
    left = set(NumberReservation.objects.values_list("value", flat=True))
    [series] = NumberSeries.objects.all()
    assert len(given) == 30
    assert given | left == set(range(1, series.last + 1))
    assert not given & left
    # What was given up is what the next papers get.
    for _ in range(len(left)):
        issue()
    assert set(IssuedDocument.objects.values_list("sequence", flat=True)) == set(range(1, series.last + 1))


def _render_or_fail(_template, context, **_details):
    if "broken" in context:
        raise KeyError("broken")
    return b"%PDF-1.7"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_who_revoke_at_once_do_it_once(issue, clerk):
    document = issue()
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def revoke():
        gate.wait(timeout=20)
        try:
            actions.revoke(document=IssuedDocument.objects.get(pk=document.pk), reason="错", by=clerk)
            outcomes.append("done")
        except PrintingError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=revoke) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["done", "refused"]
