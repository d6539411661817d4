"""The demo's points: households of twelve villages and two years of their ledgers, in which every rule holds.

The lines are written by the thousand, in the order in which they would have come; the database keeps balances, totals
and caps with each, as it does with every other.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import Appointment, User
from accounts.roles import Role
from knowledge.covenants import demo as covenants
from knowledge.covenants.models import CovenantPage
from registry.places.models import Place

from . import demo_words as words
from .calendar import month_before
from .choices import YearEnd
from .demo_claims import enter_claims
from .demo_ledger import Bookkeeper
from .indexing import points_changed
from .models import Balance, Honour, HonourVote, Household, Item, LedgerLine, Member, Nomination, Reward, Rules

MONTHS = 24
SIZE = 1.0
"""Share of the households; tests make do with a few."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who does what in a village."""

    clerk: User
    panel: Sequence[User]
    by: User


@dataclass(frozen=True, slots=True)
class VillageDemo:
    """What is drawn for a village."""

    place: Place
    cast: Cast
    chance: random.Random
    first: date
    today: date


def load(*, places: Iterable[Place], by: User, seed: int = 1, size: float = SIZE, months: int = MONTHS) -> int:
    """Points for each of these villages that has none. Returns how many lines were written."""
    villages = [place for place in places if not Rules.objects.filter(place=place).exists()]
    covenants.load(places=villages, by=by, seed=seed)
    return sum(_load_village(place, by, seed, size, months) for place in villages)


@transaction.atomic
def _load_village(place: Place, by: User, seed: int, size: float, months: int) -> int:
    today = timezone.localdate()
    chance = random.Random(f"points-{seed}-{place.code}")  # noqa: S311 - a demo
    demo = VillageDemo(place, _cast(place, by), chance, month_before(today, months), today)
    rules = _rules(demo)
    items = _items(demo)
    households = _households(demo, rules, max(8, round((place.households or 300) * size)))
    keeper = Bookkeeper(demo, rules, items, households, _rewards(demo))
    keeper.keep()
    enter_claims(demo, items, households)
    _honours(demo, households)
    points_changed(place)
    lines = LedgerLine.objects.filter(place=place).count()
    record(by=by, action="points.load_demo", subject=place, place=place, lines=lines, households=len(households))
    return lines


def _cast(place: Place, by: User) -> Cast:
    """The people of a village: those who hold a role there already, and as many more as the rules need."""
    clerk = _holders(place, Role.VILLAGE_OFFICIAL, 1, "村干部")[0]
    return Cast(clerk, _holders(place, Role.POINTS_REVIEWER, 2, "评议员"), by)


def _holders(place: Place, role: str, least: int, title: str) -> list[User]:
    held = Appointment.objects.current().filter(place=place, role=role).select_related("user").order_by("pk")
    users = [appointment.user for appointment in held]
    for number in range(len(users) + 1, least + 1):
        # Made to have said something; nobody signs in as them.
        user, made = User.objects.get_or_create(
            username=f"{role}-{place.code}-{number}", defaults={"display_name": f"{place.name}{title}{number}"}
        )
        if made:
            user.set_unusable_password()
            user.save()
        Appointment.objects.get_or_create(user=user, role=role, place=place)
        users.append(user)
    return users


def _rules(demo: VillageDemo) -> Rules:
    year_end = demo.chance.choice([YearEnd.CARRY, YearEnd.CARRY, YearEnd.EXPIRE, YearEnd.RESET])
    return Rules.objects.create(place=demo.place, may_be_negative=demo.chance.random() < 0.6, year_end=year_end)


def _items(demo: VillageDemo) -> list[Item]:
    covenant = CovenantPage.objects.filter(place=demo.place).first()
    clauses = [clause for chapter in covenant.shown_chapters for clause in chapter.clauses] if covenant else []
    rows = []
    for position, drawn in enumerate(words.ITEMS, start=1):
        clause = next((one for one in clauses if drawn.hint and drawn.hint in one.text), None)
        rows.append(
            Item(
                place=demo.place,
                covenant=covenant if clause else None,
                clause=clause.id if clause else "",
                category=drawn.category,
                name=drawn.name,
                points=drawn.points,
                unit=drawn.unit,
                cap=drawn.cap,
                cap_period=drawn.cap_period,
                needs_evidence=drawn.needs_evidence,
                valid_from=demo.first,
                position=position,
            )
        )
    return Item.objects.bulk_create(rows)


def _households(demo: VillageDemo, rules: Rules, count: int) -> list[Household]:
    grids = list(demo.place.get_children()) or [demo.place]
    names = list(words.RARE_NAMES) + [_name(demo.chance) for _ in range(count - len(words.RARE_NAMES))]
    households = Household.objects.bulk_create(
        Household(
            village=demo.place,
            place=grids[number * len(grids) // count],
            code=f"{number + 1:04}",
            head=name,
            phone=f"1{demo.chance.choice('35789')}0{demo.chance.randrange(10**4):04}{number:04}",
            consent_on=demo.first if demo.chance.random() < 0.6 else None,
        )
        for number, name in enumerate(names)
    )
    Balance.objects.bulk_create(
        Balance(household=household, may_be_negative=rules.may_be_negative) for household in households
    )
    Member.objects.bulk_create(
        Member(household=household, name=name, relation=relation, joined_on=demo.first)
        for household in households
        for name, relation in _family(demo.chance, household.head)
    )
    return households


def _family(chance: random.Random, head: str) -> list[tuple[str, str]]:
    others = chance.sample(words.RELATIONS, chance.randint(0, 4))
    return [
        (head, "本人"),
        *((_name(chance, "" if one in words.OF_OTHER_FAMILIES else head[0]), one) for one in others),
    ]


def _name(chance: random.Random, surname: str = "") -> str:
    return (surname or chance.choice(words.SURNAMES)) + "".join(chance.sample(words.GIVEN, chance.choice([1, 2, 2])))


def _rewards(demo: VillageDemo) -> list[Reward]:
    return Reward.objects.bulk_create(
        Reward(place=demo.place, name=name, unit=unit, price=price, valid_from=demo.first)
        for name, unit, price in words.REWARDS
    )


def _honours(demo: VillageDemo, households: Sequence[Household]) -> None:
    """Last year's honours as they were given, and this year's with who was put forward so far."""
    for season, awarded in ((demo.today.year - 1, True), (demo.today.year, False)):
        for name in words.HONOURS[: 3 if awarded else 1]:
            honour = Honour.objects.create(
                place=demo.place,
                name=name,
                season=f"{season}年",
                seats=2,
                state=Honour.State.AWARDED if awarded else Honour.State.OPEN,
                awarded_on=date(season, 12, 20) if awarded else None,
            )
            _nominations(demo, honour, households, awarded=awarded)


def _nominations(demo: VillageDemo, honour: Honour, households: Sequence[Household], *, awarded: bool) -> None:
    chosen = demo.chance.sample(households, 3)
    rows = Nomination.objects.bulk_create(
        Nomination(
            honour=honour,
            household=household,
            reason=demo.chance.choice(words.DEEDS),
            nominated_by=demo.cast.clerk,
            awarded=awarded and number < 2,
        )
        for number, household in enumerate(chosen)
    )
    HonourVote.objects.bulk_create(
        HonourVote(nomination=nomination, voter=voter, agrees=number < 2 or voter != demo.cast.panel[0])
        for number, nomination in enumerate(rows)
        for voter in demo.cast.panel
        if awarded
    )
