"""The demo's certificates: asked for in the last weeks, issued, refused, revoked, and some that wait."""

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from registry.places.models import Place
from registry.volunteers import actions, reports
from registry.volunteers import demo_words as words
from registry.volunteers.models import Certificate, Volunteer

_A_VILLAGE = 2
"""How many ask at each village: those who gave most."""
_BEGINS_WITH = ("issued", "", "refused", "", "issued", "", "revoked", "")
"""What became of the first requests, in the order of villages. Later every second one is asked for, and waits."""


@transaction.atomic
def load(*, places: Sequence[Place], by: Any, account: User, seed: int = 7) -> int:
    """Requests of the most active volunteers of these villages, once; how many there are.

    `by` decides the first of them; `account` is whose the first one is.
    """
    if not Certificate.objects.exists():
        chance = random.Random(seed)  # noqa: S311 - requests of a demo
        for position, volunteer in enumerate(_most_active(places)):
            outcome = _BEGINS_WITH[position] if position < len(_BEGINS_WITH) else ""
            if outcome or position % _A_VILLAGE:
                _decide(_ask(volunteer, chance), outcome, by)
            if position == 0:
                _give_account(volunteer, account)
    return Certificate.objects.count()


def _most_active(places: Sequence[Place]) -> Iterator[Volunteer]:
    for place in places:
        given = Volunteer.objects.filter(place=place).annotate(given=Sum("hour_lines__halves")).exclude(given=None)
        yield from given.order_by("-given", "pk")[:_A_VILLAGE]


def _give_account(volunteer: Volunteer, account: User) -> None:
    if volunteer.user_id is None and not Volunteer.objects.filter(user=account).exists():
        volunteer.user = account
        volunteer.save(update_fields=["user"])


def _ask(volunteer: Volunteer, chance: random.Random) -> Certificate:
    """Of the last year or of all, from one of those who recorded hours, some days ago."""
    issuer = chance.choice(reports.issuers(volunteer))
    asked = Certificate(
        volunteer=volunteer,
        place=issuer.place,
        organization=issuer.organization,
        requested_at=timezone.now() - timedelta(days=chance.randint(1, 20), minutes=chance.randrange(600)),
    )
    if chance.random() < 0.4:
        asked.since = timezone.localdate() - timedelta(days=365)
        if not reports.certified_lines(asked).exists():
            asked.since = None
    # Written directly: the demo writes no letters.
    asked.save(force_insert=True)
    return asked


def _decide(asked: Certificate, outcome: str, by: Any) -> None:
    if outcome == "refused":
        actions.refuse_certificate(certificate=asked, why=words.REFUSED, by=by)
    elif outcome:
        issued = actions.issue_certificate(certificate=asked, by=by)
        if outcome == "revoked":
            actions.revoke_certificate(certificate=issued, category="error", why=words.REVOKED, by=by)
