"""From the end of the publicity into the ledger."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from registry.places.models import Place

from ..caps import Caps
from ..choices import ClaimState, LineKind
from ..models import Balance, Claim, LedgerLine
from .claims import close_refused, over_cap
from .ledger import Entry, append, dated, lock

_AT_ONCE = 500
"""Claims posted in one transaction."""


def post_due(*, place: Place, by: Any) -> list[LedgerLine]:
    """Post all claims of a village whose publicity is over and that nobody objects to.

    What no longer fits below its cap, or would take a balance below zero where that is forbidden, is refused with that
    reason.
    """
    lines: list[LedgerLine] = []
    while True:
        found, left = _post_some(place, by)
        lines += found
        if not left:
            return lines


@transaction.atomic
def _post_some(place: Place, by: Any) -> tuple[list[LedgerLine], bool]:
    due = Claim.objects.due(timezone.localdate()).filter(place=place).order_by("pk")
    claims = list(due.select_for_update(of=("self",)).select_related("household", "item", "place")[:_AT_ONCE])
    if not claims:
        return [], False
    days = {claim.pk: dated(place, claim.happened_on) for claim in claims}
    households = {claim.household_id for claim in claims}
    lock(place=place, days=days.values(), households=households)
    passed = _sift(claims, by)
    lines = append(place=place, entries=[_entry(claim, days[claim.pk]) for claim in passed], by=by) if passed else []
    Claim.objects.filter(pk__in=[claim.pk for claim in passed]).update(
        state=ClaimState.POSTED, closed_at=timezone.now()
    )
    audit.record(
        by=by,
        action="points.post",
        subject=place,
        place=place,
        lines=len(lines),
        points=sum(line.points for line in lines),
        refused=len(claims) - len(passed),
    )
    return lines, len(claims) == _AT_ONCE


def _sift(claims: list[Claim], by: Any) -> list[Claim]:
    """The claims that can be posted; the others are refused. The balances are locked."""
    households = {claim.household_id for claim in claims}
    caps = Caps(households=households, items={claim.item_id for claim in claims}, waiting=False)
    balances = Balance.objects.in_bulk(households)
    passed = []
    for claim in claims:
        balance = balances[claim.household_id]
        left = caps.take(claim.household, claim.item, claim.happened_on, claim.points)
        if claim.household.closed_on is not None:
            close_refused(claim=claim, reason=_("这户已经销户。"), by=by)
        elif left is not None:
            close_refused(claim=claim, reason=over_cap(claim.item, left), by=by)
        elif claim.points < 0 and not balance.may_be_negative and balance.points + claim.points < 0:
            reason = _("现有 %(balance)d 分，不够扣；本村的余额不能为负。") % {"balance": balance.points}
            close_refused(claim=claim, reason=reason, by=by)
        else:
            balance.points += claim.points
            passed.append(claim)
    return passed


def _entry(claim: Claim, day: Any) -> Entry:
    return Entry(
        household=claim.household,
        kind=LineKind.AWARD,
        account=claim.category,
        points=claim.points,
        title=claim.item_name if claim.quantity == 1 else f"{claim.item_name} × {claim.quantity}",
        happened_on=claim.happened_on,
        dated_on=day,
        item=claim.item,
        capped=True,
        claim=claim,
    )
