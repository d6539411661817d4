"""Households: registered, changed, split, merged."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from registry.places.models import Kind, Place

from ..models import Balance, Household, Member, Succession
from ..refusals import is_closed, require_current, require_past
from . import ledger
from .rules import rules_of

_NOTED = ("place_id", "code", "head", "phone", "consent_on")
"""What the audit line names when it changes; never the values."""


@transaction.atomic
def register(*, household: Household, by: Any, joined_on: date | None = None) -> Household:
    """Store a new household, at a village or a grid, with an empty balance; its head is its first member."""
    household.village = village_of(household.place)
    household.full_clean()
    household.save()
    rules = rules_of(household.village)
    Balance.objects.create(household=household, may_be_negative=rules.may_be_negative)
    if joined_on is not None:
        Member.objects.create(household=household, name=household.head, relation=_("本人"), joined_on=joined_on)
    audit.record(by=by, action="points.register_household", subject=household, place=household.place)
    return household


@transaction.atomic
def change(*, household: Household, by: Any) -> Household:
    """Store what was changed of a household. It stays in its village: its points are that village's."""
    before = Household.objects.select_for_update().get(pk=household.pk)
    if village_of(household.place) != before.village:
        raise ValidationError({"place": _("农户不能改到别的村：先在原村销户，再到新村登记。")})
    household.full_clean()
    household.save()
    audit.record(
        by=by,
        action="points.change_household",
        subject=household,
        place=household.place,
        changed=[name for name in _NOTED if getattr(before, name) != getattr(household, name)],
    )
    return household


@transaction.atomic
def join(*, household: Household, name: str, relation: str, on: date, by: Any) -> Member:
    """Take somebody into a household."""
    require_current(household)
    member = Member(household=household, name=name.strip(), relation=relation.strip(), joined_on=on)
    member.full_clean()
    member.save()
    audit.record(by=by, action="points.join_household", subject=household, place=household.place, member=member.pk)
    return member


@transaction.atomic
def leave(*, member: Member, on: date, by: Any) -> Member:
    """Somebody leaves a household; that they belonged to it stays known."""
    member = Member.objects.select_for_update(of=("self",)).select_related("household__place").get(pk=member.pk)
    if member.left_on is not None:
        raise ValidationError(_("%(name)s已经离户。") % {"name": member.name})
    member.left_on = on
    member.full_clean()
    member.save()
    household = member.household
    audit.record(by=by, action="points.leave_household", subject=household, place=household.place, member=member.pk)
    return member


@transaction.atomic
def split(
    *,
    household: Household,
    code: str,
    head: str,
    members: Collection[Member],
    points: int,
    on: date,
    by: Any,
    phone: str = "",
) -> Household:
    """Make a second household out of some members of one, and give it some of its points.

    Raises ValidationError where the members are not the household's, or it has fewer points.
    """
    _require_change(household, on)
    strangers = [member.name for member in members if member.household_id != household.pk or member.left_on]
    if strangers:
        raise ValidationError(_("%(names)s不是这户现在的成员。") % {"names": "、".join(strangers)})
    made = Household(place=household.place, code=code.strip(), head=head.strip(), phone=phone.strip())
    later = register(household=made, by=by)
    for member in members:
        leave(member=member, on=on, by=by)
        relation = _("本人") if member.name == later.head else member.relation
        join(household=later, name=member.name, relation=relation, on=on, by=by)
    ledger.lock(place=household.village, days=[on], households=[household.pk, later.pk])
    has = Balance.objects.get(household=household).points
    if not 0 <= points <= max(0, has):
        raise ValidationError(_("分给新户的积分要在 0 到 %(most)d 之间。") % {"most": max(0, has)})
    _move(giver=household, taker=later, points=points, on=on, by=by, reason=_("分户"))
    _record(Succession.Kind.SPLIT, household, later, on, by, points)
    return later


@transaction.atomic
def merge(*, former: Household, later: Household, on: date, by: Any) -> Household:
    """Bring a household into another of the same village, with its members and points; it ends, its lines stay."""
    _require_change(former, on)
    require_current(later)
    if former == later or former.village_id != later.village_id:
        raise ValidationError(_("只能并到同村的另一户。"))
    ledger.lock(place=former.village, days=[on], households=[former.pk, later.pk])
    for member in former.members.filter(left_on=None):
        leave(member=member, on=on, by=by)
        join(household=later, name=member.name, relation=member.relation, on=on, by=by)
    points = Balance.objects.get(household=former).points
    _move(giver=former, taker=later, points=points, on=on, by=by, reason=_("并户"))
    Household.objects.filter(pk=former.pk).update(closed_on=on)
    former.closed_on = on
    _record(Succession.Kind.MERGER, former, later, on, by, points)
    return later


def village_of(place: Place) -> Place:
    """The village that a grid stands in, or the village itself. Raises ValidationError above that."""
    village = place.above(Kind.VILLAGE)
    if village is None:
        raise ValidationError({"place": _("农户要登记在村、社区或网格。")})
    return village


def _require_change(household: Household, on: date) -> None:
    require_current(household)
    require_past(on)
    if is_closed(household.village, on):
        raise ValidationError(_("这个日期所在的月份已经结账，请用结账以后的日期。"))
    if household.claims.open().exists():
        raise ValidationError(_("%(household)s还有没办结的申报，先办结再分户并户。") % {"household": household})


def _move(*, giver: Household, taker: Household, points: int, on: date, by: Any, reason: str) -> None:
    if points:
        entries = ledger.transfer(giver=giver, taker=taker, points=points, on=on, reason=reason)
        ledger.append(place=giver.village, entries=entries, by=by)


def _record(kind: Succession.Kind, former: Household, later: Household, on: date, by: Any, points: int) -> None:
    succession = Succession.objects.create(kind=kind, on=on, former=former, later=later)
    audit.record(
        by=by,
        action=f"points.{kind}_household",
        subject=succession,
        place=former.place,
        points=points,
        later=later.code,
    )
