"""What became of the objections that a household filed about its own points, as its passbook tells it.

On what, when and how it was answered. What others objected to, and what anybody wrote, stays in the office: a passbook
says nothing of other people.
"""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from printing.fields import Fields
from registry.places.models import Place

from ..models import Objection
from .base import Column, Row, Table
from .spans import Span

_COLUMNS = (
    Column("number", _("申报编号"), 5.2),
    Column("claimed", _("事由"), 10),
    Column("filed_on", _("提出日期"), 6.8, "date", align="center"),
    Column("decided_on", _("答复日期"), 6.8, "date", align="center"),
    Column("outcome", _("结果"), 6.4, align="center"),
    Column("answer", _("答复"), 14),
)
OF_HOUSEHOLD = Fields(*(column.field for column in _COLUMNS))
"""As printed on the leaf of one household."""


def of_span(place: Place, span: Span, household: int | None = None) -> list[Row]:
    """The answers given in a span to households of a village, or to one of them, the earliest first."""
    found = Objection.objects.own().filter(claim__place=place, decided_at__date__range=(span.first_day, span.last_day))
    if household is not None:
        found = found.filter(claim__household=household)
    return [_row(one) for one in found.select_related("claim__household").order_by("decided_at", "pk")]


def tables(rows: Sequence[Row], before: Sequence[Column] = ()) -> list[Table]:
    """A table of the answers, with columns `before`; none where nothing was answered."""
    return [Table([*before, *_COLUMNS], rows, caption=_now("异议的答复"), numbered=False)] if rows else []


def _row(objection: Objection) -> Row:
    claim = objection.claim
    return {
        "household": claim.household_id,
        "code": claim.household.code,
        "head": claim.household.head,
        "number": claim.number,
        "claimed": f"{claim.item_name} {claim.points:+d}",
        "filed_on": timezone.localdate(objection.filed_at),
        "decided_on": timezone.localdate(objection.decided_at),
        "outcome": objection.outcome,
        "answer": objection.answer,
    }
