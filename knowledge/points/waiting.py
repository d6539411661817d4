"""What waits for officials and reviewers at the points: village by village, since that is how it is done."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import rows_for
from accounts.waiting import Waiting, by_place, register_waiting

from .choices import ClaimState
from .models import Claim, HonourVote, Nomination, Objection, Period, Redemption

_GROUP = _("积分")


def _page(name: str, **query: str) -> Callable[[str], str]:
    """The address of a page for a village's code; "" for no village."""

    def url(code: str) -> str:
        chosen = urlencode({key: value for key, value in ({"place": code} | query).items() if value})
        return f"{reverse(name)}?{chosen}" if chosen else reverse(name)

    return url


@register_waiting
def checks(user: Any) -> Iterator[Waiting]:
    """Claims that somebody else entered and nobody has checked."""
    if user.has_perm("points.check_claim"):
        rows = rows_for(Claim, user, "check").filter(state=ClaimState.ENTERED).filter(_by_others(user))
        yield Waiting(_GROUP, _("积分待初审"), **by_place(rows, "place", _page("points_desk", step="check")))


@register_waiting
def reviews(user: Any) -> Iterator[Waiting]:
    """Claims on which this member of the panel has not spoken."""
    if user.has_perm("points.review_claim"):
        rows = rows_for(Claim, user, "review").filter(state=ClaimState.CHECKED).filter(_by_others(user))
        rows = rows.exclude(reviews__reviewer=user)
        yield Waiting(_GROUP, _("积分待我评议"), **by_place(rows, "place", _page("points_desk", step="review")))


@register_waiting
def publicity(user: Any) -> Iterator[Waiting]:
    """Claims in their publicity; those whose publicity is over can be posted."""
    if user.has_perm("points.change_claim"):
        rows = rows_for(Claim, user, "change").filter(state=ClaimState.PUBLICIZED)
        over = Q(public_until__lt=timezone.localdate())
        found = by_place(rows, "place", _page("points_desk", step="publicity"), over)
        yield Waiting(_GROUP, _("积分公示中"), **found, late_text=_("期满可入账"))


@register_waiting
def objections(user: Any) -> Iterator[Waiting]:
    """Objections that nobody has answered."""
    if user.has_perm("points.change_objection"):
        rows = rows_for(Objection, user, "change").filter(decided_at=None)
        yield Waiting(_GROUP, _("积分异议待处理"), **by_place(rows, "claim__place", _page("points_desk")))


@register_waiting
def redemptions(user: Any) -> Iterator[Waiting]:
    """Things set aside for households that have not fetched them."""
    if user.has_perm("points.change_redemption"):
        rows = rows_for(Redemption, user, "change").filter(state=Redemption.State.RESERVED)
        url = f"{reverse('points_redemptions:index')}?state={Redemption.State.RESERVED}"
        yield Waiting(_GROUP, _("兑换物品待领取"), url, rows.count())


@register_waiting
def honours(user: Any) -> Iterator[Waiting]:
    """Nominations on which this member of the panel has not voted."""
    if user.has_perm("points.review_honour"):
        rows = (
            rows_for(Nomination, user, "view")
            .filter(honour__state="open")
            .filter(Q(nominated_by=None) | ~Q(nominated_by=user))
        )
        rows = rows.exclude(pk__in=HonourVote.objects.filter(voter=user).values("nomination"))
        url = f"{reverse('points_honours:index')}?state=open"
        yield Waiting(_GROUP, _("荣誉推荐待我表决"), url, rows.count())


@register_waiting
def months(user: Any) -> Iterator[Waiting]:
    """Months that are over and not closed."""
    if user.has_perm("points.change_period"):
        over = Q(last_day__lt=timezone.localdate())
        rows = rows_for(Period, user, "change").filter(over, closed_at=None)
        yield Waiting(_GROUP, _("账期待结账"), **by_place(rows, "place", _page("points_periods")))


def _by_others(user: Any) -> Q:
    """Entered by a household or a colleague: nobody checks or reviews their own."""
    return Q(entered_by=None) | ~Q(entered_by=user)
