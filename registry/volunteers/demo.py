"""The demo's volunteers: four hundred people with two years of hours, their teams, and what they can join next.

People, numbers and papers are made up: the ID numbers have a right check character and a serial that no real number of
that day is known to have, the phones a block that is not given out.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from stdnum.cn import ric

from accounts.sensitive import fingerprint
from registry.organizations.models import Organization
from registry.places.models import Place
from registry.volunteers import demo_words as words
from registry.volunteers.choices import ActivityState, CheckInWay, IdType, LineKind, SignUpState, Verdict
from registry.volunteers.models import (
    Activity,
    Decision,
    HourLine,
    Membership,
    Shift,
    SignUp,
    Team,
    Volunteer,
    VolunteerRules,
)
from registry.volunteers.numbers import of_age_on
from search import outbox

VOLUNTEERS = 400
MONTHS = 24
_PREFIX = "110101"
_CAP = VolunteerRules._meta.get_field("daily_cap").default


class Slot(NamedTuple):
    """When a shift of the past was."""

    starts_at: datetime
    ends_at: datetime

    @property
    def halves(self) -> int:
        """Its half hours."""
        return int((self.ends_at - self.starts_at) / timedelta(minutes=30))


@dataclass
class _Load:
    """What one loading draws from and has made so far."""

    places: Sequence[Place]
    by: Any
    chance: random.Random
    today: date
    volunteers: dict[int, list[Volunteer]] = field(default_factory=dict)
    busy: set[tuple[int, date]] = field(default_factory=set)
    """Who has served on which day: one shift a day, so that no two overlap and no cap is passed."""


@transaction.atomic
def load(*, places: Sequence[Place], by: Any, seed: int = 7) -> dict[str, int]:
    """Fill the register at these villages, once; says how much there is. Under the constraints, in bulk."""
    if not Volunteer.objects.exists():
        loading = _Load(places, by, random.Random(seed), timezone.localdate())  # noqa: S311 - people of a demo
        _people(loading)
        _teams(loading)
        for month in range(MONTHS, 0, -1):
            _past_month(loading, month)
        _answers(loading)
        _upcoming(loading)
        outbox.record("activity", Activity.objects.values_list("pk", flat=True))
    models = (Volunteer, Team, Activity, Shift, SignUp, HourLine)
    return {model._meta.model_name or "": model.objects.count() for model in models}


def _people(loading: _Load) -> None:
    chance, made = loading.chance, []
    shares = [chance.uniform(0.7, 1.4) for _place in loading.places]
    for number in range(VOLUNTEERS):
        place = chance.choices(loading.places, shares)[0]
        made.append(_person(loading, number, place))
    Volunteer.objects.bulk_create(made)
    for volunteer in made:
        loading.volunteers.setdefault(volunteer.place_id, []).append(volunteer)
    for volunteer in chance.sample(made, 150):
        volunteer.skills.set(chance.sample(words.SKILLS, chance.randint(1, 2)))


def _person(loading: _Load, number: int, place: Place) -> Volunteer:
    chance = loading.chance
    age = chance.choices((16, 24, 35, 48, 60, 68), (4, 14, 22, 26, 24, 10))[0] + chance.randint(-1, 5)
    birth_date = loading.today - timedelta(days=age * 365 + chance.randrange(365))
    registered_on = loading.today - timedelta(days=chance.randint(MONTHS * 30, MONTHS * 30 + 200))
    id_number = _id_number(birth_date, number)
    grown = of_age_on(birth_date)
    is_minor = grown > registered_on
    return Volunteer(
        name=words.person(chance),
        id_type=IdType.RESIDENT,
        id_number=id_number,
        id_fingerprint=fingerprint(id_number),
        birth_date=birth_date,
        of_age_on=grown,
        phone=_phone(number),
        place=place,
        consented_on=registered_on,
        guardian_name=words.person(chance) if is_minor else "",
        guardian_phone=_phone(number + 5000) if is_minor else None,
        guardian_consented_on=registered_on if is_minor else None,
        registered_at=_at(registered_on, 9),
    )


def _id_number(birth_date: date, number: int) -> str:
    body = f"{_PREFIX}{birth_date:%Y%m%d}{500 + number:03}"
    return body + ric.calc_check_digit(f"{body}0")


def _phone(number: int) -> str:
    return f"1990000{number:04}"


def _teams(loading: _Load) -> None:
    for place in loading.places:
        people = loading.volunteers.get(place.pk, [])
        for name in loading.chance.sample(words.TEAMS, 2):
            team = Team.objects.create(
                name=f"{place.name}{name}", place=place, about=words.TEAM_ABOUT, founded_on=date(2024, 3, 5)
            )
            joined = loading.chance.sample(people, min(len(people), loading.chance.randint(8, 14)))
            Membership.objects.bulk_create(
                Membership(team=team, volunteer=one, joined_on=max(team.founded_on, one.consented_on)) for one in joined
            )


def _past_month(loading: _Load, months_ago: int) -> None:
    """A few activities at each village, each with its people and their hours."""
    chance = loading.chance
    for place in loading.places:
        for call in chance.sample(words.CALLS, chance.randint(2, 4)):
            day = loading.today - timedelta(days=months_ago * 30 - chance.randrange(28))
            if day >= loading.today:
                continue
            activity = _activity(loading, place, call, created_on=day - timedelta(days=10))
            starts_at = _at(day, chance.choice((8, 9, 14)))
            slot = Slot(starts_at, starts_at + timedelta(minutes=30 * chance.randint(3, 10)))
            _held(loading, activity, slot)


def _held(loading: _Load, activity: Activity, slot: Slot) -> None:
    chance, day = loading.chance, timezone.localdate(slot.starts_at)
    free = [one for one in loading.volunteers.get(activity.place_id, []) if (one.pk, day) not in loading.busy]
    # A core comes nearly always, the others now and then: hours spread as they do in a village.
    weights = [1 / (1 + position) ** 0.9 for position in range(len(free))]
    going = list(dict.fromkeys(chance.choices(free, weights, k=chance.randint(8, 20)))) if free else []
    if not going:
        return
    shift = Shift.objects.create(
        activity=activity, starts_at=slot.starts_at, ends_at=slot.ends_at, cut_off=slot.starts_at, slots=len(going) + 3
    )
    came = [one for one in going if chance.random() < 0.93]
    loading.busy |= {(one.pk, day) for one in came}
    SignUp.objects.bulk_create(_seats(shift, going, came))
    HourLine.objects.bulk_create(_line(loading, shift, one, slot) for one in came)


def _seats(shift: Shift, going: Sequence[Volunteer], came: Sequence[Volunteer]) -> Iterable[SignUp]:
    here = {one.pk for one in came}
    for seat, one in enumerate(going, start=1):
        is_here = one.pk in here
        yield SignUp(
            shift=shift,
            volunteer=one,
            seat=seat,
            state=SignUpState.ATTENDED if is_here else SignUpState.ABSENT,
            queued_at=shift.starts_at - timedelta(days=3),
            checked_in_at=shift.starts_at if is_here else None,
            checked_in_by=CheckInWay.LIST if is_here else "",
        )


def _line(loading: _Load, shift: Shift, volunteer: Volunteer, slot: Slot) -> HourLine:
    gave = slot.halves if loading.chance.random() < 0.85 else max(1, slot.halves - loading.chance.randint(1, 2))
    return HourLine(
        volunteer=volunteer,
        activity=shift.activity,
        shift=shift,
        kind=shift.activity.kind,
        date=timezone.localdate(slot.starts_at),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        halves=gave,
        daily_cap=_CAP,
        recorded_at=slot.ends_at + timedelta(hours=loading.chance.randint(1, 30)),
        recorded_by=loading.by,
    )


def _answers(loading: _Load) -> None:
    """Most lines are confirmed; a few of the last months are objected to, and wait to be checked."""
    chance = loading.chance
    confirmed = [line for line in HourLine.objects.order_by("pk") if chance.random() < 0.8]
    Decision.objects.bulk_create(
        Decision(line=line, verdict=Verdict.CONFIRMED, at=line.recorded_at + timedelta(days=2)) for line in confirmed
    )
    recent = loading.today - timedelta(days=45)
    unanswered = list(HourLine.objects.unanswered().filter(date__gte=recent).order_by("pk"))
    Decision.objects.bulk_create(
        Decision(line=line, verdict=Verdict.OBJECTED, reason=chance.choice(words.OBJECTIONS), at=timezone.now())
        for line in chance.sample(unanswered, min(6, len(unanswered)))
    )


def _upcoming(loading: _Load) -> None:
    """What can be joined in the coming weeks, with some who have signed up, and a full list with a queue."""
    chance = loading.chance
    for place in loading.places:
        for call in chance.sample(words.CALLS, chance.randint(1, 2)):
            activity = _activity(loading, place, call, created_on=loading.today)
            day = loading.today + timedelta(days=chance.randint(2, 24))
            for week in range(chance.randint(1, 3)):
                starts_at = _at(day + timedelta(days=7 * week), chance.choice((8, 9, 14)))
                ends_at = starts_at + timedelta(minutes=30 * chance.randint(3, 6))
                shift = Shift.objects.create(
                    activity=activity,
                    starts_at=starts_at,
                    ends_at=ends_at,
                    cut_off=starts_at - timedelta(hours=12),
                    slots=chance.choice((6, 10, 15, 20)),
                )
                _sign_ups(loading, shift)


def _sign_ups(loading: _Load, shift: Shift) -> None:
    day = timezone.localdate(shift.starts_at)
    people = loading.volunteers.get(shift.activity.place_id, [])
    free = [one for one in people if (one.pk, day) not in loading.busy]
    going = loading.chance.sample(free, min(len(free), loading.chance.randint(0, shift.slots + 2)))
    loading.busy |= {(one.pk, day) for one in going}
    SignUp.objects.bulk_create(
        SignUp(
            shift=shift,
            volunteer=one,
            seat=seat if seat <= shift.slots else None,
            state=SignUpState.SIGNED if seat <= shift.slots else SignUpState.WAITING,
        )
        for seat, one in enumerate(going, start=1)
    )


def _activity(loading: _Load, place: Place, call: words.Call, *, created_on: date) -> Activity:
    chance = loading.chance
    organization = None
    if chance.random() < 0.35:
        organization = chance.choice(_organizations(place) or [None])
    activity = Activity.objects.create(
        title=call.title,
        field=call.field,
        kind=LineKind.TRAINING if call.is_training else LineKind.SERVICE,
        place=place,
        organization=organization,
        address=chance.choice(words.ADDRESSES),
        about=call.about,
        contact_name=words.person(chance),
        contact_phone=_phone(9000 + chance.randrange(900)),
        risky=bool(call.insurance),
        insurance=call.insurance,
        adults_only=bool(call.insurance),
        state=ActivityState.PUBLISHED,
        created_at=_at(created_on, 10),
        published_at=_at(created_on, 11),
        published_by=loading.by,
    )
    if call.skills:
        activity.skills.set(list(call.skills))
    return activity


def _organizations(place: Place) -> list[Organization | None]:
    return list(Organization.objects.registered().at(place).order_by("pk"))


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
