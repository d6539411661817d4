"""What a report is, and what its figures are."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Literal

from django.db.models import QuerySet, Sum
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from printing import columns as sheet
from printing.errors import PrintingError
from printing.fields import Align, Field, Fields, shown
from printing.tables import Sheets
from registry.places.models import Kind, Place

from ..choices import ACCOUNTS, PeriodKind
from ..issuers import is_community
from ..models import LedgerLine
from .spans import Span

Row = Mapping[str, Any]
Number = int | Decimal
Level = Literal["village", "above"]
_RIGHT = {"integer", "money", "percent"}


class FiguresDiffer(PrintingError):  # noqa: N818 - reads as what it tells
    """A report's sums are not those of the ledger: nothing may be issued from them."""


@dataclass(frozen=True)
class Column:
    """A column of a report, the same on screen, on paper and in a spreadsheet. `name` is a key of the rows."""

    name: str
    heading: str | Promise
    width: float
    """Beside the others', in characters."""
    format: sheet.Format = "text"
    summed: bool = False
    group: str | Promise = ""
    show: Callable[[Any], str] | None = None
    """How a value reads, in place of `printing.fields.shown`."""
    align: Align | Literal[""] = ""

    @property
    def css(self) -> Align:
        """Where its cells are set: numbers to the right."""
        return self.align or ("right" if self.format in _RIGHT else "left")

    @property
    def field(self) -> Field:
        """As printed."""
        return Field(self.name, self.heading, self.width, self.css, group=self.group, show=self.show)

    @property
    def cell(self) -> sheet.Column:
        """As a column of a spreadsheet, which shows no headings above others."""
        heading = f"{self.group}·{self.heading}" if self.group else self.heading
        return sheet.Column(heading, self.format, self.width * 2)

    def text(self, value: Any) -> str:
        """A value as it reads."""
        return self.show(value) if self.show else shown(value)


def percent(value: Any) -> str:
    """A share as it reads: 0.625 is 62.5%; — where there is none."""
    return "—" if value is None else f"{value * 100:.1f}%"


def per(points: int, count: int) -> Decimal | None:
    """Points for each, to two places; None where there is nobody."""
    return (Decimal(points) / count).quantize(Decimal("0.01")) if count else None


def share(part: int, whole: int) -> Decimal | None:
    """A part of a whole, to a thousandth; None of nothing."""
    return (Decimal(part) / whole).quantize(Decimal("0.001")) if whole else None


