"""Checking in by a QR code: a signed link that holds for some minutes, and who may use it when."""

from datetime import timedelta

from django.core import signing
from django.utils import timezone

from registry.volunteers.choices import SEATED
from registry.volunteers.models import Shift, SignUp, VolunteerRules

_SALT = "registry.volunteers.checkin"
_GRACE = 2
"""Who opened the link in time may take so many times its minutes to fill in the form."""


def token_for(shift: Shift) -> str:
    """A token that says that its holder saw the organizer's screen just now."""
    return signing.dumps(shift.pk, salt=_SALT)


def shift_of(token: str, *, filling_in: bool = False) -> Shift | None:
    """The shift of a token; None when the token is not ours or has run out, or when it is not the time to check in."""
    try:
        pk = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    shift = Shift.objects.standing().select_related("activity__place").filter(pk=pk).first()
    if shift is None or not is_open(shift):
        return None
    rules = VolunteerRules.of(shift.activity.place)
    seconds = rules.check_in_minutes * 60 * (_GRACE if filling_in else 1)
    try:
        signing.loads(token, salt=_SALT, max_age=seconds)
    except signing.SignatureExpired:
        return None
    return shift


def is_open(shift: Shift) -> bool:
    """Whether people may check in now: from some minutes before the shift, until it ends."""
    opens = timedelta(minutes=VolunteerRules.of(shift.activity.place).check_in_opens)
    return shift.starts_at - opens <= timezone.now() <= shift.ends_at


def find_by_phone(shift: Shift, *, name: str, tail: str) -> SignUp | None:
    """The sign-up of that name and phone number's end. Phones are encrypted: those of the shift are read one by one."""
    seated = shift.sign_ups.filter(state__in=SEATED, volunteer__name=name.strip()).select_related("volunteer")
    found = [sign_up for sign_up in seated if sign_up.volunteer.phone.endswith(tail)]
    return found[0] if len(found) == 1 else None
