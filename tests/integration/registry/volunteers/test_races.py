"""Many at once, on PostgreSQL: the last slot, who is promoted or put on the sheet, the same paper twice."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import close_old_connections, connection, transaction

from accounts.models import User
from printing.models import IssuedDocument
from registry.organizations.actions import deregister
from registry.places.models import Place
from registry.volunteers import actions
from registry.volunteers.models import HourLine, Shift, SignUp, Volunteer

from ..organizations import makers
from .factories import a_shift, a_volunteer, an_activity, at, resident_number

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run all in threads that start together; the results, and what was raised, in the order of the calls."""
    barrier = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(position: int, call: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[position] = call()
        except Exception as error:  # noqa: BLE001 - the test looks at what it is
            results[position] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, call)) for number, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    return results


def enrolled(volunteer: Volunteer, shift: Shift, by: User) -> SignUp:
    """An organizer puts a volunteer on the sheet, as they do: by name and number."""
    return actions.enrol(shift=shift, name=volunteer.name, phone=volunteer.phone, by=by)


@pytest.fixture
def place(village: Place) -> Place:
    return village


@pytest.fixture
def by() -> User:
    return User.objects.create_user("official")


def test_twenty_want_the_last_slot_and_one_gets_it(place, by):
    shift = an_activity(place, by=by, slots=1).shifts.get()
    people = [a_volunteer(place) for _ in range(20)]
    results = at_once(*(lambda one=one: actions.sign_up(shift=shift, volunteer=one, by=None).state for one in people))
    assert sorted(results) == ["signed"] + ["waiting"] * 19
    assert list(shift.sign_ups.seated().values_list("seat", flat=True)) == [1]


def test_all_who_have_a_slot_withdraw_at_once_and_as_many_are_promoted_in_order(place, by):
    shift = an_activity(place, by=by, slots=5).shifts.get()
    sign_ups = [actions.sign_up(shift=shift, volunteer=a_volunteer(place), by=None) for _ in range(12)]
    results = at_once(*(lambda one=one: actions.withdraw(sign_up=one, by=None) for one in sign_ups[:5]))
    assert not [result for result in results if isinstance(result, Exception)]
    promoted = set(shift.sign_ups.seated().values_list("pk", flat=True))
    assert promoted == {one.pk for one in sign_ups[5:10]}
    assert sorted(shift.sign_ups.seated().values_list("seat", flat=True)) == [1, 2, 3, 4, 5]


def test_nobody_gets_two_shifts_at_one_time_by_asking_for_both_at_once(place, by):
    activity = an_activity(place, by=by)
    shifts = [activity.shifts.get(), *(a_shift(activity, by=by, starts_at=at(10, days=1)) for _ in range(3))]
    volunteer = a_volunteer(place)
    results = at_once(*(lambda one=one: actions.sign_up(shift=one, volunteer=volunteer, by=None) for one in shifts))
    assert sum(isinstance(result, ValidationError) for result in results) == 3
    assert SignUp.objects.seated().count() == 1


def test_two_who_wait_for_each_others_slots_withdraw_at_once_without_a_deadlock(place, by):
    activity = an_activity(place, by=by, slots=1)
    first, second = activity.shifts.get(), a_shift(activity, by=by, starts_at=at(9, days=1), slots=1)
    one, other = a_volunteer(place), a_volunteer(place)
    held = [
        actions.sign_up(shift=first, volunteer=one, by=None),
        actions.sign_up(shift=second, volunteer=other, by=None),
    ]
    # Each waits for what the other has: written directly, since signing up refuses who is taken at that time.
    SignUp.objects.create(shift=first, volunteer=other, state="waiting")
    SignUp.objects.create(shift=second, volunteer=one, state="waiting")
    results = at_once(*(lambda sign_up=sign_up: actions.withdraw(sign_up=sign_up, by=None) for sign_up in held))
    assert not [result for result in results if isinstance(result, Exception)]
    seated = SignUp.objects.seated().values_list("volunteer", flat=True)
    assert len(set(seated)) == len(seated)


def test_two_organizers_enrol_the_same_person_at_once_and_they_have_one_slot(place, by):
    shift = an_activity(place, by=by, slots=5).shifts.get()
    guest = a_volunteer(place, name="王𠅤", phone="13733334444")
    results = at_once(*(lambda: enrolled(guest, shift, by) for _ in range(6)))
    refused = [result for result in results if isinstance(result, ValidationError)]
    assert [list(error.message_dict) for error in refused] == [["name"]] * 5, results
    assert SignUp.objects.values_list("volunteer", "state", "seat").get() == (guest.pk, "signed", 1)


def test_the_last_slot_goes_to_who_signs_up_or_to_who_is_enrolled_and_to_nobody_else(place, by):
    shift = an_activity(place, by=by, slots=1).shifts.get()
    guests = [a_volunteer(place, name=f"来人{number}") for number in range(5)]
    online = [a_volunteer(place) for _ in range(5)]
    results = at_once(
        *(lambda one=one: enrolled(one, shift, by) for one in guests),
        *(lambda one=one: actions.sign_up(shift=shift, volunteer=one, by=None) for one in online),
    )
    seated = shift.sign_ups.seated().get()
    assert [result for result in results[:5] if not isinstance(result, ValidationError)] == (
        [seated] if seated.volunteer in guests else []
    ), "who is enrolled gets the slot or nothing"
    waiting = {one.pk for one in online} - {seated.volunteer_id}
    assert {result.volunteer_id for result in results[5:] if result.state == "waiting"} == waiting
    assert shift.sign_ups.count() == len(waiting) + 1


