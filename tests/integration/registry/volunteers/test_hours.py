"""The ledger of hours: what may be written, what is said to it, and that nothing is ever changed."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from registry.volunteers import actions
from registry.volunteers.models import Decision, HourLine, Shift, VolunteerRules
from registry.volunteers.reports import totals_of

from .factories import a_shift, a_volunteer, an_activity, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def give(volunteer, activity, official):
    """`give(days ago, from hour, half hours)`: a line of the volunteer."""

    def _give(days: int, hour: int, halves: int, **others) -> HourLine:
        starts_at = at(hour, days=-days)
        ends_at = starts_at + timedelta(minutes=30 * halves)
        known = {"volunteer": volunteer, "activity": activity, "by": official, "halves": halves}
        return actions.record_hours(**(known | {"starts_at": starts_at, "ends_at": ends_at} | others))

    return _give


def past(shift: Shift, days: int = 1) -> Shift:
    """Move a shift, its cut-off too, to the past: before anybody signs up, as the database asks."""
    moved = {name: getattr(shift, name) - timedelta(days=days + 1) for name in ("starts_at", "ends_at", "cut_off")}
    Shift.objects.filter(pk=shift.pk).update(**moved)
    return Shift.objects.get(pk=shift.pk)


def seat(shift: Shift, *volunteers) -> list:
    """Signed up before the shift was over."""
    return [
        shift.sign_ups.create(volunteer=volunteer, state="signed", seat=number)
        for number, volunteer in enumerate(volunteers, start=1)
    ]


def test_half_hours_add_up_and_training_counts_for_itself(give, village, official, volunteer):
    give(1, 9, 3)
    training = an_activity(village, by=official, title="急救培训", kind="training")
    give(2, 9, 5, activity=training)
    found = totals_of(volunteer)
    assert (str(found.service_hours), str(found.training_hours), found.stars) == ("1.5", "2.5", 0)


@pytest.mark.parametrize(
    ("halves", "ends_in", "field"), [(0, 2, "halves"), (5, 2, "halves"), (2, 0, "ends_at"), (-2, 2, "halves")]
)
def test_what_cannot_be_is_refused(give, halves, ends_in, field):
    starts_at = at(9, days=-1)
    with pytest.raises(ValidationError) as error:
        give(1, 9, halves, ends_at=starts_at + timedelta(hours=ends_in))
    assert set(error.value.message_dict) == {field}
    assert not HourLine.objects.exists()


def test_no_hours_in_the_future(give, volunteer):
    now = timezone.now()
    with pytest.raises(ValidationError) as error:
        give(0, 0, 2, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(minutes=1))
    assert set(error.value.message_dict) == {"ends_at"}


def test_nobody_serves_at_two_places_at_once(give):
    give(1, 9, 4)
    with pytest.raises(ValidationError, match="不能同时"):
        give(1, 10, 4)
    assert give(1, 11, 2).halves == 2


def test_the_cap_of_a_day_is_the_countys(give, county):
    give(1, 0, 12)
    with pytest.raises(ValidationError, match="每日上限"):
        give(1, 8, 5)
    give(1, 8, 4)
    VolunteerRules.objects.create(place=county, daily_cap=20)
    assert give(1, 12, 4).daily_cap == 20


def test_the_database_itself_refuses_what_the_actions_refuse(give, volunteer, official):
    line = give(1, 9, 4)

    def write(**changes):
        fields = {
            field.attname: getattr(line, field.attname)
            for field in HourLine._meta.concrete_fields
            if field.name != "id"
        }
        return HourLine(**(fields | changes))

    elsewhere = {"starts_at": at(13, days=-1), "ends_at": at(15, days=-1)}
    for bad, message in (
        (write(), "at once"),
        (write(**elsewhere, halves=4, daily_cap=7), "cap"),
        (write(**elsewhere, halves=5), "room"),
        (write(**elsewhere, recorded_at=at(14, days=-1)), "future"),
        (write(halves=-3, reverses_id=line.pk, note="错"), "mirror"),
        (write(halves=-4, reverses_id=line.pk, note="错", kind="training"), "mirror"),
        (write(halves=-4, reverses_id=line.pk, note=""), "why"),
        (write(**elsewhere, halves=-4, note="错"), "reversal"),
    ):
        with pytest.raises(IntegrityError, match=message), transaction.atomic():
            HourLine.objects.bulk_create([bad])
    assert volunteer.hour_lines.count() == 1


def test_no_line_and_no_decision_is_ever_changed_or_deleted(give, official):
    line = give(1, 9, 4)
    actions.confirm_hours(line=line, by=official)
    line.halves = 8
    statements = (
        "UPDATE volunteers_hourline SET halves = 8",
        "UPDATE volunteers_hourline SET volunteer_id = volunteer_id",
        "DELETE FROM volunteers_decision",
        "DELETE FROM volunteers_hourline",
    )
    attempts = [
        line.save,
        lambda: HourLine.objects.filter(pk=line.pk)._raw_delete("default"),
        lambda: HourLine.objects.update(halves=8),
        lambda: Decision.objects.update(verdict="objected"),
        *(lambda sql=sql: connection.cursor().execute(sql) for sql in statements),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            attempt()
    assert HourLine.objects.get().halves == 4


def test_an_objection_is_settled_by_a_reversal_that_names_the_line(give, official, volunteer):
    line = give(1, 9, 4)
    with pytest.raises(ValidationError):
        actions.object_to_hours(line=line, reason="", by=volunteer.user)
    actions.object_to_hours(line=line, reason="我干到了中午，应该是 3 小时", by=volunteer.user)
    assert list(HourLine.objects.disputed()) == [line]
    assert not volunteer.hour_lines.certifiable().exists()
    with pytest.raises(ValidationError):
        actions.correct_hours(line=line, halves=4, reason="一样", by=official)
    corrected = actions.correct_hours(line=line, halves=3, reason="签到表是 1.5 小时", by=official)
    assert corrected is not None
    assert corrected.halves == 3
    assert line.reversed_by.halves == -4
    assert line.reversed_by.note == "签到表是 1.5 小时"
    assert volunteer.hour_lines.total() == 3
    assert list(volunteer.hour_lines.standing()) == [corrected]
    assert not HourLine.objects.disputed().exists()
    assert [decision.verdict for decision in line.decisions.all()] == ["objected", "corrected"]
    with pytest.raises(ValidationError, match="冲销"):
        actions.correct_hours(line=line, halves=2, reason="再来", by=official)
    assert actions.correct_hours(line=corrected, halves=0, reason="未到场", by=official) is None
    assert volunteer.hour_lines.total() == 0


def test_an_objection_may_be_turned_down_or_taken_back(give, official, volunteer):
    upheld, retracted = give(1, 9, 2), give(2, 9, 2)
    for line in (upheld, retracted):
        actions.object_to_hours(line=line, reason="不对", by=None)
    actions.uphold_hours(line=upheld, reason="与签到一致", by=official)
    actions.retract_objection(line=retracted, by=None)
    assert volunteer.hour_lines.certifiable().count() == 2
    for line in (upheld, retracted):
        with pytest.raises(ValidationError):
            actions.uphold_hours(line=line, reason="再次", by=official)
        with pytest.raises(ValidationError):
            actions.confirm_hours(line=line, by=None)


def test_there_is_no_ruling_without_an_objection_in_the_database_either(give, official):
    line = give(1, 9, 2)
    with pytest.raises(ValidationError):
        actions.uphold_hours(line=line, reason="x", by=official)
    with pytest.raises(IntegrityError, match="without an objection"), transaction.atomic():
        Decision.objects.create(line=line, verdict="upheld", reason="x", by=official)


def test_a_whole_shift_is_recorded_at_once(village, shift, official):
    shift = past(shift)
    came, absent, third = seat(shift, *(a_volunteer(village) for _ in range(3)))
    lines = actions.record_shift(shift=shift, halves={came.pk: 4, absent.pk: 0, third.pk: 3}, by=official)
    assert sorted(line.halves for line in lines) == [3, 4]
    states = dict(shift.sign_ups.values_list("pk", "state"))
    assert states == {came.pk: "attended", absent.pk: "absent", third.pk: "attended"}
    again = actions.record_shift(shift=shift, halves={came.pk: 2, third.pk: 3}, by=official)
    assert again == []
    assert shift.hour_lines.total() == 7


def test_one_wrong_row_leaves_the_whole_sheet_unrecorded(village, shift, official):
    shift = past(shift)
    good, bad = seat(shift, a_volunteer(village), a_volunteer(village, name="赵多"))
    with pytest.raises(ValidationError) as error:
        actions.record_shift(shift=shift, halves={good.pk: 4, bad.pk: 9}, by=official)
    assert len(error.value.messages) == 1
    assert "赵多" in error.value.messages[0]
    assert not HourLine.objects.exists()
    good.refresh_from_db()
    assert good.state == "signed"


def test_a_shift_that_is_not_over_is_not_recorded(shift, volunteer, official):
    (signed,) = seat(shift, volunteer)
    with pytest.raises(ValidationError, match="没有结束"):
        actions.record_shift(shift=shift, halves={signed.pk: 2}, by=official)


def test_sign_ups_of_another_shift_do_not_get_on_the_sheet(village, activity, shift, volunteer, official):
    other = past(a_shift(activity, by=official, starts_at=at(14, days=1)))
    shift = past(shift)
    (stranger,) = seat(other, volunteer)
    with pytest.raises(ValidationError, match="名单"):
        actions.record_shift(shift=shift, halves={stranger.pk: 2}, by=official)


def test_what_says_who_certifies_stays_once_there_are_hours(give, activity, official, sibling):
    give(1, 9, 2)
    for field, value in (("kind", "training"), ("place", sibling)):
        with pytest.raises(ValidationError) as error:
            actions.change_activity(activity=activity, by=official, **{field: value})
        assert set(error.value.message_dict) == {field}
    assert actions.change_activity(activity=activity, by=official, title="巡河").title == "巡河"
