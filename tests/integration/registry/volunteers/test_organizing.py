"""An organization's managers and its volunteers: from a draft to confirmed hours, and nothing of anybody else's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import AuditLine, User
from registry.organizations.models import Organization
from registry.volunteers import actions
from registry.volunteers.models import Activity, HourLine, SignUp

from ..organizations import makers
from .factories import a_shift, a_volunteer, an_activity, at, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def desk(manager) -> Client:
    return client_of(manager)


@pytest.fixture
def rows(organization, village, manager) -> dict[str, Any]:
    """One of each of the organization's."""
    volunteer = a_volunteer(village, name="柳河人", phone="13811112222")
    activity = an_activity(village, by=manager, organization=organization, title="舞龙排练")
    shift = activity.shifts.get()
    line = actions.record_hours(
        volunteer=volunteer, activity=activity, starts_at=at(9, days=-1), ends_at=at(11, days=-1), halves=4, by=manager
    )
    actions.object_to_hours(line=line, reason="我没去", by=None)
    return {
        "volunteer": volunteer,
        "activity": activity,
        "shift": shift,
        "line": line,
        "sign_up": actions.sign_up(shift=shift, volunteer=volunteer, by=None),
    }


def particulars(place: Any, **changes: Any) -> dict[str, Any]:
    return {
        "title": "重阳节看望老人",
        "field": "elderly",
        "kind": "service",
        "place": place.pk,
        "address": "村委会门口",
        "about": "陪老人说话、打扫院子。",
        "contact_name": "林秀兰",
        "contact_phone": "13800005678",
        "skills": "理发，摄影",
    } | changes


def moment(value: Any) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")


def shift_fields(starts_at: Any, **changes: Any) -> dict[str, Any]:
    ends_at = starts_at + timedelta(hours=2)
    return {"starts_at": moment(starts_at), "ends_at": moment(ends_at), "cut_off": "", "slots": "1"} | changes


def pages(base: str, rows: dict[str, Any]) -> list[str]:
    return [
        f"{base}/",
        f"{base}/?state=published",
        f"{base}/activities/new/",
        f"{base}/activities/new/?copy={rows['activity'].pk}",
        f"{base}/activities/{rows['activity'].pk}/",
        f"{base}/activities/{rows['activity'].pk}/edit/",
        f"{base}/activities/{rows['activity'].pk}/cancel/",
        f"{base}/activities/{rows['activity'].pk}/shifts/",
        f"{base}/shifts/{rows['shift'].pk}/",
        f"{base}/shifts/{rows['shift'].pk}/edit/",
        f"{base}/shifts/{rows['shift'].pk}/cancel/",
        f"{base}/shifts/{rows['shift'].pk}/code/",
        f"{base}/shifts/{rows['shift'].pk}/enrol/",
        f"{base}/hours/",
        f"{base}/hours/?state=disputed",
        f"{base}/hours/{rows['line'].pk}/",
    ]


