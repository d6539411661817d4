"""How a household shows who it is: its code and the last four digits of its telephone, guessed by nobody.

Four digits are ten thousand guesses. Ten wrong ones for a household close its passbook for an hour, from whatever
address they came; and each address may ask only so often (RATE_LIMITS).
"""

import time
from hmac import compare_digest

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_ratelimit.core import get_usage

from registry.places.models import Place

from .models import Household

WRONG_GUESSES = "10/h"
OPEN_SECONDS = 30 * 60
_KEY = "points_household"


def identify(request: HttpRequest, *, place: Place, code: str, last_four: str) -> Household:
    """The household of a code and four digits. Raises ValidationError, the same for a wrong code and wrong digits."""
    code = code.strip()
    if _guesses(request, place, code, increment=False):
        raise ValidationError(_("输错次数太多，请一小时后再试，或到村委会查询。"))
    household = Household.objects.current().of_village(place).filter(code__iexact=code).first()
    known = household.phone[-4:] if household is not None else ""
    if household is None or len(known) != 4 or not compare_digest(known.encode(), last_four.strip().encode()):
        _guesses(request, place, code, increment=True)
        raise ValidationError(_("户号或手机号后四位不对。没有登记手机号的，请到村委会登记。"))
    return household


def _guesses(request: HttpRequest, place: Place, code: str, *, increment: bool) -> bool:
    usage = get_usage(
        request,
        group="points.passbook",
        key=lambda _group, _request: f"{place.pk}:{code.lower()[:12]}",
        rate=WRONG_GUESSES,
        method=["POST"],
        increment=increment,
    )
    return usage is not None and (usage["should_limit"] or (not increment and usage["count"] >= usage["limit"]))


def open_passbook(request: HttpRequest, household: Household) -> None:
    """Let this browser read the household's passbook for half an hour."""
    request.session.cycle_key()
    request.session[_KEY] = {"household": household.pk, "until": time.time() + OPEN_SECONDS}


def opened(request: HttpRequest, place: Place) -> Household | None:
    """The household of this village whose passbook is open in this browser."""
    held = request.session.get(_KEY)
    if not held or held["until"] < time.time():
        return None
    found = Household.objects.current().of_village(place).filter(pk=held["household"])
    return found.select_related("balance", "village").first()


def close(request: HttpRequest) -> None:
    """Forget the household."""
    request.session.pop(_KEY, None)
