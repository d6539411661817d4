"""Households: registered, changed, split, merged."""

from collections.abc import Collection, Mapping
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
        Member.objects.create(household=household, name=household.head, relation=Member.HEAD, joined_on=joined_on)
    audit.record(by=by, action="points.register_household", subject=household, place=household.place)
    return household


@transaction.atomic
def change(*, household: Household, by: Any) -> Household:
    """Store what was changed of a household. It stays in its village: its points are that village's.

    Where another of its members becomes the head, nobody knows how the others are related to them until it is said.
    """
    before = Household.objects.select_for_update().get(pk=household.pk)
    if village_of(household.place) != before.village:
        raise ValidationError({"place": _("农户不能改到别的村：先在原村销户，再到新村登记。")})
    household.full_clean()
    household.save()
    if household.head != before.head:
        _follow_head(household)
    audit.record(
        by=by,
        action="points.change_household",
        subject=household,
        place=household.place,
        changed=[name for name in _NOTED if getattr(before, name) != getattr(household, name)],
    )
    return household


def _follow_head(household: Household) -> None:
    """The relations to a head who was one of the members; a name that was only put right leaves them as they are."""
    members = household.members.select_for_update().current()
    head = members.filter(name=household.head).order_by("joined_on", "pk").first()
    if head is not None and head.relation != Member.HEAD:
        members.exclude(pk=head.pk).update(relation=Member.UNSAID)
        members.filter(pk=head.pk).update(relation=Member.HEAD)


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
def relate(*, member: Member, relation: str, by: Any) -> Member:
    """Say how somebody is related to the head of their household."""
    member = Member.objects.select_for_update(of=("self",)).select_related("household__place").get(pk=member.pk)
    if member.left_on is not None:
        raise ValidationError(_("%(name)s已经离户。") % {"name": member.name})
    member.relation = relation.strip()
    member.full_clean()
    member.save()
    household = member.household
    audit.record(by=by, action="points.relate_member", subject=household, place=household.place, member=member.pk)
    return member


@transaction.atomic
def split(
    *,
    household: Household,
    head: Member,
    others: Mapping[Member, str],
    code: str,
    points: int,
    on: date,
    by: Any,
    phone: str = "",
) -> Household:
    """Make a second household of a member, who is its head, and of `others`, and give it some of the points.

    `others` says how each is related to the new head; who stays is related to the old one as before. Raises
    ValidationError where one is not of the household or is its head, or it has fewer points.
    """
    _require_change(household, on)
    _require_leaving(household, [head, *others])
    made = Household(place=household.place, code=code.strip(), head=head.name, phone=phone.strip())
    later = register(household=made, by=by)
    for member, relation in ({head: Member.HEAD} | dict(others)).items():
        leave(member=member, on=on, by=by)
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
    """Bring a household into another of the same village, with its members and points; it ends, its lines stay.

    How those who come are related to the other head is to be said afterwards.
    """
    _require_change(former, on)
    require_current(later)
    if former == later or former.village_id != later.village_id:
        raise ValidationError(_("只能并到同村的另一户。"))
    ledger.lock(place=former.village, days=[on], households=[former.pk, later.pk])
    for member in former.members.current():
        leave(member=member, on=on, by=by)
        join(household=later, name=member.name, relation=Member.UNSAID, on=on, by=by)
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


def _require_leaving(household: Household, members: Collection[Member]) -> None:
    strangers = [member.name for member in members if member.household_id != household.pk or member.left_on]
    if strangers:
        raise ValidationError(_("%(names)s不是这户现在的成员。") % {"names": "、".join(strangers)})
    if household.head in {member.name for member in members}:
        raise ValidationError(_("%(name)s是户主，不能分出去：先换户主。") % {"name": household.head})


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