def test_from_a_draft_to_confirmed_hours(desk, base, organization, village, manager):
    made = desk.post(f"{base}/activities/new/", particulars(village))
    activity = Activity.objects.get(organization=organization)
    assert made.url == f"{base}/activities/{activity.pk}/"
    assert (activity.state, sorted(activity.skills.names())) == ("draft", ["摄影", "理发"])
    assert Client().get(activity.get_absolute_url()).status_code == 404

    desk.post(f"{base}/activities/{activity.pk}/publish/")
    activity.refresh_from_db()
    assert activity.state == "draft", "there is no shift yet"
    begins = at(9, days=1)
    assert desk.post(f"{base}/activities/{activity.pk}/shifts/", shift_fields(begins)).status_code == 302
    desk.post(f"{base}/activities/{activity.pk}/publish/")
    assert "重阳节看望老人" in Client().get(activity.get_absolute_url()).content.decode()

    account = User.objects.create_user("zhang@example.org", "zhang@example.org", "x")
    first = a_volunteer(village, name="张志远", user=account)
    second = a_volunteer(village, name="李小云", phone="13922223333")
    shift = activity.shifts.get()
    volunteers_browser = client_of(account)
    volunteers_browser.post(f"/volunteer/shifts/{shift.pk}/sign-up/")
    actions.sign_up(shift=shift, volunteer=second, by=None)
    sheet = desk.get(f"{base}/shifts/{shift.pk}/").content.decode()
    assert "张志远" in sheet
    assert "李小云" in sheet.partition("候补")[2], "waits"
    assert desk.post(f"{base}/shifts/{shift.pk}/edit/", shift_fields(begins, slots="2")).status_code == 302
    assert SignUp.objects.get(volunteer=second).state == "signed", "a second slot went to who waited"

    sign_up = SignUp.objects.get(volunteer=first)
    with time_machine.travel(begins + timedelta(minutes=5), tick=False):
        code = client_of(manager).get(f"{base}/shifts/{shift.pk}/code/")
        assert 'http-equiv="refresh"' in code.content.decode()
        assert "data:image/svg" in code.content.decode()
        client_of(manager).post(f"{base}/sign-ups/{sign_up.pk}/check-in/")
        sign_up.refresh_from_db()
        assert (sign_up.state, sign_up.checked_in_by) == ("attended", "list")
    with time_machine.travel(begins + timedelta(hours=3), tick=False):
        office = client_of(manager)
        assert "记时长" in office.get(f"{base}/").content.decode()
        other = SignUp.objects.get(volunteer=second)
        refused = office.post(f"{base}/shifts/{shift.pk}/", {f"hours-{sign_up.pk}": "1.3", f"hours-{other.pk}": "9"})
        assert refused.status_code == 200
        assert not HourLine.objects.exists()
        office.post(f"{base}/shifts/{shift.pk}/", {f"hours-{sign_up.pk}": "2", f"hours-{other.pk}": "0"})
        line = HourLine.objects.get()
        assert (line.volunteer, line.halves, line.recorded_by) == (first, 4, manager)
        assert "记时长" not in office.get(f"{base}/").content.decode()

        theirs = client_of(account)
        theirs.post(f"/volunteer/mine/hours/{line.pk}/object/", {"reason": "只有一个半小时"})
        assert "1 条异议待核实" in office.get(f"/organizations/mine/{organization.number}/").content.decode()
        ruled = office.post(f"{base}/hours/{line.pk}/", {"hours": "1.5", "reason": "签退记录是十点半"})
        assert ruled.url == f"{base}/hours/"
        corrected = HourLine.objects.standing().get()
        assert corrected.halves == 3
        assert first.hour_lines.total() == 3, "the first line is reversed, not changed"
        theirs.post(f"/volunteer/mine/hours/{corrected.pk}/confirm/")
        assert "已确认" in office.get(f"{base}/hours/").content.decode()
    said = set(AuditLine.objects.filter(actor_id=manager.pk).values_list("action", flat=True))
    assert {"volunteers.create_activity", "volunteers.record_shift", "volunteers.correct_hours"} <= said


def test_every_page_opens_for_the_manager_and_for_nobody_else(desk, base, rows, organization, sibling):
    others = User.objects.create_user("wu@example.org", "wu@example.org", "x")
    theirs = makers.an_organization(sibling, others, name="𠅤山村合唱团")
    foreign = client_of(others)
    for address in pages(base, rows):
        assert desk.get(address).status_code == 200, address
        assert foreign.get(address).status_code == 404, address
        assert Client().get(address).url.startswith("/account/login/"), address
    # Through their own organization's address, another's rows are not there either.
    own = f"/volunteer/organizing/{theirs.number}"
    for address in pages(own, rows):
        if address in (f"{own}/", f"{own}/?state=published", f"{own}/activities/new/") or address.startswith(
            (f"{own}/hours/?", f"{own}/hours/")
        ):
            continue
        assert foreign.get(address).status_code == 404, address
        assert foreign.post(address, {"why": "x", "hours": "1", "reason": "x"}).status_code in (404, 405), address
    assert foreign.get(f"{own}/hours/{rows['line'].pk}/").status_code == 404
    assert foreign.post(f"{own}/sign-ups/{rows['sign_up'].pk}/check-in/").status_code == 404
    assert foreign.post(f"{own}/activities/{rows['activity'].pk}/publish/").status_code == 404
    for address in (f"{own}/", f"{own}/hours/", f"{own}/hours/?state=disputed"):
        text = foreign.get(address).content.decode()
        assert "柳河人" not in text
        assert "舞龙排练" not in text


def test_an_official_of_the_village_is_no_manager(client, base, official, rows):
    client.force_login(official)
    assert client.get(f"{base}/").status_code == 404


def test_numbers_of_volunteers_stay_masked(desk, base, rows):
    shown = "".join(desk.get(address).content.decode() for address in pages(base, rows))
    assert "13811112222" not in shown
    assert rows["volunteer"].id_number not in shown
    assert rows["volunteer"].masked_phone in shown


