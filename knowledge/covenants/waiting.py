"""What waits for officials at the covenants: the township's opinion, or a village's next step."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scoping import rows_for
from accounts.waiting import Waiting, register_waiting

from .models import Adoption

_GROUP = _("村规民约")
_TOWNSHIP = (Adoption.State.UNDER_REVIEW, Adoption.State.PASSED)
_VILLAGE = tuple(state for state in Adoption.UNDER_WAY if state not in _TOWNSHIP)


@register_waiting
def reviews(user: Any) -> Iterator[Waiting]:
    """Drafts to review, and what was passed and is to be filed: one entry each, since each has its list."""
    if user.has_perm("covenants.review_adoption"):
        rows = rows_for(Adoption, user, "review")
        for state, label in zip(_TOWNSHIP, (_("草案待审核"), _("表决通过待备案")), strict=True):
            yield Waiting(_GROUP, label, _listed(state), rows.filter(state=state).count())


@register_waiting
def steps(user: Any) -> Iterator[Waiting]:
    """Procedures whose next step is the village's."""
    if user.has_perm("covenants.change_adoption") and not user.has_perm("covenants.review_adoption"):
        rows = rows_for(Adoption, user, "change").filter(state__in=_VILLAGE)
        yield Waiting(_GROUP, _("程序待办下一步"), _listed(""), rows.count())


def _listed(state: str) -> str:
    url = reverse("covenants_adoptions:index")
    return f"{url}?state={state}" if state else url
