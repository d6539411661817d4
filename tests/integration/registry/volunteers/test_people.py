"""Registering, correcting and looking at volunteers."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.audit import lines_about
from accounts.models import User
from registry.volunteers import actions
from registry.volunteers.actions import Guardian
from registry.volunteers.models import Skill, Volunteer

from .factories import a_volunteer, resident_number

pytestmark = pytest.mark.django_db


def refused(error: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    return set(error.value.message_dict)


def test_numbers_are_encrypted_and_no_audit_line_holds_them(village):
    number = resident_number()
    volunteer = a_volunteer(village, name="𠅤小明", id_number=number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, phone FROM volunteers_volunteer")
        stored = cursor.fetchone()
    assert number not in str(stored)
    assert "13800001234" not in str(stored)
    assert Volunteer.objects.get().id_number == number
    line = lines_about(volunteer).get()
    assert line.subject == "𠅤**"
    assert number not in str(line.details)


def test_one_paper_is_registered_once_however_it_is_typed(village, sibling):
    number = "11010519491231002X"
    a_volunteer(village, id_number=number, birth_date=date(1949, 12, 31))
    wide = "".join(chr(ord(char) + 0xFEE0) for char in "11010519491231002x")
    with pytest.raises(ValidationError) as error:
        a_volunteer(sibling, id_number=f" {wide} ", birth_date=date(1949, 12, 31))
    assert refused(error) == {"id_number"}
    assert Volunteer.objects.count() == 1


@pytest.mark.parametrize(
    ("particulars", "field"),
    [
        ({"id_number": "110101199003050011"}, "id_number"),
        ({"id_type": "passport", "id_number": "!!"}, "id_number"),
        ({"id_number": resident_number(date(1991, 1, 1))}, "birth_date"),
        ({"id_type": "passport", "id_number": "E12345678", "birth_date": date(2999, 1, 1)}, "birth_date"),
        ({"phone": "12345"}, "phone"),
        ({"consented_on": date(2999, 1, 1)}, "consented_on"),
    ],
)
def test_what_cannot_be_is_refused_by_field(village, particulars, field):
    with pytest.raises(ValidationError) as error:
        a_volunteer(village, **particulars)
    assert field in refused(error)
    assert not Volunteer.objects.exists()


def test_a_minor_needs_a_guardian_in_the_form_and_in_the_database(village):
    birth_date = date(timezone.localdate().year - 15, 6, 1)
    with pytest.raises(ValidationError) as error:
        a_volunteer(village, birth_date=birth_date, guardian=None)
    assert refused(error) == {"guardian_name", "guardian_phone", "guardian_consented_on"}
    minor = a_volunteer(village, birth_date=birth_date)
    assert minor.is_minor
    for change in ({"guardian_phone": None}, {"guardian_name": ""}, {"guardian_consented_on": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Volunteer.objects.filter(pk=minor.pk).update(**change)


def test_the_day_of_the_eighteenth_birthday_counts_as_of_age(village):
    today = timezone.localdate()
    birth_date = date(today.year - 18, today.month, min(today.day, 28))
    grown = a_volunteer(village, birth_date=birth_date, guardian=None, consented_on=today)
    assert not grown.is_minor


def test_an_account_claims_what_an_official_registered_only_with_all_that_is_known(village):
    number = resident_number()
    volunteer = a_volunteer(village, id_number=number, name="王芳")
    user = User.objects.create_user("wangfang")
    same = {"id_type": "resident", "id_number": number, "phone": "138 0000 1234", "user": user, "by": user}
    with pytest.raises(ValidationError):
        actions.claim_volunteer(name="别人", **same)
    assert actions.claim_volunteer(name="王芳", **same) == volunteer
    with pytest.raises(ValidationError):
        actions.claim_volunteer(name="王芳", **(same | {"user": User.objects.create_user("b")}))
    assert actions.claim_volunteer(name="王芳", **(same | {"id_number": resident_number()})) is None
    second = a_volunteer(village, name="王芳", phone=volunteer.phone)
    with pytest.raises(ValidationError, match="这个账号已经登记为志愿者"):
        actions.claim_volunteer(name="王芳", **(same | {"id_number": second.id_number}))


def test_looking_at_a_number_says_why_and_is_on_record(volunteer, official):
    with pytest.raises(ValidationError):
        actions.reveal(volunteer=volunteer, why=" ", by=official)
    shown = actions.reveal(volunteer=volunteer, why="核对证件", by=official)
    assert shown.id_number == volunteer.id_number
    line = lines_about(volunteer).filter(action="volunteers.reveal").get()
    assert line.details == {"why": "核对证件"}
    assert shown.id_number not in str(line.details)


def test_skills_are_tags_with_addresses_and_one_spelling(village):
    volunteer = a_volunteer(village, skills=["開車", "急救", "！！", "CPR"])
    actions.change_volunteer(volunteer=volunteer, by=None, skills=["开车", "cpr"])
    assert set(volunteer.skills.names()) == {"开车", "CPR"}
    slugs = set(Skill.objects.values_list("slug", flat=True))
    assert {"kaiche", "jijiu", "cpr"} <= slugs
    assert all(slugs)


def test_the_guardian_of_a_minor_cannot_be_taken_away(village):
    minor = a_volunteer(village, birth_date=date(timezone.localdate().year - 15, 6, 1))
    with pytest.raises(ValidationError) as error:
        actions.change_volunteer(volunteer=minor, guardian_name="", by=None)
    assert refused(error) == {"guardian_name"}
    with pytest.raises(TypeError):
        actions.change_volunteer(volunteer=minor, id_number="1", by=None)
    assert Guardian("张父", "13900001111", timezone.localdate()).name == Volunteer.objects.get().guardian_name
