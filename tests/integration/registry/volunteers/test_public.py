"""The public pages: what anybody sees, what a volunteer does there, what the forms refuse."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from registry.volunteers import actions, checkin
from registry.volunteers.models import Decision, Shift, SignUp, Volunteer
from registry.volunteers.search_documents import ActivitySource

from .factories import a_shift, a_volunteer, an_activity, at, resident_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(village, client) -> Volunteer:
    """A volunteer whose account is signed in."""
    user = User.objects.create_user("zhang", "z@example.org")
    client.force_login(user)
    return a_volunteer(village, user=user)


@pytest.fixture
def newcomer(client) -> User:
    """Signed in, and no volunteer yet."""
    user = User.objects.create_user("new", "n@example.org")
    client.force_login(user)
    return user


def valid(village: Any) -> dict[str, Any]:
    return {
        "name": "王𠅤芳",
        "id_type": "resident",
        "id_number": resident_number(),
        "birth_date": "1990-03-05",
        "phone": "138 0000 1234",
        "place": village.pk,
        "skills": "急救、摄影",
        "consent": "on",
    }


def test_the_list_shows_published_activities_to_come_and_nobody(
    client, village, official, shift, volunteer, django_assert_max_num_queries
):
    actions.sign_up(shift=shift, volunteer=volunteer, by=None)
    an_activity(village, by=official, title="还是草稿", published=False)
    over = an_activity(village, by=official, title="已经办过")
    Shift.objects.filter(activity=over).update(
        starts_at=at(9, days=-2), ends_at=at(11, days=-2), cut_off=at(9, days=-2)
    )
    with django_assert_max_num_queries(25):
        page = client.get("/volunteer/").content.decode()
    assert "清理河道" in page
    assert "还是草稿" not in page
    assert "已经办过" not in page
    assert volunteer.name not in page


def test_the_number_of_queries_does_not_grow_with_the_list(client, village, official):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/volunteer/").status_code == 200
        return len(captured)

    an_activity(village, by=official, skills=["急救"])
    queries()
    an_activity(village, by=official, skills=["急救"])
    few = queries()
    for _number in range(8):
        an_activity(village, by=official, skills=["急救"], shifts=2)
    assert queries() == few


def test_filters_by_place_day_field_and_skill(client, village, sibling, official, appoint):
    an_activity(village, by=official, title="巡河", skills=["开车"])
    later = an_activity(sibling, by=official, title="写春联", field="culture", published=False, shifts=0)
    a_shift(later, by=official, starts_at=at(9, days=20))
    actions.publish_activity(activity=later, by=official)
    for query, shown, hidden in (
        (f"place={village.code}", "巡河", "写春联"),
        (f"place={sibling.code}", "写春联", "巡河"),
        ("day=7", "巡河", "写春联"),
        ("field=culture", "写春联", "巡河"),
        ("skill=kaiche", "巡河", "写春联"),
    ):
        page = client.get(f"/volunteer/?{query}").content.decode()
        assert shown in page, query
        assert f">{hidden}<" not in page, query
    for odd in ("place=%00", "field=x", "skill=<script>", "day=-1", "page=99999", "page=abc"):
        assert client.get(f"/volunteer/?{odd}").status_code == 200


def test_an_activity_page_names_no_volunteer_and_offers_to_sign_in(client, activity, shift, volunteer):
    actions.sign_up(shift=shift, volunteer=volunteer, by=None)
    response = client.get(activity.get_absolute_url())
    page = response.content.decode()
    assert volunteer.name not in page
    assert "/account/login/" in page
    assert "csrf" not in page
    assert "no-store" not in response["Cache-Control"]


def test_a_draft_has_no_page(client, village, official):
    draft = an_activity(village, by=official, published=False)
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_signing_up_and_withdrawing(client, signed_in, activity, shift):
    response = client.post(f"/volunteer/shifts/{shift.pk}/sign-up/", follow=True)
    assert "报名成功" in response.content.decode()
    made = SignUp.objects.get()
    assert (made.volunteer, made.state) == (signed_in, "signed")
    client.post(f"/volunteer/sign-ups/{made.pk}/withdraw/")
    made.refresh_from_db()
    assert made.state == "withdrawn"


def test_nobody_withdraws_or_answers_for_somebody_else(client, signed_in, village, activity, shift, official):
    other = a_volunteer(village)
    theirs = actions.sign_up(shift=shift, volunteer=other, by=None)
    line = actions.record_hours(
        volunteer=other, activity=activity, starts_at=at(9, days=-1), ends_at=at(10, days=-1), halves=2, by=official
    )
    for address in (
        f"/volunteer/sign-ups/{theirs.pk}/withdraw/",
        f"/volunteer/mine/hours/{line.pk}/confirm/",
        f"/volunteer/mine/hours/{line.pk}/object/",
        f"/volunteer/mine/hours/{line.pk}/retract/",
    ):
        assert client.post(address, {"reason": "x"}).status_code == 404
    assert not Decision.objects.exists()


def test_own_pages_lead_to_sign_in_then_to_the_form(client, newcomer):
    assert client.get("/volunteer/mine/").url.startswith("/volunteer/register/")
    assert "/account/login/" in Client().get("/volunteer/mine/").url


def test_own_hours_are_confirmed_and_objected_to(client, signed_in, activity, official):
    lines = [
        actions.record_hours(
            volunteer=signed_in,
            activity=activity,
            starts_at=at(9, days=-days),
            ends_at=at(11, days=-days),
            halves=4,
            by=official,
        )
        for days in (1, 2, 3)
    ]
    client.post(f"/volunteer/mine/hours/{lines[0].pk}/object/", {"reason": "应是 1.5 小时"})
    client.post(f"/volunteer/mine/hours/{lines[1].pk}/confirm/")
    client.post("/volunteer/mine/hours/confirm/")
    said = dict(Decision.objects.values_list("line", "verdict"))
    assert said == {lines[0].pk: "objected", lines[1].pk: "confirmed", lines[2].pk: "confirmed"}
    page = client.get("/volunteer/mine/")
    assert "no-store" in page["Cache-Control"]
    text = page.content.decode()
    assert "6 小时" in text
    assert signed_in.masked_id in text
    assert signed_in.id_number not in text
    assert signed_in.phone not in text


def test_registering(client, newcomer, village, shift):
    back = f"/volunteer/activities/{shift.activity_id}/"
    response = client.post("/volunteer/register/", valid(village) | {"next": back})
    assert response.url == back
    made = Volunteer.objects.get()
    assert (made.user, made.name, made.phone) == (newcomer, "王𠅤芳", "13800001234")
    assert set(made.skills.names()) == {"急救", "摄影"}
    assert client.get("/volunteer/register/").url == "/volunteer/mine/"


def test_what_leads_elsewhere_is_not_followed(client, newcomer, village):
    response = client.post("/volunteer/register/", valid(village) | {"next": "https://evil.example/"})
    assert response.url == "/volunteer/mine/"


def test_a_minor_registers_with_a_guardian_only(client, newcomer, village):
    born = timezone.localdate() - timedelta(days=15 * 365)
    young = valid(village) | {"id_number": resident_number(born), "birth_date": born.isoformat()}
    response = client.post("/volunteer/register/", young)
    assert set(response.context["form"].errors) == {"guardian_name", "guardian_phone", "guardian_consent"}
    client.post(
        "/volunteer/register/",
        young | {"guardian_name": "王父", "guardian_phone": "13900001111", "guardian_consent": "on"},
    )
    assert Volunteer.objects.get().guardian_name == "王父"
    own = client.get("/volunteer/mine/").content.decode()
    assert "监护人 王父" in own
    assert "13900001111" not in own


BAD: list[tuple[str, Any]] = [
    *((field, "") for field in ("name", "id_type", "id_number", "birth_date", "phone", "place", "consent")),
    *((field, "长" * 400) for field in ("name", "id_type", "id_number", "birth_date", "phone", "place", "skills")),
    *(
        (field, text)
        for field in ("name", "id_type", "id_number", "birth_date", "phone", "place", "skills")
        for text in ("<script>alert(1)</script>", "😀😀", "'; DROP TABLE volunteers_volunteer; --", "\x00")
    ),
    ("id_number", "𠅤"),
    ("birth_date", "2024-13-45"),
    ("birth_date", "2999-01-01"),
    ("phone", "一三八"),
    ("place", "-1"),
    ("guardian_name", "<b>"),
    ("guardian_name", "😀"),
]


@pytest.mark.parametrize(("field", "value"), BAD)
def test_bad_input_is_refused_in_chinese_beside_the_field_and_nothing_is_stored(
    client, newcomer, village, field, value
):
    response = client.post("/volunteer/register/", valid(village) | {field: value})
    assert response.status_code == 200
    errors = response.context["form"].errors
    assert field in errors
    assert all(re.search(r"[一-鿿]", message) for message in errors[field])
    assert not Volunteer.objects.exists()
    page = response.content.decode()
    assert "field--error" in page
    assert "<script>alert" not in page


def test_all_that_is_wrong_is_told_at_once(client, newcomer, village):
    wrong = {"name": "", "id_number": "330102199003071234", "phone": "123", "guardian_phone": "456"}
    response = client.post("/volunteer/register/", valid(village) | wrong)
    assert set(response.context["form"].errors) == set(wrong)
    page = response.content.decode()
    assert "有 4 处要改" in page
    assert 'value="330102199003071234"' in page


@pytest.mark.parametrize("reason", ["", "   ", "长" * 301, "\x00"])
def test_an_objection_says_something(client, signed_in, activity, official, reason):
    line = actions.record_hours(
        volunteer=signed_in, activity=activity, starts_at=at(9, days=-1), ends_at=at(10, days=-1), halves=2, by=official
    )
    response = client.post(f"/volunteer/mine/hours/{line.pk}/object/", {"reason": reason})
    assert response.context["form"].errors["reason"]
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "issuer"),
        ({"issuer": "p999999"}, "issuer"),
        ({"issuer": "'; --"}, "issuer"),
        ({"since": "昨天"}, "since"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "until"),
    ],
)
def test_a_certificate_is_asked_of_who_recorded(client, signed_in, activity, official, village, given, field):
    actions.record_hours(
        volunteer=signed_in, activity=activity, starts_at=at(9, days=-1), ends_at=at(10, days=-1), halves=2, by=official
    )
    known = {"issuer": f"p{village.pk}"} if field != "issuer" else {}
    response = client.post("/volunteer/mine/certificates/", known | given)
    assert field in response.context["form"].errors
    assert not signed_in.certificates.exists()
    client.post("/volunteer/mine/certificates/", {"issuer": f"p{village.pk}"})
    assert signed_in.certificates.get().place == village


@pytest.fixture
def running(activity, official, village) -> Shift:
    """A shift that began a quarter of an hour ago."""
    return a_shift(activity, by=official, starts_at=timezone.now() - timedelta(minutes=15))


def seat(shift: Shift, volunteer: Volunteer) -> SignUp:
    return shift.sign_ups.create(volunteer=volunteer, state="signed", seat=1)


def test_checking_in_with_an_account(client, signed_in, running):
    sign_up = seat(running, signed_in)
    address = f"/volunteer/check-in/{checkin.token_for(running)}/"
    assert signed_in.name in client.get(address).content.decode()
    assert "签到成功" in client.post(address, {"account": "1"}).content.decode()
    sign_up.refresh_from_db()
    assert (sign_up.state, sign_up.checked_in_by) == ("attended", "account")


def test_checking_in_with_name_and_phone_tail(client, running, volunteer):
    sign_up = seat(running, volunteer)
    address = f"/volunteer/check-in/{checkin.token_for(running)}/"
    for name, tail in (("张志远", "9999"), ("别人", "1234")):
        page = client.post(address, {"name": name, "tail": tail}).content.decode()
        assert "没有找到" in page
    for tail in ("", "12345", "abcd", "１２３４"):
        assert "tail" in client.post(address, {"name": "张志远", "tail": tail}).context["form"].errors
    client.post(address, {"name": "张志远", "tail": "1234"})
    sign_up.refresh_from_db()
    assert (sign_up.state, sign_up.checked_in_by) == ("attended", "phone")


def test_a_code_runs_out_and_cannot_be_made_up(client, shift, running):
    token = checkin.token_for(running)
    assert client.get(f"/volunteer/check-in/{token}/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert client.get(f"/volunteer/check-in/{token}/").status_code == 410
        assert checkin.shift_of(token, filling_in=True) == running
    with time_machine.travel(timezone.now() + timedelta(minutes=21), tick=False):
        assert checkin.shift_of(token, filling_in=True) is None
    forged = signing.dumps(running.pk, salt="something else")
    for wrong in (forged, token[:-2] + "xx", "x"):
        assert client.get(f"/volunteer/check-in/{wrong}/").status_code == 410
    assert checkin.shift_of(checkin.token_for(shift)) is None, "the shift of tomorrow"


def test_the_search_knows_public_activities_only(village, official, activity, volunteer, shift):
    actions.sign_up(shift=shift, volunteer=volunteer, by=None)
    an_activity(village, by=official, title="草稿", published=False)
    (document,) = ActivitySource().documents()
    assert document.title == "清理河道"
    assert document.url == activity.get_absolute_url()
    assert volunteer.name not in str(document)
    actions.cancel_activity(activity=activity, why="暴雨", by=official)
    assert not list(ActivitySource().documents())