def test_nobody_is_enrolled_at_two_places_at_one_time(place, by):
    activity = an_activity(place, by=by)
    shifts = [activity.shifts.get(), *(a_shift(activity, by=by, starts_at=at(10, days=1)) for _ in range(5))]
    guest = a_volunteer(place)
    results = at_once(
        *(lambda one=one: enrolled(guest, one, by) for one in shifts[:3]),
        *(lambda one=one: actions.sign_up(shift=one, volunteer=guest, by=None) for one in shifts[3:]),
    )
    assert sum(isinstance(result, ValidationError) for result in results) == 5, results
    assert SignUp.objects.get().state == "signed"


def test_who_waits_is_promoted_or_enrolled_but_has_one_slot(place, by):
    shift = an_activity(place, by=by, slots=1).shifts.get()
    held = actions.sign_up(shift=shift, volunteer=a_volunteer(place), by=None)
    first, second = a_volunteer(place, name="先来的"), a_volunteer(place, name="后来的")
    for one in (first, second):
        actions.sign_up(shift=shift, volunteer=one, by=None)
    withdrawn, *others = at_once(
        lambda: actions.withdraw(sign_up=held, by=None),
        lambda: enrolled(first, shift, by),
        lambda: enrolled(second, shift, by),
    )
    assert withdrawn.state == "withdrawn"
    assert all(isinstance(result, ValidationError) for result in others), "the slot is the first one's who waited"
    assert shift.sign_ups.seated().get().volunteer == first
    assert shift.sign_ups.queue().get().volunteer == second


def test_nobody_is_enrolled_for_a_shift_that_is_called_off_at_that_moment(place, by):
    shift = an_activity(place, by=by).shifts.get()
    guests = [a_volunteer(place, name=f"来人{number}") for number in range(4)]
    at_once(
        *(lambda one=one: enrolled(one, shift, by) for one in guests[:2]),
        lambda: actions.cancel_shift(shift=shift, why="下雨", by=by),
        *(lambda one=one: enrolled(one, shift, by) for one in guests[2:]),
    )
    shift.refresh_from_db()
    assert shift.cancelled_why == "下雨"
    assert not shift.sign_ups.seated().exists()


def test_a_paper_is_registered_once_however_many_try(place):
    number = resident_number()
    results = at_once(*(lambda: a_volunteer(place, id_number=number) for _ in range(8)))
    assert sum(isinstance(result, ValidationError) for result in results) == 7
    assert Volunteer.objects.count() == 1


def test_the_cap_of_a_day_holds_when_many_record_at_once(place, by):
    activity, volunteer = an_activity(place, by=by), a_volunteer(place)

    def record(number: int) -> HourLine:
        starts_at = at(0, days=-1) + timedelta(hours=2 * number)
        return actions.record_hours(
            volunteer=volunteer,
            activity=activity,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            halves=4,
            by=by,
        )

    results = at_once(*(lambda number=number: record(number) for number in range(10)))
    assert sum(isinstance(result, ValidationError) for result in results) == 6
    assert volunteer.hour_lines.total() == 16


def test_a_line_is_reversed_once(place, by):
    activity, volunteer = an_activity(place, by=by), a_volunteer(place)
    line = actions.record_hours(
        volunteer=volunteer, activity=activity, starts_at=at(9, days=-1), ends_at=at(11, days=-1), halves=4, by=by
    )
    results = at_once(*(lambda: actions.correct_hours(line=line, halves=2, reason="核实", by=by) for _ in range(6)))
    assert sum(isinstance(result, ValidationError) for result in results) == 5
    assert volunteer.hour_lines.total() == 2


def test_a_certificate_is_issued_once_when_the_organization_and_the_village_issue_it_at_once(
    place, by, settings, tmp_path
):
    settings.DATA_DIR = tmp_path
    manager = User.objects.create_user("manager", "manager@example.org")
    organization = makers.an_organization(place, manager)
    volunteer = a_volunteer(place)
    actions.record_hours(
        volunteer=volunteer,
        activity=an_activity(place, by=manager, organization=organization),
        starts_at=at(9, days=-1),
        ends_at=at(11, days=-1),
        halves=4,
        by=manager,
    )
    asked = actions.request_certificate(volunteer=volunteer, place=place, organization=organization, by=None)
    results = at_once(*(lambda one=one: actions.issue_certificate(certificate=asked, by=one) for one in (manager, by)))
    refused = [result for result in results if isinstance(result, ValidationError)]
    assert [error.messages for error in refused] == [["这份申请已经办理。"]], results
    asked.refresh_from_db()
    assert asked.document == IssuedDocument.objects.get()


def test_who_is_struck_off_at_that_moment_issues_nothing(place, by, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    manager = User.objects.create_user("lin@example.org", "lin@example.org", "x")
    organization = makers.an_organization(place, manager, name="柳河村舞龙队")
    volunteer = a_volunteer(place)
    activity = an_activity(place, by=manager, organization=organization)
    actions.record_hours(
        volunteer=volunteer, activity=activity, starts_at=at(9, days=-1), ends_at=at(10, days=-1), halves=2, by=manager
    )
    asked = actions.request_certificate(volunteer=volunteer, place=place, organization=organization, by=None)
    struck_off = threading.Event()

    def strike_off() -> None:
        with transaction.atomic():
            deregister(organization=organization, reason="队员都外出了", by=by)
            struck_off.set()
            time.sleep(0.3)  # the other asks while this is not certain yet

    def issue() -> Any:
        struck_off.wait()
        return actions.issue_certificate(certificate=asked, by=manager)

    _none, refused = at_once(strike_off, issue)
    assert "不在册" in str(refused), refused
    assert not IssuedDocument.objects.exists()
