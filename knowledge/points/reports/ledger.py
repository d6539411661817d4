"""The ledger line by line: what inspectors compare with the evidence."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from registry.places.models import Place

from ..choices import PeriodKind
from . import lines
from .base import Column, Figures, Report, Table
from .registry import register
from .spans import Span


class Ledger(Report):
    """Every line with its evidence number; a subtotal and what has added up so far on each page."""

    name = "ledger"
    label = _("积分台账")
    about = _("逐笔列出本期入账的积分，有凭证号、农户、事由和冲正，每页有小计和累计，供存档和检查。")
    icon = "list-ol"
    position = 4
    prefix = "积账"
    # A village's year has eight thousand lines and more: its twelve months are bound, not printed as one.
    kinds = (PeriodKind.MONTH, PeriodKind.QUARTER)
    template = "points/reports/ledger.html"
    per_page = 31
    first_page = 24
    ending = 15

    columns = (
        lines.EVIDENCE,
        lines.DAY,
        Column("code", _("户号"), 3.6),
        Column("head", _("户主"), 4.8),
        lines.TITLE,
        lines.ACCOUNT,
        lines.POINTS,
        lines.NOTE,
    )

    def figures(self, place: Place, span: Span) -> Figures:
        """Every line of the span; what they come to, by the totals."""
        rows = lines.of_span(place, span)
        accounts = lines.accounts_of(place, span)
        return Figures(
            report=self,
            place=place,
            span=span,
            tables=[Table(self.columns, rows)],
            accounts=accounts,
            summary=[*lines.movement(lines.opening(place, span.first_day), accounts), (_now("笔数"), len(rows))],
        )


register(Ledger())
