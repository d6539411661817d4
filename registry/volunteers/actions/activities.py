"""Calling for volunteers: activities and their shifts, from draft to published, or called off."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from registry.volunteers import indexing, notices
from registry.volunteers.actions.signups import locked_shift, promote
from registry.volunteers.choices import ActivityState, SignUpState
from registry.volunteers.models import Activity, Shift, SignUp
from registry.volunteers.numbers import clean_phone

_KEPT_WITH_HOURS = ("kind", "organization", "place")
"""What says who recorded the hours and what they count as: unchangeable once there are any."""


@transaction.atomic
def create_activity(*, by: Any, skills: Iterable[str] = (), **particulars: Any) -> Activity:
    """Draft an activity. Raises ValidationError by field."""
    activity = Activity(**particulars)
    _check(activity)
    activity.save()
    activity.skills.set(list(skills))
    indexing.activity_changed(activity)
    audit.record(by=by, action="volunteers.create_activity", subject=activity, place=activity.place)
    return activity


@transaction.atomic
def change_activity(*, activity: Activity, by: Any, skills: Iterable[str] | None = None, **changes: Any) -> Activity:
    """Change an activity that was not called off. Raises ValidationError by field."""
    stored = Activity.objects.select_for_update(no_key=True, of=("self",)).get(pk=activity.pk)
    if stored.state == ActivityState.CANCELLED:
        raise ValidationError(_("活动已经取消，不能再改。"))
    changed = sorted(field for field, value in changes.items() if getattr(stored, field) != value)
    fixed = [field for field in _KEPT_WITH_HOURS if field in changed]
    if fixed and stored.hour_lines.exists():
        raise ValidationError({field: _("已经记录了时长，这一项不能再改。") for field in fixed})
    for field in changed:
        setattr(stored, field, changes[field])
    _check(stored)
    stored.save()
    if skills is not None:
        stored.skills.set(list(skills))
    indexing.activity_changed(stored)
    audit.record(by=by, action="volunteers.change_activity", subject=stored, place=stored.place, changed=changed)
    return stored


@transaction.atomic
def publish_activity(*, activity: Activity, by: Any) -> Activity:
    """Show an activity to residents. Raises ValidationError unless it is a draft with a shift to come."""
    stored = Activity.objects.select_for_update(no_key=True, of=("self",)).get(pk=activity.pk)
    if stored.state != ActivityState.DRAFT:
        raise ValidationError(_("只有草稿可以发布。"))
    _check_organizer(stored)
    if not stored.shifts.standing().filter(ends_at__gt=timezone.now()).exists():
        raise ValidationError(_("请先安排至少一个还没有结束的场次。"))
    stored.state, stored.published_at, stored.published_by = ActivityState.PUBLISHED, timezone.now(), by
    stored.save(update_fields=["state", "published_at", "published_by"])
    indexing.activity_changed(stored)
    audit.record(by=by, action="volunteers.publish_activity", subject=stored, place=stored.place)
    return stored


@transaction.atomic
def cancel_activity(*, activity: Activity, why: str, by: Any) -> Activity:
    """Call an activity off with all shifts that have not begun, and tell those who signed up.

    Raises ValidationError without a reason, or when it was called off before.
    """
    if not why.strip():
        raise ValidationError({"why": _("请写明取消的原因。")})
    stored = Activity.objects.select_for_update(no_key=True, of=("self",)).get(pk=activity.pk)
    if stored.state == ActivityState.CANCELLED:
        raise ValidationError(_("活动已经取消。"))
    for shift in stored.shifts.standing().filter(starts_at__gt=timezone.now()).order_by("pk"):
        _call_off(locked_shift(shift), why.strip())
    stored.state, stored.cancelled_why = ActivityState.CANCELLED, why.strip()
    stored.cancelled_at, stored.cancelled_by = timezone.now(), by
    stored.save(update_fields=["state", "cancelled_at", "cancelled_by", "cancelled_why"])
    indexing.activity_changed(stored)
    audit.record(by=by, action="volunteers.cancel_activity", subject=stored, place=stored.place, why=why.strip())
    return stored


@transaction.atomic
def open_shift(
    *,
    activity: Activity,
    starts_at: datetime,
    ends_at: datetime,
    slots: int,
    by: Any,
    cut_off: datetime | None = None,
) -> Shift:
    """Add a shift; without a cut-off people may sign up until it starts. Raises ValidationError by field."""
    if activity.state == ActivityState.CANCELLED:
        raise ValidationError(_("活动已经取消，不能再加场次。"))
    _check_organizer(activity)
    shift = Shift(activity=activity, starts_at=starts_at, ends_at=ends_at, slots=slots, cut_off=cut_off or starts_at)
    _check_shift(shift)
    shift.save()
    indexing.activity_changed(shift.activity)
    audit.record(by=by, action="volunteers.open_shift", subject=shift, place=activity.place, slots=slots)
    return shift


@transaction.atomic
def change_shift(*, shift: Shift, by: Any, **changes: Any) -> Shift:
    """Change slots, cut-off, or, while nobody has signed up, the time. More slots go to those who wait.

    Raises ValidationError by field.
    """
    stored = locked_shift(shift)
    if stored.cancelled_at is not None:
        raise ValidationError(_("这一场已经取消，不能再改。"))
    changed = sorted(field for field, value in changes.items() if getattr(stored, field) != value)
    if {"starts_at", "ends_at"} & set(changed) and _is_taken_up(stored):
        raise ValidationError({"starts_at": _("已经有人报名，时间不能再改。请取消这一场，另开一场。")})
    for field in changed:
        setattr(stored, field, changes[field])
    _check_shift(stored)
    if "slots" in changed:
        _close_up(stored)
    stored.save(update_fields=changed)
    promote(stored)
    indexing.activity_changed(stored.activity)
    audit.record(by=by, action="volunteers.change_shift", subject=stored, place=stored.activity.place, changed=changed)
    return stored


@transaction.atomic
def cancel_shift(*, shift: Shift, why: str, by: Any) -> Shift:
    """Call a shift off before it ends, and tell those who signed up. Raises ValidationError."""
    if not why.strip():
        raise ValidationError({"why": _("请写明取消的原因。")})
    stored = locked_shift(shift)
    if stored.cancelled_at is not None:
        raise ValidationError(_("这一场已经取消。"))
    if stored.is_over:
        raise ValidationError(_("这一场已经结束，不能取消。"))
    _call_off(stored, why.strip())
    indexing.activity_changed(stored.activity)
    audit.record(by=by, action="volunteers.cancel_shift", subject=stored, place=stored.activity.place, why=why.strip())
    return stored


def _call_off(shift: Shift, why: str) -> None:
    """Everybody who signed up or waits is free again, and told."""
    now = timezone.now()
    going = shift.sign_ups.filter(state__in=(SignUpState.SIGNED, SignUpState.WAITING)).order_by("volunteer_id")
    for sign_up in going.select_related("volunteer__user"):
        notices.shift_cancelled(sign_up, why)
    going.update(state=SignUpState.WITHDRAWN, seat=None, withdrawn_at=now)
    shift.cancelled_at, shift.cancelled_why = now, why
    shift.save(update_fields=["cancelled_at", "cancelled_why"])


def _is_taken_up(shift: Shift) -> bool:
    return shift.sign_ups.exclude(state=SignUpState.WITHDRAWN).exists() or shift.hour_lines.exists()


def _close_up(shift: Shift) -> None:
    """Number the seats anew when some stand above the slots. Raises ValidationError when there are too many."""
    seated = list(SignUp.objects.seated().filter(shift=shift).order_by("seat"))
    if len(seated) > shift.slots:
        raise ValidationError({"slots": _("已经有 %(taken)d 人报名，名额不能更少。") % {"taken": len(seated)}})
    # Each moves to a number that is free by then: none moves up.
    for seat, sign_up in enumerate(seated, start=1):
        if sign_up.seat != seat:
            SignUp.objects.filter(pk=sign_up.pk).update(seat=seat)


def _check_organizer(activity: Activity) -> None:
    """Who is no longer registered calls nobody together; what has been is still recorded and corrected."""
    if activity.organization is not None and not activity.organization.is_registered:
        raise ValidationError({"organization": _("这个组织现在不在册，不能举办活动。")})


def _check(activity: Activity) -> None:
    errors: dict[str, Any] = {}
    try:
        _check_organizer(activity)
    except ValidationError as error:
        errors |= error.error_dict
    if activity.risky and not activity.insurance.strip():
        errors["insurance"] = _("有人身危险的活动，要写明保险。")
    if activity.team is not None and activity.team.organization_id != activity.organization_id:
        errors["team"] = _("承办队伍不属于主办组织。")
    try:
        activity.contact_phone = clean_phone(activity.contact_phone)
    except ValidationError as error:
        errors["contact_phone"] = error
    if errors:
        raise ValidationError(errors)
    activity.full_clean(exclude=["published_by", "cancelled_by"])


def _check_shift(shift: Shift) -> None:
    if shift.ends_at <= shift.starts_at:
        raise ValidationError({"ends_at": _("结束时间要晚于开始时间。")})
    if (shift.ends_at - shift.starts_at).total_seconds() > 24 * 3600:
        raise ValidationError({"ends_at": _("一场最长 24 小时，更长的请分成几场。")})
    if shift.cut_off > shift.ends_at:
        raise ValidationError({"cut_off": _("报名截止不能晚于结束时间。")})
    shift.full_clean(exclude=["activity"])