def test_the_sheet_says_who_is_a_minor_and_nothing_of_the_guardian(desk, base, rows, village):
    born = timezone.localdate() - timedelta(days=365 * 15)
    child = a_volunteer(village, name="陈小满", birth_date=born)
    address = f"{base}/shifts/{rows['shift'].pk}/"
    assert "未成年" not in desk.get(address).content.decode()
    actions.sign_up(shift=rows["shift"], volunteer=child, by=None)
    sheet = desk.get(address).content.decode()
    assert "未成年" in sheet.partition("陈小满")[2]
    assert child.guardian_name not in sheet


def test_a_copy_takes_over_everything_but_the_shifts(desk, base, rows, village):
    form = desk.get(f"{base}/activities/new/?copy={rows['activity'].pk}").context["form"]
    assert form["title"].value() == "舞龙排练"
    desk.post(f"{base}/activities/new/?copy={rows['activity'].pk}", particulars(village, title="舞龙排练（二）"))
    made = Activity.objects.get(title="舞龙排练（二）")
    assert (made.state, made.shifts.count()) == ("draft", 0)


def test_what_is_refused_stands_beside_its_field_and_stores_nothing(desk, base, rows, village, township):
    bad = particulars(village, title="长" * 81, contact_phone="abc", risky="on", field="nonsense")
    form = desk.post(f"{base}/activities/new/", bad).context["form"]
    assert {"title", "field"} <= set(form.errors)
    form = desk.post(f"{base}/activities/new/", particulars(village, contact_phone="abc", risky="on")).context["form"]
    assert {"contact_phone", "insurance"} <= set(form.errors)
    assert Activity.objects.count() == 1
    begins = at(9, days=2)
    address = f"{base}/activities/{rows['activity'].pk}/shifts/"
    assert "ends_at" in desk.post(address, shift_fields(begins, ends_at=moment(begins))).context["form"].errors
    assert "slots" in desk.post(address, shift_fields(begins, slots="0")).context["form"].errors
    taken = f"{base}/shifts/{rows['shift'].pk}/edit/"
    assert "starts_at" in desk.post(taken, shift_fields(begins)).context["form"].errors
    assert "why" in desk.post(f"{base}/shifts/{rows['shift'].pk}/cancel/", {"why": " "}).context["form"].errors
    ruling = desk.post(f"{base}/hours/{rows['line'].pk}/", {"hours": "5", "reason": "x"}).context["form"]
    assert "hours" in ruling.errors
    assert rows["activity"].shifts.count() == 1


def test_a_place_outside_the_county_cannot_be_chosen(desk, base, county):
    elsewhere = type(county).add_root(code="990200", name="别的县", kind="county")
    form = desk.post(f"{base}/activities/new/", particulars(elsewhere)).context["form"]
    assert "place" in form.errors


def test_calling_off_tells_who_signed_up(desk, base, rows, django_capture_on_commit_callbacks):
    account = User.objects.create_user("zhang@example.org", "zhang@example.org", "x")
    rows["volunteer"].user = account
    rows["volunteer"].save(update_fields=["user"])
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"{base}/activities/{rows['activity'].pk}/cancel/", {"why": "台风"})
    assert [message.to for message in mail.outbox] == [["zhang@example.org"]]
    assert "台风" in mail.outbox[0].body
    rows["activity"].refresh_from_db()
    assert rows["activity"].state == "cancelled"


def test_nobody_rules_on_their_own_hours(desk, base, rows, manager):
    rows["volunteer"].user = manager
    rows["volunteer"].save(update_fields=["user"])
    for hours in ("2", "1"):
        form = desk.post(f"{base}/hours/{rows['line'].pk}/", {"hours": hours, "reason": "x"}).context["form"]
        assert "由别人核实" in str(form.non_field_errors())
    assert HourLine.objects.count() == 1
    assert HourLine.objects.disputed().count() == 1


def test_who_came_unasked_is_put_on_the_sheet_by_name_and_number(desk, base, rows, village):
    shift, address = rows["shift"], f"{base}/shifts/{rows['shift'].pk}/enrol/"
    guest = a_volunteer(village, name="王𠅤", phone="13733334444")
    for wrong in ({"name": "王𠅤", "phone": "13733330000"}, {"name": "王五", "phone": "13733334444"}):
        assert "没有找到" in str(desk.post(address, wrong).context["form"].errors["name"])
    with time_machine.travel(shift.ends_at + timedelta(hours=1), tick=False):
        # The cut-off is over, and so is the shift.
        office = client_of(User.objects.get(username="lin@example.org"))
        assert office.post(address, {"name": "王𠅤", "phone": "137 3333 4444"}).status_code == 302
        assert "已经在名单上" in str(
            office.post(address, {"name": "王𠅤", "phone": "13733334444"}).context["form"].errors["name"]
        )
    assert shift.sign_ups.get(volunteer=guest).state == "signed"


