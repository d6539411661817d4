"""Claims of the last days, one in every state: what a clerk, a reviewer and a resident have to do today."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from . import demo_words as words
from .actions.claims import decide_objection, object_to
from .choices import ClaimState, Source
from .demo_ledger import at
from .models import Claim, Household, Item, Objection, Review

if TYPE_CHECKING:
    from .demo import VillageDemo

_STATES = (
    (ClaimState.ENTERED, 6),
    (ClaimState.CHECKED, 6),
    (ClaimState.PUBLICIZED, 18),
    (ClaimState.REFUSED, 3),
)


def enter_claims(demo: "VillageDemo", items: Sequence[Item], households: Sequence[Household]) -> None:
    """Thirty-three claims of a village; what happened in the last days and is in no line yet."""
    states = [state for state, count in _STATES for _ in range(count)]
    chosen = demo.chance.sample(households, min(len(states), len(households)))
    gains = [item for item in items if item.points > 0]
    claims = Claim.objects.bulk_create(
        _claim(demo, household, demo.chance.choice(gains), state)
        for household, state in zip(chosen, states, strict=False)
    )
    public = [claim for claim in claims if claim.state == ClaimState.PUBLICIZED]
    Review.objects.bulk_create(
        Review(claim=claim, reviewer=reviewer, agrees=True, at=claim.checked_at or claim.entered_at)
        for claim in public
        for reviewer in demo.cast.panel[:2]
    )
    for claim, text in zip(public, words.OBJECTIONS[:1], strict=False):
        Objection.objects.create(claim=claim, name="村民老周", phone="13000000000", text=text)
    for claim in [claim for claim in public[1:] if claim.household.phone][:1]:
        _answer_own_objection(demo, claim)


def _answer_own_objection(demo: "VillageDemo", claim: Claim) -> None:
    """The household of a claim objected to it, and was told why it stays as it is."""
    text, answer = words.OWN_OBJECTION
    household = claim.household
    objection = object_to(claim=claim, name=household.head, phone=household.phone, text=text, own=True)
    decide_objection(objection=objection, upheld=False, answer=answer, by=demo.cast.by)


def _claim(demo: "VillageDemo", household: Household, item: Item, state: ClaimState) -> Claim:
    happened = demo.today - timedelta(days=demo.chance.randint(1, 5))
    by_household = demo.chance.random() < 0.5
    claim = Claim(
        place=demo.place,
        household=household,
        item=item,
        item_name=item.name,
        category=item.category,
        unit_points=item.points,
        points=item.points,
        happened_on=happened,
        source=Source.HOUSEHOLD if by_household else Source.OFFICIAL,
        state=state,
        entered_by=None if by_household else demo.cast.clerk,
        entered_at=at(happened, demo.chance),
    )
    if state != ClaimState.ENTERED:
        claim.checked_by, claim.checked_at = demo.cast.by, at(happened, demo.chance)
    if state == ClaimState.PUBLICIZED:
        claim.public_from = _after(happened, demo.today)
        claim.public_until = claim.public_from + timedelta(days=6)
    if state == ClaimState.REFUSED:
        claim.refusal, claim.closed_at = demo.chance.choice(words.REFUSALS), timezone.now()
    return claim


def _after(day: date, today: date) -> date:
    return min(today, day + timedelta(days=1))
