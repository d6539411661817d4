"""The ledger of hours: recorded by who organized, confirmed or objected to by who served, corrected by new lines."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from registry.volunteers import notices
from registry.volunteers.actions.signups import lock_volunteers, locked_shift
from registry.volunteers.choices import ANSWERS, RULINGS, SEATED, CheckInWay, SignUpState, Verdict
from registry.volunteers.halves import hours, room
from registry.volunteers.models import Activity, Decision, HourLine, Shift, SignUp, Volunteer, VolunteerRules


@transaction.atomic
def record_hours(
    *,
    volunteer: Volunteer,
    activity: Activity,
    starts_at: datetime,
    ends_at: datetime,
    halves: int,
    by: Any,
    shift: Shift | None = None,
    note: str = "",
) -> HourLine:
    """Write down what somebody gave from one moment to another, in half hours.

    Raises ValidationError for time that is not over or has no room for as much, at which the volunteer was elsewhere,
    or beyond the cap of the day.
    """
    lock_volunteers([volunteer.pk])
    line = new_line(volunteer, activity, shift, starts_at, ends_at, halves, by, note)
    _check(line)
    line.save(force_insert=True)
    notices.recorded([line])
    audit.record(by=by, action="volunteers.record_hours", subject=line, place=activity.place, hours=hours(halves))
    return line


@transaction.atomic
def record_shift(*, shift: Shift, halves: Mapping[int, int], by: Any) -> list[HourLine]:
    """Close the attendance sheet of a shift that is over: for each sign-up, by its key, the half hours given.

    0 says that somebody did not come. All or nothing; who has a standing line for the shift is left as they are.
    Raises ValidationError with a list of what is wrong, each with the name.
    """
    stored = locked_shift(shift)
    if not stored.is_over:
        raise ValidationError(_("这一场还没有结束，不能记时长。"))
    sheet = SignUp.objects.filter(shift=stored, pk__in=halves, state__in=SEATED).select_related("volunteer__user")
    sign_ups = list(sheet.order_by("volunteer_id"))
    if len(sign_ups) != len(halves):
        raise ValidationError(_("名单与报名不符，请刷新后再试。"))
    lock_volunteers(sign_up.volunteer_id for sign_up in sign_ups)
    recorded = set(stored.hour_lines.standing().values_list("volunteer_id", flat=True))
    lines, errors = [], []
    for sign_up in sign_ups:
        if sign_up.volunteer_id in recorded:
            continue
        try:
            lines += _close(sign_up, stored, halves[sign_up.pk], by)
        except ValidationError as error:
            errors += [f"{sign_up.volunteer.name}：{message}" for message in error.messages]
    if errors:
        raise ValidationError(errors)
    notices.recorded(lines)
    audit.record(
        by=by,
        action="volunteers.record_shift",
        subject=stored,
        place=stored.activity.place,
        lines=len(lines),
        hours=hours(sum(line.halves for line in lines)),
    )
    return lines


@transaction.atomic
def confirm_hours(*, line: HourLine, by: Any) -> Decision:
    """The volunteer says that a line is right. Raises ValidationError when there was an answer before."""
    return _answer(line, Verdict.CONFIRMED, "", by)


@transaction.atomic
def object_to_hours(*, line: HourLine, reason: str, by: Any) -> Decision:
    """The volunteer says that a line is wrong, and why. Raises ValidationError."""
    decision = _answer(line, Verdict.OBJECTED, reason, by)
    notices.objected(decision)
    return decision


@transaction.atomic
def retract_objection(*, line: HourLine, by: Any) -> Decision:
    """The volunteer takes an objection back; the line stands. Raises ValidationError unless one is open."""
    return _rule(line, Verdict.RETRACTED, "", by)


@transaction.atomic
def uphold_hours(*, line: HourLine, reason: str, by: Any) -> Decision:
    """Who keeps the record has checked an objection: the line is right. Raises ValidationError."""
    _refuse_own(line, by)
    decision = _rule(line, Verdict.UPHELD, reason, by)
    notices.ruled(decision.line, decision.line.halves, decision.reason)
    return decision


def rule_on_hours(*, line: HourLine, halves: int, reason: str, by: Any) -> Decision | HourLine | None:
    """Keep a line when checking it brought what it says, else correct it. Raises ValidationError by field."""
    if halves == line.halves:
        return uphold_hours(line=line, reason=reason, by=by)
    return correct_hours(line=line, halves=halves, reason=reason, by=by)


@transaction.atomic
def correct_hours(*, line: HourLine, halves: int, reason: str, by: Any) -> HourLine | None:
    """Reverse a line and, unless `halves` is 0, write what is right; an open objection is settled by it.

    Returns the new line. Raises ValidationError without a reason, or for a line that no longer stands.
    """
    reason = _stated(reason)
    _refuse_own(line, by)
    lock_volunteers([line.volunteer_id])
    stored = _standing(line)
    if halves == stored.halves:
        raise ValidationError({"halves": _("和原来的时长一样，不用更正。")})
    _reversal(stored, reason, by).save(force_insert=True)
    corrected = None
    if halves:
        corrected = new_line(
            stored.volunteer, stored.activity, stored.shift, stored.starts_at, stored.ends_at, halves, by, reason
        )
        _check(corrected)
        corrected.save(force_insert=True)
    if HourLine.objects.disputed().filter(pk=stored.pk).exists():
        Decision.objects.create(line=stored, verdict=Verdict.CORRECTED, reason=reason, by=by)
    notices.ruled(stored, halves, reason)
    audit.record(
        by=by,
        action="volunteers.correct_hours",
        subject=stored,
        place=stored.activity.place,
        was=hours(stored.halves),
        now=hours(halves),
        why=reason,
    )
    return corrected


def _close(sign_up: SignUp, shift: Shift, halves: int, by: Any) -> list[HourLine]:
    """Attended with hours, or absent without."""
    if not halves:
        SignUp.objects.filter(pk=sign_up.pk).update(state=SignUpState.ABSENT, checked_in_at=None, checked_in_by="")
        return []
    line = new_line(sign_up.volunteer, shift.activity, shift, shift.starts_at, shift.ends_at, halves, by, "")
    _check(line)
    line.save(force_insert=True)
    if sign_up.state != SignUpState.ATTENDED:
        SignUp.objects.filter(pk=sign_up.pk).update(
            state=SignUpState.ATTENDED, checked_in_at=timezone.now(), checked_in_by=CheckInWay.LIST
        )
    return [line]


def new_line(
    volunteer: Volunteer,
    activity: Activity,
    shift: Shift | None,
    starts_at: datetime,
    ends_at: datetime,
    halves: int,
    by: Any,
    note: str,
    daily_cap: int | None = None,
) -> HourLine:
    """A line as it would be recorded now, unsaved and unchecked; the cap is looked up where it is not given."""
    return HourLine(
        volunteer=volunteer,
        activity=activity,
        shift=shift,
        kind=activity.kind,
        date=timezone.localdate(starts_at),
        starts_at=starts_at,
        ends_at=ends_at,
        halves=halves,
        daily_cap=daily_cap or VolunteerRules.of(activity.place).daily_cap,
        recorded_at=timezone.now(),
        recorded_by=by,
        note=note,
    )


def _reversal(line: HourLine, reason: str, by: Any) -> HourLine:
    return HourLine(
        volunteer_id=line.volunteer_id,
        activity_id=line.activity_id,
        shift_id=line.shift_id,
        kind=line.kind,
        date=line.date,
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        halves=-line.halves,
        daily_cap=line.daily_cap,
        recorded_at=timezone.now(),
        recorded_by=by,
        reverses=line,
        note=reason,
    )


def _check(line: HourLine) -> None:
    """Say in words what the database would refuse; the volunteer is locked, so that it stays true until the insert."""
    overlap = Q(starts_at__lt=line.ends_at, ends_at__gt=line.starts_at)
    other = line.volunteer.hour_lines.standing().filter(overlap).select_related("activity").first()
    given = line.volunteer.hour_lines.filter(date=line.date).total()
    check_line(line, other=other.activity if other else None, given=given)


def check_line(line: HourLine, *, other: object | None, given: int) -> None:
    """Refuse a line that cannot be: `other` is an activity of that time, `given` the half hours of that day.

    Raises ValidationError.
    """
    if line.ends_at <= line.starts_at:
        raise ValidationError({"ends_at": _("结束时间要晚于开始时间。")})
    if line.ends_at > line.recorded_at:
        raise ValidationError({"ends_at": _("还没有结束的服务不能记时长。")})
    if line.halves < 1:
        raise ValidationError({"halves": _("时长至少是半小时。")})
    if line.halves > (most := room(line.starts_at, line.ends_at)):
        raise ValidationError({"halves": _("这段时间最多记 %(most)s 小时。") % {"most": hours(most)}})
    if other is not None:
        raise ValidationError(_("这个时间已经记了“%(other)s”的时长，一人不能同时服务两场。") % {"other": other})
    left = line.daily_cap - given
    if line.halves > left:
        raise ValidationError(
            {
                "halves": _("%(date)s 已到每日上限 %(cap)s 小时：最多还能记 %(left)s 小时。")
                % {"date": line.date, "cap": hours(line.daily_cap), "left": hours(max(left, 0))}
            }
        )


def _answer(line: HourLine, verdict: str, reason: str, by: Any) -> Decision:
    reason = _stated(reason) if verdict == Verdict.OBJECTED else ""
    lock_volunteers([line.volunteer_id])
    stored = _standing(line)
    if stored.decisions.filter(verdict__in=ANSWERS).exists():
        raise ValidationError(_("这一条已经答复过了。"))
    return _decide(stored, verdict, reason, by)


def _rule(line: HourLine, verdict: str, reason: str, by: Any) -> Decision:
    reason = _stated(reason) if verdict == Verdict.UPHELD else ""
    lock_volunteers([line.volunteer_id])
    stored = _standing(line)
    said = set(stored.decisions.values_list("verdict", flat=True))
    if Verdict.OBJECTED not in said or said & set(RULINGS):
        raise ValidationError(_("这一条没有待处理的异议。"))
    return _decide(stored, verdict, reason, by)


def _refuse_own(line: HourLine, by: Any) -> None:
    """Nobody is the judge of their own hours."""
    if by is not None and line.volunteer.user_id == by.pk:
        raise ValidationError(_("这是您自己的时长，请由别人核实。"))


def _decide(line: HourLine, verdict: str, reason: str, by: Any) -> Decision:
    decision = Decision.objects.create(line=line, verdict=verdict, reason=reason, by=by)
    audit.record(by=by, action=f"volunteers.hours_{verdict}", subject=line, place=line.activity.place, why=reason)
    return decision


def _standing(line: HourLine) -> HourLine:
    """The line as it is now. Raises ValidationError when it is a reversal or was reversed."""
    found: HourLine | None = (
        HourLine.objects.standing()
        .select_related("activity__place", "volunteer__user", "shift")
        .filter(pk=line.pk)
        .first()
    )
    if found is None:
        raise ValidationError(_("这一条已经冲销，不再有效。"))
    return found


def _stated(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    return reason.strip()
