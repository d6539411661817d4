"""The back office: who sees what, the attendance sheet, objections, certificates, exports, looking at numbers."""

import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditLine
from accounts.roles import Role
from registry.volunteers import actions
from registry.volunteers.models import Activity, Certificate, Shift, Team, Volunteer, VolunteerRules

from .factories import a_shift, a_volunteer, an_activity, at, resident_number

pytestmark = pytest.mark.django_db

LISTS = ("people", "teams", "activities", "hours", "objections", "certificates", "rules")


@pytest.fixture
def desk(client, official):
    """The village official, signed in."""
    client.force_login(official)
    return client


@pytest.fixture
def everything(village, official, county) -> dict[str, Any]:
    """One of each at 柳河村."""
    volunteer = a_volunteer(village, name="柳河人")
    activity = an_activity(village, by=official, title="柳河的活动")
    team = actions.create_team(name="柳河队", place=village, by=official)
    line = actions.record_hours(
        volunteer=volunteer, activity=activity, starts_at=at(9, days=-1), ends_at=at(11, days=-1), halves=4, by=official
    )
    actions.object_to_hours(line=line, reason="不对", by=None)
    other = actions.record_hours(
        volunteer=volunteer, activity=activity, starts_at=at(9, days=-2), ends_at=at(11, days=-2), halves=4, by=official
    )
    shift = activity.shifts.get()
    return {
        "volunteer": volunteer,
        "activity": activity,
        "team": team,
        "line": line,
        "other": other,
        "shift": shift,
        "sign_up": actions.sign_up(shift=shift, volunteer=volunteer, by=None),
        "membership": actions.join_team(team=team, volunteer=volunteer, by=official),
        "certificate": actions.request_certificate(volunteer=volunteer, place=village, by=None),
    }


def pages(rows: dict[str, Any]) -> list[str]:
    base = "/admin/volunteers"
    return [
        f"{base}/people/inspect/{rows['volunteer'].pk}/",
        f"{base}/people/edit/{rows['volunteer'].pk}/",
        f"{base}/people/{rows['volunteer'].pk}/reveal/",
        f"{base}/teams/{rows['team'].pk}/members/",
        f"{base}/teams/edit/{rows['team'].pk}/",
        f"{base}/activities/{rows['activity'].pk}/",
        f"{base}/activities/edit/{rows['activity'].pk}/",
        f"{base}/activities/{rows['activity'].pk}/cancel/",
        f"{base}/activities/{rows['activity'].pk}/shift/",
        f"{base}/shifts/{rows['shift'].pk}/",
        f"{base}/shifts/{rows['shift'].pk}/cancel/",
        f"{base}/shifts/{rows['shift'].pk}/sheet/",
        f"{base}/shifts/{rows['shift'].pk}/qr/",
        f"{base}/hours/{rows['line'].pk}/",
        f"{base}/certificates/{rows['certificate'].pk}/",
        f"{base}/certificates/{rows['certificate'].pk}/file/",
        f"{base}/certificates/{rows['certificate'].pk}/refuse/",
    ]


