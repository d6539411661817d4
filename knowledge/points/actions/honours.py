"""Honours: announced, nominated for, voted on, awarded."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit

from ..models import Honour, HonourVote, Household, Nomination
from ..refusals import require_current
from .rules import rules_of


@transaction.atomic
def announce(*, honour: Honour, by: Any) -> Honour:
    """Open an honour for nominations, or change what it is given for."""
    honour.full_clean()
    honour.save()
    audit.record(by=by, action="points.announce_honour", subject=honour, place=honour.place)
    return honour


@transaction.atomic
def nominate(*, honour: Honour, household: Household, reason: str, by: Any) -> Nomination:
    """Put a household forward."""
    honour = _open(honour)
    require_current(household)
    if household.village_id != honour.place_id:
        raise ValidationError(_("只能推荐本村的农户。"))
    nomination = Nomination(honour=honour, household=household, reason=reason.strip(), nominated_by=by)
    nomination.full_clean()
    nomination.save()
    audit.record(by=by, action="points.nominate", subject=nomination, place=honour.place)
    return nomination


@transaction.atomic
def vote(*, nomination: Nomination, agrees: bool, by: Any) -> HonourVote:
    """Say yes or no as one of the panel, once for each nomination, and not for one's own."""
    honour = _open(nomination.honour)
    if nomination.nominated_by_id == by.pk:
        raise ValidationError(_("不能表决自己推荐的农户。"))
    if nomination.votes.filter(voter=by).exists():
        raise ValidationError(_("您已经表决过。"))
    said = HonourVote.objects.create(nomination=nomination, voter=by, agrees=agrees)
    audit.record(by=by, action="points.vote_on_honour", subject=nomination, place=honour.place, agrees=agrees)
    return said


@transaction.atomic
def award(*, honour: Honour, by: Any) -> list[Nomination]:
    """Give the honour to those with the most yeses, up to its seats.

    Each needs as many votes as the village's panel has members at the least, and more yeses than noes. Raises
    ValidationError where a tie lies across the last seat: the panel has to decide it, not the order of entry.
    """
    honour = _open(honour)
    least = rules_of(honour.place).panel_size
    ranked = [one for one in _counted(honour) if one.yeses + one.noes >= least and one.yeses > one.noes]
    if not ranked:
        raise ValidationError(_("还没有得到足够赞成票的推荐。"))
    winners, rest = ranked[: honour.seats], ranked[honour.seats :]
    if rest and rest[0].yeses == winners[-1].yeses:
        raise ValidationError(_("最后一个名额有并列：请评议员再表决，或增加名额。"))
    Nomination.objects.filter(pk__in=[one.pk for one in winners]).update(awarded=True)
    honour.state, honour.awarded_on = Honour.State.AWARDED, timezone.localdate()
    honour.save(update_fields=["state", "awarded_on"])
    audit.record(by=by, action="points.award_honour", subject=honour, place=honour.place, winners=len(winners))
    return winners


def _counted(honour: Honour) -> list[Any]:
    yeses = Count("votes", filter=Q(votes__agrees=True))
    noes = Count("votes", filter=Q(votes__agrees=False))
    return list(honour.nominations.annotate(yeses=yeses, noes=noes).order_by("-yeses", "pk"))


def _open(honour: Honour) -> Honour:
    honour = Honour.objects.select_for_update(of=("self",)).select_related("place").get(pk=honour.pk)
    if honour.state != Honour.State.OPEN:
        raise ValidationError(_("%(honour)s已经评定。") % {"honour": honour})
    return honour
