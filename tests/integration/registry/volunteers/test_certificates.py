"""Certificates: who issues what, what is on them, what the public can find out, and what revoking does."""

import io
from datetime import date, timedelta

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.audit import lines_about
from accounts.models import User
from registry.volunteers import actions, reports
from registry.volunteers.models import Certificate

from .factories import a_volunteer, an_activity, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def served(village, official):
    """A volunteer with 2.5 hours of service and 1 of training."""
    volunteer = a_volunteer(village, name="张𠅤远", user=User.objects.create_user("zhang", "z@example.org"))
    for days, halves, particulars in ((2, 5, {}), (1, 2, {"kind": "training", "title": "急救培训"})):
        activity = an_activity(village, by=official, **particulars)
        starts_at = at(9, days=-days)
        actions.record_hours(
            volunteer=volunteer,
            activity=activity,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=30 * halves),
            halves=halves,
            by=official,
        )
    return volunteer


@pytest.fixture
def requested(served, village) -> Certificate:
    return actions.request_certificate(volunteer=served, place=village, by=served.user)


def text_of(certificate: Certificate) -> str:
    assert certificate.document is not None
    reader = pypdf.PdfReader(io.BytesIO(certificate.document.content()))
    return "".join("".join(page.extract_text() for page in reader.pages).split())


def test_a_certificate_says_who_what_and_how_much_and_masks_the_number(requested, official, served):
    issued = actions.issue_certificate(certificate=requested, by=official)
    text = text_of(issued)
    for part in ("张𠅤远", served.masked_id, "2.5小时", "1小时", "清理河道", "急救培训", "柳河村", str(official)):
        assert part in text
    assert issued.document.number in text
    assert served.id_number not in text
    assert (issued.service_halves, issued.training_halves) == (5, 2)
    assert not reports.outdated(issued)


def test_the_public_sees_validity_number_masked_name_hours_and_issuer_and_no_more(requested, official, served):
    issued = actions.issue_certificate(certificate=requested, by=official)
    client = Client()
    page = client.get(issued.document.verify_url).content.decode()
    for part in (issued.document.number, "张**", "2.5", "柳河村"):
        assert part in page
    for secret in ("张𠅤远", served.id_number, served.masked_id, served.phone, "清理河道"):
        assert secret not in page
    code = issued.document.code
    altered = code[:-1] + ("0" if code[-1] != "0" else "1")
    refused = client.get(issued.document.verify_url.replace(code, altered)).content.decode()
    assert "张**" not in refused
    actions.revoke_certificate(certificate=issued, category="error", why="时长有误", by=official)
    revoked = client.get(issued.document.verify_url).content.decode()
    assert "撤销" in revoked
    assert "时长有误" not in revoked


def test_a_period_limits_what_is_listed(served, village, official):
    yesterday = timezone.localdate() - timedelta(days=1)
    certificate = actions.request_certificate(volunteer=served, place=village, since=yesterday, by=None)
    issued = actions.issue_certificate(certificate=certificate, by=official)
    assert (issued.service_halves, issued.training_halves) == (0, 2)


def test_one_day_is_said_once(served, village, official):
    today = timezone.localdate()
    for since, until, said in ((today, today, 1), (today - timedelta(days=1), today, 2)):
        asked = Certificate(volunteer=served, place=village, since=since, until=until)
        assert reports.certificate_report(asked, handler="").period.count("年") == said


@pytest.mark.parametrize(
    "period",
    [{"since": date(2001, 1, 1), "until": date(2001, 2, 1)}, {"since": date(2026, 2, 1), "until": date(2026, 1, 1)}],
)
def test_without_hours_to_certify_nothing_is_asked_for(served, village, period):
    with pytest.raises(ValidationError):
        actions.request_certificate(volunteer=served, place=village, by=None, **period)
    assert not Certificate.objects.exists()


def test_who_records_certifies_and_a_sibling_village_does_not(served, sibling, village, township):
    with pytest.raises(ValidationError):
        actions.request_certificate(volunteer=served, place=sibling, by=None)
    assert [issuer.place for issuer in reports.issuers(served)] == [village]
    assert actions.request_certificate(volunteer=served, place=township, by=None).place == township


def test_an_open_objection_keeps_a_line_off(served, village, official):
    line = served.hour_lines.get(kind="service")
    actions.object_to_hours(line=line, reason="多记了", by=served.user)
    issued = actions.issue_certificate(
        certificate=actions.request_certificate(volunteer=served, place=village, by=None), by=official
    )
    assert issued.service_halves == 0


def test_a_later_correction_marks_the_certificate(requested, official, served):
    issued = actions.issue_certificate(certificate=requested, by=official)
    actions.correct_hours(line=served.hour_lines.get(kind="service"), halves=3, reason="核实", by=official)
    assert reports.outdated(issued)
    actions.revoke_certificate(certificate=issued, category="error", why="更正", by=official)
    issued.refresh_from_db()
    assert not reports.outdated(issued)
    assert not issued.holds


def test_a_request_is_decided_once_and_the_number_is_on_record(requested, official, served, village):
    with pytest.raises(ValidationError):
        actions.request_certificate(volunteer=served, place=village, by=None)
    issued = actions.issue_certificate(certificate=requested, by=official)
    for again in (
        lambda: actions.issue_certificate(certificate=issued, by=official),
        lambda: actions.refuse_certificate(certificate=issued, why="x", by=official),
    ):
        with pytest.raises(ValidationError):
            again()
    line = lines_about(issued).get(action="volunteers.issue_certificate")
    assert line.details == {"number": issued.document.number}
    assert line.actor_id == official.pk


def test_only_the_volunteer_downloads_and_nothing_after_revoking(requested, official, served, client, village):
    issued = actions.issue_certificate(certificate=requested, by=official)
    address = f"/volunteer/mine/certificates/{issued.pk}.pdf"
    assert client.get(address).status_code == 302
    stranger = a_volunteer(village, user=User.objects.create_user("stranger"))
    client.force_login(stranger.user)
    assert client.get(address).status_code == 404
    client.force_login(served.user)
    response = client.get(address)
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    actions.revoke_certificate(certificate=issued, category="error", why="更正", by=official)
    assert client.get(address).status_code == 404