def test_an_official_opens_every_page_of_their_own_village(desk, everything, appoint, village, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    for name in LISTS:
        assert desk.get(f"/admin/volunteers/{name}/").status_code == 200, name
    desk.force_login(appoint(village, Role.TOWNSHIP_OFFICIAL))
    for address in pages(everything):
        assert desk.get(address).status_code == 200, address


def test_nothing_of_another_village_is_there(client, everything, sibling, appoint):
    client.force_login(appoint(sibling, Role.VILLAGE_OFFICIAL, Role.TOWNSHIP_OFFICIAL))
    for address in pages(everything):
        assert client.get(address).status_code == 404, address
        assert client.post(address, {"why": "x", "hours": "1", "reason": "x"}).status_code in (404, 405), address
    for row in ("sign-ups/{sign_up}/check-in", "memberships/{membership}/leave", "certificates/{certificate}/revoke"):
        address = row.format(**{name: found.pk for name, found in everything.items()})
        assert client.post(f"/admin/volunteers/{address}/").status_code == 404, address
    for name in LISTS:
        for query in ("", "?export=csv", "?q=柳河", "?ordering=-pk"):
            response = client.get(f"/admin/volunteers/{name}/{query}")
            content = response.getvalue() if response.streaming else response.content
            assert "柳河人" not in content.decode(), (name, query)
            assert "柳河的活动" not in content.decode(), (name, query)


def test_an_auditor_looks_and_changes_nothing(client, everything, county, appoint, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    client.force_login(appoint(county, Role.COUNTY_AUDITOR))
    rows = {name: found.pk for name, found in everything.items()}
    for address in ("hours/{line}", "activities/{activity}", "shifts/{shift}/sheet", "certificates/{certificate}"):
        assert client.get(f"/admin/volunteers/{address.format(**rows)}/").status_code == 200
        posted = client.post(f"/admin/volunteers/{address.format(**rows)}/", {"hours": "1", "reason": "x"})
        assert posted.status_code in (302, 403)
    assert client.get(f"/admin/volunteers/people/{rows['volunteer']}/reveal/").status_code == 404
    everything["certificate"].refresh_from_db()
    assert everything["certificate"].state == "requested"
    assert everything["volunteer"].hour_lines.total() == 8


def test_lists_and_pages_mask_numbers_and_the_search_does_not_find_them(desk, everything):
    volunteer = everything["volunteer"]
    for address in ("/admin/volunteers/people/", f"/admin/volunteers/people/inspect/{volunteer.pk}/"):
        page = desk.get(address).content.decode()
        assert volunteer.masked_id in page
        assert volunteer.id_number not in page
        assert volunteer.phone not in page
    for number in (volunteer.id_number, volunteer.phone):
        assert "柳河人" not in desk.get("/admin/volunteers/people/", {"q": number}).content.decode()


def test_a_number_is_shown_with_a_reason_and_on_record(client, everything, township, appoint):
    who = appoint(township, Role.TOWNSHIP_OFFICIAL)
    client.force_login(who)
    volunteer = everything["volunteer"]
    address = f"/admin/volunteers/people/{volunteer.pk}/reveal/"
    assert volunteer.id_number not in client.get(address).content.decode()
    assert volunteer.id_number not in client.post(address, {"why": " "}).content.decode()
    assert not AuditLine.objects.filter(action="volunteers.reveal").exists()
    shown = client.post(address, {"why": "核对证件"})
    assert volunteer.id_number in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert AuditLine.objects.get(action="volunteers.reveal").actor_id == who.pk


def test_registering_somebody_at_the_office(desk, village, sibling):
    address = "/admin/volunteers/people/new/"
    given = {
        "name": "王芳",
        "id_type": "resident",
        "id_number": resident_number(),
        "birth_date": "1990-03-05",
        "phone": "13800001234",
        "place": village.pk,
        "consent": "on",
    }
    for bad, field in (
        ({"place": sibling.pk}, "place"),
        ({"id_number": "1"}, "id_number"),
        ({"consent": ""}, "consent"),
    ):
        assert field in desk.post(address, given | bad).context["form"].errors
    assert not Volunteer.objects.exists()
    assert desk.post(address, given).status_code == 302
    made = Volunteer.objects.get()
    edit = f"/admin/volunteers/people/edit/{made.pk}/"
    desk.post(edit, {"name": "王小芳", "place": village.pk, "skills": "急救，摄影", "phone": ""})
    made.refresh_from_db()
    assert (made.name, made.phone) == ("王小芳", "13800001234")
    assert set(made.skills.names()) == {"急救", "摄影"}
    assert "phone" in desk.post(edit, {"name": "王芳", "place": village.pk, "phone": "1"}).context["form"].errors


def test_an_activity_from_draft_to_published(desk, village):
    address = "/admin/volunteers/activities/new/"
    given = {
        "title": "巡河",
        "field": "environment",
        "kind": "service",
        "place": village.pk,
        "address": "村口",
        "about": "一起巡河",
        "contact_name": "李主任",
        "contact_phone": "13800005678",
        "risky": "on",
    }
    assert "insurance" in desk.post(address, given).context["form"].errors
    desk.post(address, given | {"insurance": "意外险"})
    activity = Activity.objects.get()
    base = f"/admin/volunteers/activities/{activity.pk}/"
    desk.post(base)
    activity.refresh_from_db()
    assert activity.state == "draft", "there is no shift yet"
    starts_at = timezone.localtime(at(9, days=3))
    times = {"starts_at": f"{starts_at:%Y-%m-%d %H:%M}", "ends_at": f"{starts_at:%Y-%m-%d} 08:00", "slots": "5"}
    assert "ends_at" in desk.post(f"{base}shift/", times).context["form"].errors
    desk.post(f"{base}shift/", times | {"ends_at": f"{starts_at:%Y-%m-%d} 11:00"})
    desk.post(base)
    activity.refresh_from_db()
    assert activity.state == "published"
    edit = f"/admin/volunteers/activities/edit/{activity.pk}/"
    desk.post(edit, given | {"insurance": "意外险", "title": "巡河护水"})
    activity.refresh_from_db()
    assert (activity.title, activity.state) == ("巡河护水", "published")
    desk.post(f"{base}cancel/", {"why": "台风"})
    activity.refresh_from_db()
    assert activity.state == "cancelled"


@pytest.fixture
def over(activity, official, village) -> Shift:
    """A shift of two hours that is over, with two who signed up."""
    shift = a_shift(activity, by=official, starts_at=at(9, days=-1))
    for number in (1, 2):
        shift.sign_ups.create(
            volunteer=a_volunteer(village, name=f"志愿者{'甲乙'[number - 1]}"), state="signed", seat=number
        )
    return shift


def test_the_hours_of_all_are_recorded_at_once(desk, over, official):
    address = f"/admin/volunteers/shifts/{over.pk}/sheet/"
    first, second = over.sign_ups.order_by("seat")
    page = desk.get(address).content.decode()
    assert len(re.findall(r'value="2(?:\.0)?"', page)) == 2, "filled in as if both stayed to the end"
    for bad in ("", "3", "-1", "1.3", "两小时", "<script>", "NaN", "1e9"):
        response = desk.post(address, {f"hours-{first.pk}": "2", f"hours-{second.pk}": bad})
        assert f"hours-{second.pk}" in response.context["form"].errors, bad
    assert not over.hour_lines.exists()
    desk.post(address, {f"hours-{first.pk}": "1.5", f"hours-{second.pk}": "0"})
    line = over.hour_lines.get()
    assert (line.halves, line.volunteer, line.recorded_by) == (3, first.volunteer, official)
    assert set(over.sign_ups.values_list("state", flat=True)) == {"attended", "absent"}


def test_checking_in_by_the_list_and_the_qr_code(desk, activity, official, volunteer, village):
    shift = a_shift(activity, by=official, starts_at=timezone.now() - timedelta(minutes=5))
    sign_up = shift.sign_ups.create(volunteer=volunteer, state="signed", seat=1)
    page = desk.get(f"/admin/volunteers/shifts/{shift.pk}/qr/").content.decode()
    assert "data:image/svg+xml" in page
    desk.post(f"/admin/volunteers/sign-ups/{sign_up.pk}/check-in/")
    sign_up.refresh_from_db()
    assert (sign_up.state, sign_up.checked_in_by) == ("attended", "list")


def test_an_objection_is_kept_or_corrected(desk, everything):
    line, other = everything["line"], everything["other"]
    page = desk.get("/admin/volunteers/objections/").content.decode()
    assert f"/admin/volunteers/hours/{line.pk}/" in page
    assert f"/admin/volunteers/hours/{other.pk}/" not in page
    address = f"/admin/volunteers/hours/{line.pk}/"
    for bad, field in (({"hours": "1.3"}, "hours"), ({"hours": "3"}, "hours"), ({"reason": ""}, "reason")):
        response = desk.post(address, {"hours": "1.5", "reason": "按签到表"} | bad)
        assert field in response.context["form"].errors
    desk.post(address, {"hours": "1.5", "reason": "按签到表"})
    assert everything["volunteer"].hour_lines.total() == 7
    assert "柳河人" not in desk.get("/admin/volunteers/objections/").content.decode()


def test_a_certificate_is_previewed_issued_and_revoked(desk, everything, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    certificate = everything["certificate"]
    base = f"/admin/volunteers/certificates/{certificate.pk}/"
    preview = desk.get(f"{base}file/")
    assert preview.content.startswith(b"%PDF")
    desk.post(base)
    certificate = Certificate.objects.get()
    assert certificate.state == "issued"
    assert desk.get(f"{base}file/").content == certificate.document.content()
    assert "why" in desk.post(f"{base}revoke/", {"category": "error", "why": ""}).context["form"].errors
    desk.post(f"{base}revoke/", {"category": "error", "why": "内容有误"})
    assert not Certificate.objects.get().holds
    assert "已撤销" in desk.get("/admin/volunteers/certificates/").content.decode()


def test_members_join_and_leave(desk, everything, village, other_township):
    team, stranger = everything["team"], a_volunteer(other_township, name="外乡人")
    address = f"/admin/volunteers/teams/{team.pk}/members/"
    assert "外乡人" not in desk.get(address).content.decode()
    assert "volunteer" in desk.post(address, {"volunteer": stranger.pk}).context["form"].errors
    desk.post(address, {"volunteer": a_volunteer(village).pk})
    assert team.memberships.current().count() == 2
    leave = f"/admin/volunteers/memberships/{everything['membership'].pk}/leave/"
    desk.post(leave)
    assert team.memberships.current().count() == 1
    assert "已经离队" in desk.post(leave, follow=True).content.decode()
    assert desk.get(leave).status_code == 405
    desk.post("/admin/volunteers/teams/new/", {"name": "新队", "place": village.pk, "founded_on": "2026-01-01"})
    assert Team.objects.filter(name="新队").exists()


def test_exports_are_masked_and_hold_no_formula(desk, village):
    volunteer = a_volunteer(village, skills=["急救"])
    Volunteer.objects.filter(pk=volunteer.pk).update(name="=HYPERLINK(1)")
    content = desk.get("/admin/volunteers/people/?export=csv").getvalue().decode()
    assert "\n=HYPERLINK" not in content
    assert volunteer.masked_phone in content
    assert volunteer.phone not in content
    sheet = openpyxl.load_workbook(io.BytesIO(desk.get("/admin/volunteers/people/?export=xlsx").getvalue())).active
    assert sheet is not None
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert volunteer.id_number not in str([[cell.value for cell in row] for row in sheet.iter_rows()])


@pytest.mark.parametrize("name", ["people", "activities", "hours"])
def test_the_number_of_queries_does_not_grow_with_a_list(desk, everything, village, official, name):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(f"/admin/volunteers/{name}/").status_code == 200
        return len(captured)

    queries()
    few = queries()
    for number in range(6):
        activity = an_activity(village, by=official)
        actions.record_hours(
            volunteer=a_volunteer(village),
            activity=activity,
            starts_at=at(9, days=-3 - number),
            ends_at=at(10, days=-3 - number),
            halves=2,
            by=official,
        )
    assert queries() <= few + 1


def test_the_rules_of_a_county_are_the_townships_to_set(client, county, appoint, village, official):
    client.force_login(appoint(county, Role.TOWNSHIP_OFFICIAL))
    given = {"place": county.pk, "daily_cap": 20, "check_in_minutes": 15, "check_in_opens": 30}
    for bad in ("0", "49", "很多", ""):
        assert client.post("/admin/volunteers/rules/new/", given | {"daily_cap": bad}).context["form"].errors
    client.post("/admin/volunteers/rules/new/", given)
    assert VolunteerRules.of(village).daily_cap == 20
