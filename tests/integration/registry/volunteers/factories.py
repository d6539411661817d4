"""Volunteers, activities and shifts for tests."""

import itertools
from datetime import date, datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from stdnum.cn import ric

from accounts.models import User
from registry.places.models import Place
from registry.volunteers import actions
from registry.volunteers.actions import Guardian
from registry.volunteers.models import Activity, Shift, Volunteer

_numbers = itertools.count(1)


def resident_number(birth_date: date = date(1990, 3, 5), number: int | None = None) -> str:
    """A resident identity number with a right check character, of a division that is no real place's."""
    body = f"110101{birth_date:%Y%m%d}{(next(_numbers) if number is None else number) % 1000:03}"
    return body + ric.calc_check_digit(f"{body}0")


def a_volunteer(place: Place, **particulars: Any) -> Volunteer:
    """A volunteer on the register; a minor has a guardian."""
    birth_date = particulars.pop("birth_date", date(1990, 3, 5))
    is_minor = birth_date > timezone.localdate() - timedelta(days=365 * 18 + 4)
    known = {
        "name": "张志远",
        "id_type": "resident",
        "id_number": particulars.pop("id_number", None) or resident_number(birth_date),
        "birth_date": birth_date,
        "phone": "13800001234",
        "guardian": Guardian("张父", "13900001111", timezone.localdate()) if is_minor else None,
        "by": None,
    }
    return actions.register_volunteer(place=place, **(known | particulars))


def an_activity(place: Place, *, by: Any, published: bool = True, shifts: int = 1, **particulars: Any) -> Activity:
    """A published activity with a shift tomorrow (and the days after)."""
    known = {
        "title": "清理河道",
        "field": "environment",
        "address": "村委会门口",
        "about": "带手套，一起清理柳河沿岸。",
        "contact_name": "李主任",
        "contact_phone": "13800005678",
    }
    shift_options = {name: particulars.pop(name) for name in ("slots",) if name in particulars}
    activity = actions.create_activity(place=place, by=by, **(known | particulars))
    for day in range(1, shifts + 1):
        a_shift(activity, by=by, starts_at=at(9, days=day), **shift_options)
    return actions.publish_activity(activity=activity, by=by) if published else activity


def a_shift(activity: Activity, *, by: Any, starts_at: datetime, hours: float = 2, slots: int = 10) -> Shift:
    """A shift of two hours."""
    ends_at = starts_at + timedelta(hours=hours)
    return actions.open_shift(activity=activity, starts_at=starts_at, ends_at=ends_at, slots=slots, by=by)


def at(hour: int, *, days: int = 0) -> datetime:
    """That hour of the day so many days from today."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=days, hours=hour)


def client_of(user: User) -> Client:
    """The browser of somebody who has signed in."""
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client
