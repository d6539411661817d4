"""Nobody grants more than they hold."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Appointment, AuditLine, User
from accounts.roles import Role
from registry.places.models import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> Place:
    return Place.add_root(code="990100", name="云溪县", kind="county")


@pytest.fixture
def township(county: Place) -> Place:
    return county.add_child(code="990100001", name="清溪镇", kind="township")


@pytest.fixture
def village(township: Place) -> Place:
    return township.add_child(code="990100001201", name="柳河村", kind="village")


@pytest.fixture
def other(county: Place, township: Place) -> Place:
    return county.add_child(code="990100002", name="石桥乡", kind="township")


@pytest.fixture
def chief(township: Place) -> User:
    user = User.objects.create_user("zhenzhang", "z@example.org", display_name="镇长")
    Appointment.objects.create(user=user, role=Role.TOWNSHIP_OFFICIAL, place=township)
    return user


@pytest.fixture
def person() -> User:
    return User.objects.create_user("xin", "Xin@example.org", display_name="小𠅤")


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_township_official_appoints_in_their_township(chief, person, village, township):
    for role in (Role.EDITOR, Role.VILLAGE_OFFICIAL, Role.POINTS_REVIEWER):
        actions.appoint(user=person, role=role, place=village, by=chief)
    actions.appoint(user=person, role=Role.TOWNSHIP_OFFICIAL, place=township, by=chief)
    assert again(person).has_perm("places.add_place", village)
    assert AuditLine.objects.filter(action="accounts.appoint", actor_id=chief.pk).count() == 4


def test_not_beside_not_above_not_wider(chief, person, village, township, other, county):
    for role, place in (
        (Role.VILLAGE_OFFICIAL, other),
        (Role.TOWNSHIP_OFFICIAL, county),
        (Role.COUNTY_AUDITOR, township),
        (Role.COUNTY_AUDITOR, county),
    ):
        with pytest.raises(PermissionDenied):
            actions.appoint(user=person, role=role, place=place, by=chief)
    official = User.objects.create_user("cunguan")
    Appointment.objects.create(user=official, role=Role.VILLAGE_OFFICIAL, place=village)
    with pytest.raises(PermissionDenied):
        actions.appoint(user=person, role=Role.VILLAGE_OFFICIAL, place=village, by=official)
    assert not person.appointments.exists()
    assert not AuditLine.objects.exists()


def test_not_for_longer_than_ones_own(chief, person, village):
    ends = timezone.localdate() + timedelta(days=30)
    Appointment.objects.filter(user=chief).update(until=ends)
    chief = again(chief)
    for until in (None, ends + timedelta(days=1)):
        with pytest.raises(PermissionDenied):
            actions.appoint(user=person, role=Role.EDITOR, place=village, until=until, by=chief)
    held = actions.appoint(user=person, role=Role.EDITOR, place=village, until=ends, by=chief)
    with pytest.raises(PermissionDenied):
        actions.change_appointment(appointment=held, since=held.since, until=None, by=chief)


def test_a_role_of_the_county_is_the_administrators_to_give(person, county, township):
    admin = User.objects.create_superuser("admin")
    actions.appoint(user=person, role=Role.COUNTY_AUDITOR, place=county, by=admin)
    with pytest.raises(ValidationError, match="不能设在"):
        actions.appoint(user=person, role=Role.VILLAGE_OFFICIAL, place=county, by=admin)


def test_ending_takes_the_role_at_once_and_it_may_begin_anew(chief, person, village):
    held = actions.appoint(user=person, role=Role.EDITOR, place=village, by=chief)
    Appointment.objects.filter(pk=held.pk).update(since="2024-01-01")
    actions.end_appointment(appointment=held, by=chief)
    assert not again(person).has_perm("accounts.edit_pages")
    assert not person.groups.exists()
    anew = actions.appoint(user=person, role=Role.EDITOR, place=village, by=chief)
    assert anew.pk == held.pk
    assert again(person).has_perm("accounts.edit_pages")
    with pytest.raises(ValidationError, match="已有这个角色"):
        actions.appoint(user=person, role=Role.EDITOR, place=village, by=chief)


def test_what_began_today_and_ends_today_leaves_a_line(chief, person, village):
    held = actions.appoint(user=person, role=Role.EDITOR, place=village, by=chief)
    actions.end_appointment(appointment=held, by=chief)
    assert not person.appointments.exists()
    assert AuditLine.objects.filter(action="accounts.end_appointment", details__user=person.pk).exists()


def test_the_one_above_is_not_ended_from_below(chief, person, county):
    held = Appointment.objects.create(user=person, role=Role.COUNTY_AUDITOR, place=county)
    with pytest.raises(PermissionDenied):
        actions.end_appointment(appointment=held, by=chief)


# --- the back office --------------------------------------------------------------------------------------------


@pytest.fixture
def office(chief: User) -> Client:
    client = Client()
    client.force_login(chief, "django.contrib.auth.backends.ModelBackend")
    return client


def send(office: Client, **given: object):
    known = {"account": "xin", "role": Role.EDITOR, "since": "2026-01-05", "until": ""}
    return office.post(reverse("appointments:add"), known | given)


def test_an_official_is_named_by_name_or_address(office, person, village):
    assert send(office, place=village.pk, account=" xin@EXAMPLE.org ").status_code == 302
    assert person.appointments.get().role == Role.EDITOR
    assert "已有这个角色" in send(office, place=village.pk).content.decode()
    page = office.get(reverse("appointments:index"), {"q": "小𠅤"}).content.decode()
    assert "云溪县 清溪镇 柳河村" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("account", ""),
        ("account", "nobody"),
        ("account", "<script>"),
        ("account", "'; DROP TABLE--"),
        ("account", "长" * 151),
        ("account", "😀"),
        ("role", Role.COUNTY_AUDITOR),
        ("role", "king"),
        ("place", "0"),
        ("place", "abc"),
        ("since", "2026-13-01"),
        ("until", "2020-01-01"),
        ("until", "很久"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field(office, person, village, field, value):
    response = send(office, **{"place": village.pk, field: value})
    assert response.status_code == 200
    assert field in response.context["form"].errors or "__all__" in response.context["form"].errors
    assert not person.appointments.exists()


def test_the_form_offers_the_roles_that_may_be_given(office, village):
    form = office.get(reverse("appointments:add")).context["form"]
    roles = {value for value, _label in form.fields["role"].choices}
    assert roles == {"", Role.EDITOR, Role.VILLAGE_OFFICIAL, Role.POINTS_REVIEWER, Role.TOWNSHIP_OFFICIAL}


def test_a_term_is_changed_and_ended(office, chief, person, village):
    held = actions.appoint(user=person, role=Role.EDITOR, place=village, by=chief)
    address = reverse("appointments:edit", args=[held.pk])
    assert office.post(address, {"since": "2026-01-01", "until": "2030-12-31"}).status_code == 302
    held.refresh_from_db()
    assert str(held.until) == "2030-12-31"
    ending = reverse("appointments:delete", args=[held.pk])
    assert "从现在起不再有效" in office.get(ending).content.decode()
    assert office.post(ending).status_code == 302
    assert not Appointment.objects.current().filter(user=person).exists()
    listed = office.get(reverse("appointments:index"), {"current": "false"})
    assert held in listed.context["object_list"]


def test_audit_lines_are_read_filtered_and_exported(office, chief, person, village, other):
    actions.appoint(user=person, role=Role.EDITOR, place=village, by=chief)
    admin = User.objects.create_superuser("admin")
    actions.appoint(user=person, role=Role.EDITOR, place=other, by=admin)
    index = reverse("audit:index")
    assert [line.place for line in office.get(index).context["object_list"]] == ["柳河村"]
    today = f"{timezone.localdate()}"
    for query, count in (
        ({"place": "清溪镇"}, 1),
        ({"place": "990100001201"}, 1),
        ({"place": "石桥乡"}, 0),
        ({"actor": "镇长"}, 1),
        ({"actor": "admin"}, 0),
        ({"action": "accounts.appoint"}, 1),
        ({"at_from": today, "at_to": today}, 1),
        ({"at_to": "2020-01-01"}, 0),
        ({"q": "小𠅤"}, 1),
    ):
        assert len(office.get(index, query).context["object_list"]) == count, query
    table = b"".join(office.get(index, {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert "任职" in table
    assert '"role": "editor"' in table.replace('""', '"')
    assert "石桥乡" not in table
    line = AuditLine.objects.get(place="柳河村")
    assert office.get(reverse("audit:inspect", args=[line.pk])).status_code == 200
    assert office.post(reverse("audit:inspect", args=[line.pk])).status_code == 405


def test_administrators_see_to_who_wants_to_leave(office, person):
    from accounts import account_actions

    account_actions.request_deletion(user=person, reason="搬家")
    index = reverse("deletion_requests:index")
    assert office.get(index).status_code == 302
    admin = Client()
    admin.force_login(User.objects.create_superuser("admin"), "django.contrib.auth.backends.ModelBackend")
    assert "搬家" in admin.get(index).content.decode()
    address = reverse("deletion_requests:delete", args=[person.deletion_requests.get().pk])
    assert "办理注销" in admin.get(address).content.decode()
    assert office.post(address).status_code == 302
    assert again(person).is_active
    assert admin.post(address).status_code == 302
    assert not again(person).is_active
