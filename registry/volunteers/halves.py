"""Hours as whole half hours: what is counted is never rounded, and sums of it are exact."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

HALF_HOUR = timedelta(minutes=30)
DAY = 48
"""Half hours of a day."""

STARS = (100, 300, 600, 1000, 1500)
"""Hours of service at which a volunteer has one to five stars (star levels of the national volunteer record rules)."""


def hours(halves: int) -> Decimal:
    """3 half hours as Decimal("1.5"), 4 as Decimal("2")."""
    return Decimal(halves) / 2 if halves % 2 else Decimal(halves // 2)


def halves_of(value: Decimal) -> int:
    """The half hours of a number of hours. Raises ValidationError when it is no multiple of half an hour."""
    doubled = value * 2
    if doubled != doubled.to_integral_value():
        raise ValidationError(_("时长以半小时为单位，例如 2 或 2.5。"), code="half_hours")
    return int(doubled)


def room(starts_at: datetime, ends_at: datetime) -> int:
    """How many half hours a stretch of time holds at the most: a begun one counts."""
    return -((starts_at - ends_at) // HALF_HOUR)


def stars(service_halves: int) -> int:
    """The star level, 0 to 5, of this much service."""
    return sum(service_halves >= level * 2 for level in STARS)


def halves_to_next_star(service_halves: int) -> int | None:
    """How much is missing to the next star; None with five."""
    return next((level * 2 - service_halves for level in STARS if service_halves < level * 2), None)
