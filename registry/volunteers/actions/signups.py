"""Signing up and withdrawing, the waiting list, and checking in.

Whoever writes about a shift takes its lock first, then those of the volunteers concerned, in the order of their keys:
two writers wait for each other, and never in a circle.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from registry.volunteers import notices
from registry.volunteers.choices import SEATED, ActivityState, CheckInWay, SignUpState
from registry.volunteers.models import Shift, SignUp, Volunteer
from registry.volunteers.numbers import clean_phone


@transaction.atomic
def sign_up(*, shift: Shift, volunteer: Volunteer, by: Any) -> SignUp:
    """Take a slot, or a place in the queue when none is left.

    Raises ValidationError after the cut-off, for somebody who has signed up already, who has another shift at that
    time, or who is too young.
    """
    stored = locked_shift(shift)
    lock_volunteers([volunteer.pk])
    _check_open(stored)
    found = SignUp.objects.filter(shift=stored, volunteer=volunteer).first()
    if found is not None and found.state != SignUpState.WITHDRAWN:
        raise ValidationError(_("您已经报过名了。"))
    _check_fit(volunteer, stored)
    made = found or SignUp(shift=stored, volunteer=volunteer)
    seat = free_seat(stored)
    made.state = SignUpState.SIGNED if seat else SignUpState.WAITING
    made.seat, made.queued_at, made.withdrawn_at, made.promoted_at = seat, timezone.now(), None, None
    made.save()
    audit.record(by=by, action="volunteers.sign_up", subject=made, place=stored.activity.place, state=made.state)
    return made


@transaction.atomic
def enrol(*, shift: Shift, name: str, phone: str, by: Any) -> SignUp:
    """The organizer gives a volunteer a slot, also after the cut-off: somebody who came, or who asked for it.

    Who it is has to be known whole, by name and phone number. Raises ValidationError when no volunteer, or more than
    one, is called so, when no slot is left, and for all that keeps somebody from signing up but the cut-off.
    """
    volunteer = _known(name, phone)
    stored = locked_shift(shift)
    lock_volunteers([volunteer.pk])
    if stored.cancelled_at is not None:
        raise ValidationError(_("这一场已经取消。"))
    if stored.activity.state != ActivityState.PUBLISHED:
        raise ValidationError(_("活动还没有发布，或者已经取消。"))
    found = SignUp.objects.filter(shift=stored, volunteer=volunteer).first()
    if found is not None and found.state in SEATED:
        raise ValidationError({"name": _("这个人已经在名单上。")})
    _check_fit(volunteer, stored)
    seat = free_seat(stored)
    if seat is None:
        raise ValidationError(_("名额已满，请先把名额改多。"))
    made = found or SignUp(shift=stored, volunteer=volunteer)
    made.state, made.seat, made.queued_at = SignUpState.SIGNED, seat, timezone.now()
    made.withdrawn_at = made.promoted_at = None
    made.save()
    audit.record(by=by, action="volunteers.enrol", subject=made, place=stored.activity.place)
    return made


@transaction.atomic
def withdraw(*, sign_up: SignUp, by: Any) -> SignUp:
    """Give a slot, or a place in the queue, back before the cut-off; the first who waits and can come gets the slot.

    Raises ValidationError after the cut-off, or when there is nothing to give back.
    """
    shift = locked_shift(sign_up.shift)
    waiting = shift.sign_ups.queue().values_list("volunteer_id", flat=True)
    lock_volunteers([sign_up.volunteer_id, *waiting])
    stored = SignUp.objects.select_related("volunteer").get(pk=sign_up.pk)
    if stored.state not in (SignUpState.SIGNED, SignUpState.WAITING):
        raise ValidationError(_("没有可以退出的报名。"))
    _check_open(shift)
    stored.state, stored.seat, stored.withdrawn_at = SignUpState.WITHDRAWN, None, timezone.now()
    stored.save(update_fields=["state", "seat", "withdrawn_at"])
    audit.record(by=by, action="volunteers.withdraw", subject=stored, place=shift.activity.place)
    promote(shift)
    return stored


@transaction.atomic
def check_in(*, sign_up: SignUp, way: str, by: Any) -> SignUp:
    """Note that somebody is there. Doing it again changes nothing. Raises ValidationError without a slot."""
    shift = locked_shift(sign_up.shift)
    lock_volunteers([sign_up.volunteer_id])
    stored = SignUp.objects.select_related("volunteer").get(pk=sign_up.pk)
    if stored.state == SignUpState.ATTENDED:
        return stored
    if stored.state not in SEATED or shift.cancelled_at is not None:
        raise ValidationError(_("没有这一场的报名，不能签到。"))
    stored.state, stored.checked_in_at, stored.checked_in_by = SignUpState.ATTENDED, timezone.now(), CheckInWay(way)
    stored.save(update_fields=["state", "checked_in_at", "checked_in_by"])
    audit.record(by=by, action="volunteers.check_in", subject=stored, place=shift.activity.place, way=way)
    return stored


def promote(shift: Shift) -> list[SignUp]:
    """Give free slots of a locked shift to those who wait, in their order; who has another shift by then is passed
    over and keeps waiting.
    """
    if not shift.takes_sign_ups:
        return []
    queue = list(shift.sign_ups.queue().select_related("volunteer__user"))
    lock_volunteers(waiting.volunteer_id for waiting in queue)
    promoted = []
    for waiting in queue:
        seat = free_seat(shift)
        if seat is None:
            break
        if clashing(waiting.volunteer, shift) is not None:
            continue
        waiting.state, waiting.seat, waiting.promoted_at = SignUpState.SIGNED, seat, timezone.now()
        waiting.save(update_fields=["state", "seat", "promoted_at"])
        audit.record(by=None, action="volunteers.promote", subject=waiting, place=shift.activity.place)
        notices.promoted(waiting)
        promoted.append(waiting)
    return promoted


def locked_shift(shift: Shift) -> Shift:
    """The shift as it is now, held until the transaction ends."""
    locked: Shift = (
        Shift.objects.select_for_update(no_key=True, of=("self",)).select_related("activity__place").get(pk=shift.pk)
    )
    return locked


def lock_volunteers(pks: Iterable[int]) -> None:
    """Hold volunteers until the transaction ends, always in the same order."""
    list(Volunteer.objects.select_for_update(no_key=True).filter(pk__in=set(pks)).order_by("pk").values_list("pk"))


def free_seat(shift: Shift) -> int | None:
    """The lowest seat that nobody has; None when all slots are taken."""
    taken = set(shift.sign_ups.seated().values_list("seat", flat=True))
    return next((seat for seat in range(1, shift.slots + 1) if seat not in taken), None)


def clashing(volunteer: Volunteer, shift: Shift) -> Shift | None:
    """Another shift at that time for which the volunteer has a slot."""
    has_slot = (SignUpState.SIGNED, SignUpState.ATTENDED)
    others = Shift.objects.overlapping(shift.starts_at, shift.ends_at).exclude(pk=shift.pk)
    others = others.filter(sign_ups__volunteer=volunteer, sign_ups__state__in=has_slot)
    found: Shift | None = others.select_related("activity").first()
    return found


def _known(name: str, phone: str) -> Volunteer:
    """The volunteer of that name and number. Phones are encrypted: those of the namesakes are read one by one."""
    number = clean_phone(phone)
    found = [one for one in Volunteer.objects.filter(name=name.strip()) if one.phone == number]
    if len(found) != 1:
        raise ValidationError({"name": _("没有找到姓名和电话都对得上的志愿者，请核对。")})
    return found[0]


def _check_fit(volunteer: Volunteer, shift: Shift) -> None:
    if shift.activity.adults_only and volunteer.of_age_on > timezone.localdate(shift.starts_at):
        raise ValidationError(_("这个活动只限成年人参加。"))
    if (clash := clashing(volunteer, shift)) is not None:
        raise ValidationError(_("这个时间已经报名参加“%(other)s”，不能同时参加两场。") % {"other": clash})


def _check_open(shift: Shift) -> None:
    if shift.cancelled_at is not None:
        raise ValidationError(_("这一场已经取消。"))
    if not shift.takes_sign_ups:
        raise ValidationError(_("报名已经截止，要报名或退出请联系组织者。"))
