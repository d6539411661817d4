"""A role held at a place reaches its subtree and nothing beside it."""

import pytest
from django.core.exceptions import FieldError
from django.db import DatabaseError, connection, transaction

from accounts import audit
from accounts.models import Appointment, AuditLine, User
from accounts.roles import Role
from accounts.scoping import places_for, rows_for
from registry.places.models import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> Place:
    return Place.add_root(code="330523", name="安吉县", kind="county")


@pytest.fixture
def villages(county: Place) -> list[Place]:
    township = county.add_child(code="330523001", name="递铺街道", kind="township")
    return [
        township.add_child(code=f"33052300120{number}", name=name, kind="village")
        for number, name in enumerate(["鲁家村", "𠅤村"])
    ]


def official(place: Place, role: str = Role.VILLAGE_OFFICIAL) -> User:
    user = User.objects.create_user(f"u{User.objects.count()}")
    Appointment.objects.create(user=user, role=role, place=place)
    return user


def test_a_role_reaches_its_subtree_and_nothing_beside_it(county, villages):
    user = official(villages[0])
    assert list(places_for(user, "places.view_place")) == [villages[0]]
    assert user.has_perm("places.view_place")
    assert user.has_perm("places.view_place", villages[0])
    assert not user.has_perm("places.view_place", villages[1])
    assert not user.has_perm("places.view_place", county)
    above = official(county, Role.COUNTY_AUDITOR)
    assert set(rows_for(Place, above)) == {county, *Place.objects.filter(depth__gt=1)}


def test_a_role_that_may_not_sees_nothing(villages):
    user = official(villages[0], Role.POINTS_REVIEWER)
    assert not rows_for(Place, user).exists()
    assert user.has_perm("wagtailadmin.access_admin")
    assert not user.has_perm("places.change_place")


def test_a_role_ends(villages):
    user = official(villages[0])
    Appointment.objects.update(since="2020-01-01", until="2020-12-31")
    assert not places_for(User.objects.get(pk=user.pk), "places.view_place").exists()


def test_an_inactive_superuser_reaches_nothing(villages):
    user = User.objects.create_superuser("root", is_active=False)
    assert not rows_for(Place, user).exists()


def test_the_audit_only_grows(villages):
    with transaction.atomic():
        line = audit.record(by=None, action="places.test", subject=villages[0], place=villages[0], 数=1)
    for change in (
        lambda: AuditLine.objects.filter(pk=line.pk).update(action="x"),
        lambda: AuditLine.objects.filter(pk=line.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            change()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_auditline SET actor = 'x'")


@pytest.mark.django_db(transaction=True)
def test_an_audit_line_needs_the_transaction_of_what_it_tells(county):
    with pytest.raises(RuntimeError):
        audit.record(by=None, action="places.test", subject=county)


def test_what_is_encrypted_cannot_be_looked_up():
    from accounts.sensitive import EncryptedTextField

    with pytest.raises(FieldError):
        EncryptedTextField(name="phone").get_lookup("exact")