@dataclass(frozen=True)
class Table:
    """One table of a report. The totals of its summed columns are reckoned here, once."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    caption: str = ""
    overall: Mapping[str, Any] = field(default_factory=dict)
    """What stands in the line of totals and is no sum: a share, an average."""
    numbered: bool = True
    """Whether a running number stands before each row on paper."""

    @cached_property
    def totals(self) -> dict[str, Number]:
        """Column by column, with what `overall` says."""
        summed = [column.name for column in self.columns if column.summed]
        return {name: sum((row[name] for row in self.rows), start=0) for name in summed} | dict(self.overall)

    @property
    def summed(self) -> list[str]:
        """The names of the columns that are added up."""
        return [column.name for column in self.columns if column.summed]

    @cached_property
    def fields(self) -> Fields:
        """Its columns as printed."""
        number = [Field("#", _("序号"), 3, "center")] if self.numbered else []
        return Fields(*number, *(column.field for column in self.columns))

    def values(self, row: Row) -> list[Any]:
        """The cells of a row for a spreadsheet."""
        return [row.get(column.name) for column in self.columns]

    def cells(self, row: Row) -> list[tuple[Column, str]]:
        """Each column with what it says in a row; nothing where a line of totals has none."""
        return [(column, column.text(row[column.name]) if column.name in row else "") for column in self.columns]

    def sheets(self, *, per_page: int, first_page: int, ending: int, em: float) -> Sheets:
        """The table cut into pages; `em` is its width in its own type size."""
        return Sheets(
            self.rows,
            per_page,
            first_page=first_page,
            ending=ending,
            totals=self.summed,
            overall=self.overall,
            lines=self.fields.line_counter(em),
        )


@dataclass(frozen=True)
class Figures:
    """What a report says of a place and a span: screen, PDF, spreadsheet and verification show these and no others."""

    report: "Report"
    place: Place
    span: Span
    tables: Sequence[Table]
    accounts: Mapping[str, int]
    """What it says that each account of the ledger comes to in the span; compared with the lines before issuing."""
    summary: Sequence[tuple[str, Any]] = ()
    """What is said above the table and on the verification page: pairs of a label and a figure."""
    charts: Sequence[SafeString] = ()
    remarks: Sequence[str] = ()
    """What a reader has to know to read the table."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """What this report's own template needs beside."""

    @property
    def table(self) -> Table:
        """The first table; most have no other."""
        return self.tables[0]

    @property
    def totals(self) -> dict[str, Number]:
        """Those of the first table."""
        return self.table.totals

    @property
    def title(self) -> str:
        """石桥村2026年9月积分公示."""
        return self.report.title(self.place, self.span)

    @cached_property
    def sha256(self) -> str:
        """A hash of all that the tables say: the same for the same figures, as whatever file they leave."""
        said = [
            [
                [column.name for column in table.columns],
                *([column.text(row[column.name]) for column in table.columns] for row in table.rows),
                sorted((name, str(total)) for name, total in table.totals.items()),
            ]
            for table in self.tables
        ]
        text = json.dumps([self.place.code, self.span.slug, said], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def fingerprint(self) -> str:
        """The beginning of the hash, as it is shown: enough to tell figures apart."""
        return self.sha256[:16]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What the verification page shows of an issued paper."""
        pairs = [(label, shown(value)) for label, value in self.summary]
        return [(_("期间"), self.span.label), *pairs, (_("数据指纹"), self.fingerprint)]

    def require_ledger(self) -> None:
        """Raise FiguresDiffer unless the accounts come to what the lines of the ledger come to, reckoned anew."""
        lines = self.report.ledger_lines(self.place, self.span).order_by()
        counted = dict(lines.values_list("account").annotate(Sum("points")))
        names = dict(ACCOUNTS)
        wrong = [
            _("%(account)s：报表 %(said)d，台账 %(counted)d")
            % {"account": names[account], "said": said, "counted": counted.get(account, 0)}
            for account, said in self.accounts.items()
            if said != counted.get(account, 0)
        ]
        if wrong:
            raise FiguresDiffer(_("合计与台账不符，不能出具：%(wrong)s") % {"wrong": "；".join(wrong)})


class Report:
    """A report: what it is called, of which places and spans it is, and how its figures come about."""

    name: ClassVar[str]
    """In addresses and in the kind of the issued paper."""
    label: ClassVar[str | Promise]
    about: ClassVar[str | Promise]
    """What it is for, in a sentence."""
    icon: ClassVar[str] = "table"
    position: ClassVar[int]
    prefix: ClassVar[str]
    """Of the numbers of issued papers."""
    kinds: ClassVar[Sequence[PeriodKind]] = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)
    level: ClassVar[Level] = "village"
    """Whether it is of a village, or of a township or county and lists what stands below."""
    is_public: ClassVar[bool] = False
    """Whether it is put up where everybody reads it."""
    paper: ClassVar[str] = "a4"
    template: ClassVar[str] = "points/reports/paper.html"
    per_page: ClassVar[int] = 32
    first_page: ClassVar[int] = 26
    ending: ClassVar[int] = 16
    em: ClassVar[float] = 49
    """The width of the table in characters of its own size; see `printing.tables.Sheets` for the three above."""

    @property
    def issued_kind(self) -> str:
        """The kind of the issued paper."""
        return f"points.{self.name.replace('-', '_')}"

    def title(self, place: Place, span: Span) -> str:
        """The title of a paper."""
        return f"{place.name}{span.label}{self.label}"

    def figures(self, place: Place, span: Span) -> Figures:
        """The figures, reckoned now. The only place where they come from."""
        raise NotImplementedError

    def ledger_lines(self, place: Place, span: Span) -> "QuerySet[LedgerLine]":
        """The lines of the ledger that it is about: the figures have to come to what they do."""
        return LedgerLine.objects.at(place).filter(dated_on__range=(span.first_day, span.last_day))

    def proven(self, place: Place, span: Span) -> Figures:
        """The figures, compared with the ledger: papers and spreadsheets are made of these.

        Raises FiguresDiffer.
        """
        figures = self.figures(place, span)
        figures.require_ledger()
        return figures

    def of_household(self, place: Place, pk: int) -> "Report":
        """The same report of one household of a village. Raises LookupError where there is none."""
        raise LookupError(pk)

    def household_of(self, row: Row) -> int | None:
        """The household that a row of the first table leads to, where there is a report of each."""
        return None

    def notes(self, figures: Figures, today: date) -> list[str]:
        """What a paper says below its table when it is made today."""
        return []

    def signers(self, place: Place) -> Sequence[str]:
        """Who signs, in order."""
        if place.kind == Kind.VILLAGE and is_community(place):
            return [_("经办人"), _("居务监督委员会"), _("居民委员会主任")]
        if place.kind == Kind.VILLAGE:
            return [_("经办人"), _("村务监督委员会"), _("村民委员会主任")]
        return [_("制表人"), _("审核人"), _("负责人")]

    def sheets(self, figures: Figures) -> Sheets | None:
        """The first table, cut into pages."""
        return figures.table.sheets(per_page=self.per_page, first_page=self.first_page, ending=self.ending, em=self.em)

    def subject(self, place: Place, span: Span) -> str:
        """What a paper is about, in public: papers of the same subject follow one another."""
        return f"{place.name} {span.label}"


def by_account(rows: Iterable[Row], names: Iterable[str]) -> dict[str, int]:
    """The sums of the columns that are called as accounts of the ledger."""
    listed = list(rows)
    return {name: sum(row[name] for row in listed) for name in names}
