"""The months, quarters and years that reports are of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from ..calendar import MONTHS, first_day, last_day, month_before, months_of
from ..choices import PeriodKind

_SLUG = re.compile(r"(?P<year>20\d\d)(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])))?", re.ASCII)

LISTED = 36
"""How many spans of a kind are offered to choose from."""


@dataclass(frozen=True)
class Span:
    """A month, quarter or year of the ledger, from its first day to its last."""

    kind: PeriodKind
    first_day: date
    last_day: date

    @classmethod
    def of(cls, kind: str, day: date) -> "Span":
        """The month, quarter or year that a day stands in."""
        return cls(PeriodKind(kind), first_day(day, kind), last_day(day, kind))

    @classmethod
    def parse(cls, text: str) -> "Span":
        """The span of an address: "2026-09", "2026-Q3", "2026". Raises ValueError."""
        found = _SLUG.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no month, quarter or year")
        year = int(found["year"])
        if found["month"]:
            return cls.of(PeriodKind.MONTH, date(year, int(found["month"]), 1))
        if found["quarter"]:
            return cls.of(PeriodKind.QUARTER, date(year, int(found["quarter"]) * 3, 1))
        return cls.of(PeriodKind.YEAR, date(year, 1, 1))

    @property
    def slug(self) -> str:
        """As it stands in addresses: 2026-09, 2026-Q3, 2026."""
        match self.kind:
            case PeriodKind.MONTH:
                return f"{self.first_day:%Y-%m}"
            case PeriodKind.QUARTER:
                return f"{self.first_day.year}-Q{self._quarter}"
            case _:
                return str(self.first_day.year)

    @property
    def label(self) -> str:
        """As it reads: 2026年9月, 2026年第三季度, 2026年."""
        year = self.first_day.year
        match self.kind:
            case PeriodKind.MONTH:
                return _("%(year)d年%(month)d月") % {"year": year, "month": self.first_day.month}
            case PeriodKind.QUARTER:
                number = (_("一"), _("二"), _("三"), _("四"))[self._quarter - 1]
                return _("%(year)d年第%(number)s季度") % {"year": year, "number": number}
            case _:
                return _("%(year)d年") % {"year": year}

    def __str__(self) -> str:
        return self.label

    @property
    def months(self) -> list[date]:
        """The first days of its months."""
        return list(months_of(self.first_day, self.kind))

    @property
    def before(self) -> "Span":
        """The one before it, as long."""
        return Span.of(self.kind, month_before(self.first_day))

    def is_over(self, today: date) -> bool:
        """Whether its last day is past."""
        return self.last_day < today

    @property
    def _quarter(self) -> int:
        return (self.first_day.month + 2) // 3


def back_from(span: Span, count: int) -> list[Span]:
    """So many spans as long, the last of them this one, the oldest first."""
    months = MONTHS[span.kind]
    return [Span.of(span.kind, month_before(span.first_day, back * months)) for back in range(count - 1, -1, -1)]


def choices(
    kinds: Sequence[str], *, since: date, until: date, chosen: Span | None = None
) -> Iterator[tuple[str, list[Span]]]:
    """What can be chosen between two days, by kind, the newest first: the newest, and those of the chosen one's year.

    So a ledger of decades is no list of hundreds, and whoever wants an old month chooses its year first.
    """
    for kind in kinds:
        spans: list[Span] = []
        span = Span.of(kind, until)
        while span.last_day >= since:
            if len(spans) < LISTED or (chosen and span.first_day.year == chosen.first_day.year):
                spans.append(span)
            span = span.before
        yield str(PeriodKind(kind).label), spans