def test_who_was_promoted_withdrew_and_is_put_on_the_sheet_begins_anew(rows, manager, village):
    full = a_shift(rows["activity"], by=manager, starts_at=at(15, days=3), slots=1)
    first = actions.sign_up(shift=full, volunteer=rows["volunteer"], by=None)
    guest = a_volunteer(village, name="王五", phone="13733334444")
    waiting = actions.sign_up(shift=full, volunteer=guest, by=None)
    actions.withdraw(sign_up=first, by=None)
    waiting.refresh_from_db()
    assert waiting.promoted_at is not None
    actions.withdraw(sign_up=waiting, by=None)
    enrolled = actions.enrol(shift=full, name="王五", phone="13733334444", by=manager)
    assert enrolled == waiting
    enrolled.refresh_from_db()
    assert (enrolled.state, enrolled.seat, enrolled.withdrawn_at, enrolled.promoted_at) == ("signed", 1, None, None)


def test_no_more_are_put_on_a_sheet_than_there_are_slots_nor_at_two_places_at_once(desk, base, rows, manager, village):
    guest = a_volunteer(village, name="王五", phone="13733334444")
    shift = rows["shift"]
    elsewhere = an_activity(village, by=manager, title="别处")
    actions.sign_up(shift=elsewhere.shifts.get(), volunteer=guest, by=None)
    address = f"{base}/shifts/{shift.pk}/enrol/"
    named = {"name": "王五", "phone": "13733334444"}
    assert "不能同时参加两场" in str(desk.post(address, named).context["form"].errors)
    full = a_shift(rows["activity"], by=manager, starts_at=at(15, days=3), slots=1)
    actions.sign_up(shift=full, volunteer=rows["volunteer"], by=None)
    refused = desk.post(f"{base}/shifts/{full.pk}/enrol/", named).context["form"]
    assert "名额已满" in str(refused.non_field_errors())


def test_an_organization_that_ran_out_calls_nobody_but_still_keeps_its_record(
    desk, base, organization, rows, village, manager
):
    draft = an_activity(village, by=manager, organization=organization, published=False, title="没发布的")
    Organization.objects.filter(pk=organization.pk).update(
        valid_from=timezone.localdate() - timedelta(days=400),
        registered_on=timezone.localdate() - timedelta(days=400),
        valid_until=timezone.localdate() - timedelta(days=1),
    )
    form = desk.post(f"{base}/activities/new/", particulars(village)).context["form"]
    assert "不在册" in str(form.errors)
    desk.post(f"{base}/activities/{draft.pk}/publish/")
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert "不在册" in str(
        desk.post(f"{base}/activities/{draft.pk}/shifts/", shift_fields(at(9, days=3))).context["form"].errors
    )
    assert "不能举办新的活动" in desk.get(f"{base}/").content.decode()
    assert desk.post(f"{base}/hours/{rows['line'].pk}/", {"hours": "1", "reason": "核实"}).status_code == 302


def test_the_account_and_the_organization_lead_here(desk, base, organization, rows):
    assert f"{base}/" in desk.get(f"/organizations/mine/{organization.number}/").content.decode()


def filled(many: int, organization: Organization, village: Any, manager: User) -> Activity:
    activity = an_activity(village, by=manager, organization=organization, title=f"活动{many}", slots=many)
    shift = activity.shifts.get()
    for number in range(many):
        volunteer = a_volunteer(village, name=f"人{many}{number}", phone="13811112222")
        actions.sign_up(shift=shift, volunteer=volunteer, by=None)
        days = -many - number
        actions.record_hours(
            volunteer=volunteer,
            activity=activity,
            starts_at=at(9, days=days),
            ends_at=at(10, days=days),
            halves=2,
            by=manager,
        )
    return activity


@pytest.mark.parametrize("page", ["", "activities/{activity}/", "shifts/{shift}/", "hours/", "activities/new/"])
def test_pages_ask_as_much_for_many_rows_as_for_few(
    page: str, desk, base, organization, village, manager, django_assert_max_num_queries: Callable[..., Any]
):
    counts = []
    for many in (2, 9):
        activity = filled(many, organization, village, manager)
        address = page.format(activity=activity.pk, shift=activity.shifts.get().pk)
        with django_assert_max_num_queries(30) as asked:
            assert desk.get(f"{base}/{address}").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1], counts
