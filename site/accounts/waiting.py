"""What waits for somebody in the back office: each app says in its `waiting.py` what of its work may be theirs.

@register_waiting
def filings(user):
    if user.has_perm("organizations.review_filing"):
        mine = rows_for(Filing, user, "review").waiting()
        yield Waiting(_("社会组织"), _("备案申请待审核"), reverse("…"), mine.count())

A provider asks through the scoped querysets, with a fixed number of queries, and yields what the user's roles let them
do even when nothing of it waits: that is how the panel knows whom it has something to say to.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet


@dataclass(frozen=True, slots=True)
class Spot:
    """How much of it waits at one place, and where it is done."""

    name: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of work. `late` of the `count` are past their day, and `late_text` says what that means."""

    group: Any
    label: Any
    url: str
    count: int
    late: int = 0
    late_text: Any = ""
    spots: Sequence[Spot] = ()


Provider = Callable[[Any], Iterable[Waiting]]
_providers: list[Provider] = []


def register_waiting(provider: Provider) -> Provider:
    """Let a function of the user say what waits. Usable as a decorator."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def waiting_for(user: Any) -> list[Waiting]:
    """All kinds of work that are this user's, those of which nothing waits included."""
    return [waiting for provider in _providers for waiting in provider(user)]


def counted(rows: "QuerySet[Any]", late: Q) -> tuple[int, int]:
    """How many rows there are, and of how many the condition holds. One query."""
    found = rows.order_by().aggregate(count=Count("pk"), late=Count("pk", filter=late))
    return found["count"], found["late"]


def by_place(rows: "QuerySet[Any]", place: str, url: Callable[[str], str], late: Q | None = None) -> dict[str, Any]:
    """The count, the late ones, and the places at which they wait, the most first. One query.

    `place` leads from a row to its place; `url` gives the address of a place's code. For work that is done place by
    place: the first address is that of the place where the most waits.
    """
    names = [f"{place}__{field}" for field in ("code", "name")]
    tally = {"amount": Count("pk"), "past": Count("pk", filter=late if late is not None else Q(pk=None))}
    found = list(rows.order_by().values_list(*names).annotate(**tally).order_by("-amount", names[0]))
    return {
        "count": sum(amount for _code, _name, amount, _past in found),
        "late": sum(past for _code, _name, _amount, past in found),
        "url": url(found[0][0] if found else ""),
        "spots": [Spot(name, amount, url(code)) for code, name, amount, _past in found],
    }
