"""Signing up, the waiting list, two shifts at once, cut-offs, checking in, calling off."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditLine, User
from registry.volunteers import actions
from registry.volunteers.models import Activity, Shift, SignUp

from .factories import a_shift, a_volunteer, an_activity, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def single(activity, official) -> Shift:
    """A shift with one slot, the day after tomorrow."""
    return a_shift(activity, by=official, starts_at=at(9, days=2), slots=1)


def states(shift: Shift) -> list[str]:
    return list(shift.sign_ups.order_by("queued_at", "pk").values_list("state", flat=True))


def test_the_second_waits_and_is_promoted_when_the_first_withdraws(
    village, single, mailoutbox, django_capture_on_commit_callbacks
):
    waiter = a_volunteer(village, user=User.objects.create_user("w", "w@example.org"))
    first = actions.sign_up(shift=single, volunteer=a_volunteer(village), by=None)
    second = actions.sign_up(shift=single, volunteer=waiter, by=None)
    assert states(single) == ["signed", "waiting"]
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(sign_up=first, by=None)
    second.refresh_from_db()
    assert (second.state, second.seat) == ("signed", 1)
    assert second.promoted_at is not None
    assert [mail.to for mail in mailoutbox] == [["w@example.org"]]
    assert AuditLine.objects.filter(action="volunteers.promote", actor="system").count() == 1


def test_who_comes_back_goes_to_the_end_of_the_queue(village, single):
    volunteers = [a_volunteer(village) for _ in range(3)]
    sign_ups = [actions.sign_up(shift=single, volunteer=volunteer, by=None) for volunteer in volunteers]
    actions.withdraw(sign_up=sign_ups[0], by=None)
    again = actions.sign_up(shift=single, volunteer=volunteers[0], by=None)
    assert again.pk == sign_ups[0].pk
    assert [queued.volunteer for queued in SignUp.objects.queue()] == [volunteers[2], volunteers[0]]


def test_nobody_has_two_shifts_at_once(village, single, activity, official, volunteer):
    actions.sign_up(shift=single, volunteer=volunteer, by=None)
    overlapping = a_shift(activity, by=official, starts_at=at(10, days=2))
    with pytest.raises(ValidationError, match="不能同时"):
        actions.sign_up(shift=overlapping, volunteer=volunteer, by=None)
    next_one = a_shift(activity, by=official, starts_at=at(11, days=2))
    assert actions.sign_up(shift=next_one, volunteer=volunteer, by=None).state == "signed"
    with pytest.raises(IntegrityError, match="at once"), transaction.atomic():
        SignUp.objects.create(shift=overlapping, volunteer=volunteer, state="signed", seat=1)


def test_who_has_another_shift_by_then_is_passed_over(village, single, activity, official):
    busy, free = a_volunteer(village), a_volunteer(village)
    first = actions.sign_up(shift=single, volunteer=a_volunteer(village), by=None)
    for waiter in (busy, free):
        actions.sign_up(shift=single, volunteer=waiter, by=None)
    other = a_shift(activity, by=official, starts_at=at(9, days=2))
    actions.sign_up(shift=other, volunteer=busy, by=None)
    actions.withdraw(sign_up=first, by=None)
    assert SignUp.objects.get(shift=single, volunteer=busy).state == "waiting"
    assert SignUp.objects.get(shift=single, volunteer=free).state == "signed"


def test_the_database_refuses_a_seat_beyond_the_slots_and_one_taken_twice(village, single, volunteer):
    actions.sign_up(shift=single, volunteer=volunteer, by=None)
    for seat in (1, 2):
        with pytest.raises(IntegrityError), transaction.atomic():
            SignUp.objects.create(shift=single, volunteer=a_volunteer(village), state="signed", seat=seat)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignUp.objects.create(shift=single, volunteer=a_volunteer(village), state="waiting", seat=1)


def test_after_the_cut_off_nobody_signs_up_or_withdraws(volunteer, shift, village):
    signed = actions.sign_up(shift=shift, volunteer=volunteer, by=None)
    Shift.objects.filter(pk=shift.pk).update(cut_off=timezone.now() - timedelta(minutes=1))
    with pytest.raises(ValidationError, match="截止"):
        actions.withdraw(sign_up=signed, by=None)
    with pytest.raises(ValidationError, match="截止"):
        actions.sign_up(shift=shift, volunteer=a_volunteer(village), by=None)
    assert states(shift) == ["signed"]


def test_a_draft_takes_nobody(village, official, volunteer):
    draft = an_activity(village, by=official, published=False)
    with pytest.raises(ValidationError):
        actions.sign_up(shift=draft.shifts.get(), volunteer=volunteer, by=None)


def test_some_activities_are_for_adults(village, official):
    activity = an_activity(village, by=official, adults_only=True)
    minor = a_volunteer(village, birth_date=date(timezone.localdate().year - 15, 6, 1))
    with pytest.raises(ValidationError, match="成年人"):
        actions.sign_up(shift=activity.shifts.get(), volunteer=minor, by=None)


def test_a_risky_activity_is_insured(village, official):
    with pytest.raises(ValidationError) as error:
        an_activity(village, by=official, risky=True)
    assert set(error.value.message_dict) == {"insurance"}
    risky = an_activity(village, by=official, risky=True, insurance="平安意外险 PA-2026-01")
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=risky.pk).update(insurance="")


def test_more_slots_go_to_those_who_wait_and_fewer_than_taken_are_refused(village, single, official):
    for _number in range(3):
        actions.sign_up(shift=single, volunteer=a_volunteer(village), by=None)
    actions.change_shift(shift=single, slots=2, by=official)
    assert states(single) == ["signed", "signed", "waiting"]
    with pytest.raises(ValidationError) as error:
        actions.change_shift(shift=single, slots=1, by=official)
    assert set(error.value.message_dict) == {"slots"}
    with pytest.raises(DatabaseError), transaction.atomic():
        Shift.objects.filter(pk=single.pk).update(slots=1)


def test_seats_close_up_when_there_are_fewer_slots(village, shift, official):
    sign_ups = [actions.sign_up(shift=shift, volunteer=a_volunteer(village), by=None) for _ in range(4)]
    for sign_up in sign_ups[:2]:
        actions.withdraw(sign_up=sign_up, by=None)
    actions.change_shift(shift=shift, slots=2, by=official)
    assert set(shift.sign_ups.seated().values_list("seat", flat=True)) == {1, 2}


def test_the_time_stays_once_somebody_signed_up(volunteer, shift, official):
    actions.change_shift(shift=shift, starts_at=shift.starts_at + timedelta(minutes=30), by=official)
    actions.sign_up(shift=shift, volunteer=volunteer, by=None)
    with pytest.raises(ValidationError):
        actions.change_shift(shift=shift, ends_at=shift.ends_at + timedelta(hours=1), by=official)
    with pytest.raises(DatabaseError), transaction.atomic():
        Shift.objects.filter(pk=shift.pk).update(ends_at=shift.ends_at + timedelta(hours=1))


def test_calling_off_frees_everybody_and_tells_them(
    village, shift, activity, official, mailoutbox, django_capture_on_commit_callbacks
):
    volunteer = a_volunteer(village, user=User.objects.create_user("v", "v@example.org"))
    actions.sign_up(shift=shift, volunteer=volunteer, by=None)
    with django_capture_on_commit_callbacks(execute=True):
        actions.cancel_activity(activity=activity, why="暴雨", by=official)
    assert states(shift) == ["withdrawn"]
    assert "暴雨" in mailoutbox[0].body
    activity.refresh_from_db()
    assert activity.state == "cancelled"
    with pytest.raises(ValidationError):
        actions.cancel_activity(activity=activity, why="又一次", by=official)
    with pytest.raises(ValidationError):
        actions.sign_up(shift=shift, volunteer=volunteer, by=None)


def test_checking_in_twice_changes_nothing_and_without_a_slot_it_is_refused(village, single, volunteer):
    signed = actions.sign_up(shift=single, volunteer=volunteer, by=None)
    waiting = actions.sign_up(shift=single, volunteer=a_volunteer(village), by=None)
    first = actions.check_in(sign_up=signed, way="account", by=None)
    again = actions.check_in(sign_up=signed, way="list", by=None)
    assert (again.checked_in_at, again.checked_in_by) == (first.checked_in_at, "account")
    with pytest.raises(ValidationError):
        actions.check_in(sign_up=waiting, way="list", by=None)


def test_nothing_is_published_without_a_shift_to_come(village, official):
    draft = an_activity(village, by=official, published=False, shifts=0)
    with pytest.raises(ValidationError):
        actions.publish_activity(activity=draft, by=official)
    a_shift(draft, by=official, starts_at=at(9, days=-3))
    with pytest.raises(ValidationError):
        actions.publish_activity(activity=draft, by=official)


def test_a_shift_ends_after_it_starts_and_takes_a_day_at_the_most(activity, official):
    for hours, field in ((0, "ends_at"), (25, "ends_at")):
        with pytest.raises(ValidationError) as error:
            a_shift(activity, by=official, starts_at=at(9, days=5), hours=hours)
        assert set(error.value.message_dict) == {field}
