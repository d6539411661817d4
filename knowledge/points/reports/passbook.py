"""The passbook: what a household had, what came and went, what it has. Of one household, or a leaf for each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.sensitive import mask_name
from printing.fields import Fields
from registry.places.models import Place

from ..models import Household, LedgerLine
from . import answers, households, lines
from .base import Column, Figures, Report, Row, Table
from .registry import register
from .spans import Span

_BALANCE = Column("balance", _("余额"), 4.4, "integer")
_OF_HOUSEHOLD = (lines.DAY, lines.EVIDENCE, lines.TITLE, lines.ACCOUNT, lines.POINTS, _BALANCE, lines.NOTE)
_CODE, _HEAD = Column("code", _("户号"), 5), Column("head", _("户主"), 9)


class Passbook(Report):
    """A household's lines with the balance after each; without a household, those of all, one leaf for each."""

    name = "passbook"
    label = _("农户积分存折")
    about = _("一户一页：期初余额、本期每一笔和期末余额，发给农户自己核对。")
    icon = "clipboard-list"
    position = 3
    prefix = "积折"
    template = "points/reports/passbook.html"
    per_page = 32
    first_page = 25
    ending = 15

    overview = (
        _CODE,
        _HEAD,
        Column("opening", _("期初余额"), 5, "integer", summed=True),
        Column("gained", _("增加"), 5, "integer", summed=True, show=lines.signed),
        Column("given", _("减少"), 5, "integer", summed=True, show=lines.signed),
        Column("closing", _("期末余额"), 5, "integer", summed=True),
        Column("lines", _("笔数"), 4, "integer", summed=True),
    )
    listed = (_CODE, _HEAD, *_OF_HOUSEHOLD)

    def __init__(self, household: Household | None = None) -> None:
        self.household = household

    def of_household(self, place: Place, pk: int) -> "Passbook":
        """The passbook of one household of a village. Raises LookupError for one that is not its."""
        found = Household.objects.of_village(place).filter(pk=pk).first()
        if found is None:
            raise LookupError(pk)
        return Passbook(found)

    def household_of(self, row: Row) -> int | None:
        """Whose passbook a row of the overview leads to."""
        return None if self.household else row["household"]

    def title(self, place: Place, span: Span) -> str:
        """石桥村2026年9月农户积分存折, with the household's code where it is of one."""
        title = super().title(place, span)
        return f"{title}（{self.household.code}）" if self.household else title

    def subject(self, place: Place, span: Span) -> str:
        """The span, and the household by its code."""
        if self.household is None:
            return span.label
        return _now("%(span)s　户号 %(code)s") % {"span": span.label, "code": self.household.code}

    def ledger_lines(self, place: Place, span: Span) -> "QuerySet[LedgerLine]":
        """Those of the household alone, where it is of one."""
        found = super().ledger_lines(place, span)
        return found.filter(household=self.household) if self.household else found

    def figures(self, place: Place, span: Span) -> Figures:
        """Of the household, or of all that the village had in the span."""
        return self._of_one(place, span, self.household) if self.household else self._of_all(place, span)

    def _of_one(self, place: Place, span: Span, household: Household) -> Figures:
        had = lines.opening(place, span.first_day, household.pk)
        rows = list(_with_balances(lines.of_span(place, span, household.pk), {household.pk: had}))
        answered = answers.of_span(place, span, household.pk)
        accounts = lines.accounts_of(place, span, household.pk)
        return Figures(
            report=self,
            place=place,
            span=span,
            tables=[Table(_OF_HOUSEHOLD, rows), *answers.tables(answered)],
            accounts=accounts,
            summary=[
                (_now("户号"), household.code),
                (_now("户主"), mask_name(household.head)),
                *lines.movement(had, accounts),
                (_now("笔数"), len(rows)),
            ],
            extra={
                "household": household,
                "opening": had,
                "closing": had + sum(row["points"] for row in rows),
                "answers": answers.OF_HOUSEHOLD,
                "answered": answered,
            },
        )

    def _of_all(self, place: Place, span: Span) -> Figures:
        had = households.opening(place, span.first_day)
        listed = list(_with_balances(lines.of_span(place, span), had))
        by_household = _grouped(listed)
        answered = answers.of_span(place, span)
        answers_to = _grouped(answered)
        there = list(households.of_span(place, span))
        books = [(one, _book(one, had.get(one.pk, 0), by_household.get(one.pk, []))) for one in there]
        position = {one.pk: number for number, one in enumerate(there)}
        return Figures(
            report=self,
            place=place,
            span=span,
            tables=[
                Table(self.overview, [row for _household, row in books]),
                Table(
                    self.listed, sorted(listed, key=lambda row: position[row["household"]]), caption=_now("逐笔明细")
                ),
                *answers.tables(answered, before=(_CODE, _HEAD)),
            ],
            accounts=(accounts := lines.accounts_of(place, span)),
            summary=[
                (_now("户数"), len(books)),
                *lines.movement(lines.opening(place, span.first_day), accounts),
                (_now("笔数"), len(listed)),
            ],
            extra={
                "books": [(one, row, by_household.get(one.pk, []), answers_to.get(one.pk, [])) for one, row in books],
                "leaf": Fields(*(column.field for column in _OF_HOUSEHOLD)),
                "answers": answers.OF_HOUSEHOLD,
            },
        )


def _book(household: Household, opening: int, rows: Iterable[Row]) -> dict[str, Any]:
    points = [row["points"] for row in rows]
    return {
        "household": household.pk,
        "code": household.code,
        "head": household.head,
        "opening": opening,
        "gained": sum(one for one in points if one > 0),
        "given": sum(one for one in points if one < 0),
        "closing": opening + sum(points),
        "lines": len(points),
    }


def _with_balances(rows: Iterable[dict[str, Any]], opening: Mapping[int, int]) -> Iterator[dict[str, Any]]:
    """Lines with what their household has after each."""
    balances = defaultdict(int, opening)
    for row in rows:
        balances[row["household"]] += row["points"]
        yield row | {"balance": balances[row["household"]]}


def _grouped(rows: Iterable[Mapping[str, Any]]) -> dict[int, list[Mapping[str, Any]]]:
    found: defaultdict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["household"]].append(row)
    return dict(found)


register(Passbook())
