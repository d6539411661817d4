"""The columns of a table on paper: what they show, how wide they are, how their headings are grouped."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise

from .tables import lines_of

_PADDING = 1.1
"""What a cell's sides take of its width, in em; the style sheet's padding and border."""
Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Field:
    """A column: `name` is the key or attribute of a row, "#" the running number; `width` is beside the others'."""

    name: str
    heading: str | Promise
    width: float
    align: Align = "left"
    group: str | Promise = ""
    """A heading above this column and its neighbours of the same group."""
    show: Callable[[Any], str] | None = None
    """How a value reads, in place of `shown`."""
    share: float = 0
    """The width in percent of the table; reckoned by Fields."""

    @property
    def css(self) -> str:
        """The class of its cells."""
        return self.align

    @property
    def is_number(self) -> bool:
        """Whether it counts the rows."""
        return self.name == "#"

    def text(self, row: Any) -> str:
        """What its cell says in a row."""
        if self.is_number:
            return ""
        value = row[self.name] if isinstance(row, Mapping) else getattr(row, self.name)
        return self.show(value) if self.show else shown(value)


@dataclass(frozen=True)
class HeadingCell:
    """A cell of the heading."""

    heading: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class SumCell:
    """A cell of a line of sums."""

    text: str
    css: str
    columns: int = 1


class Fields(Sequence[Field]):
    """All columns of a table, with their shares of its width."""

    def __init__(self, *fields: Field) -> None:
        whole = sum(field.width for field in fields)
        self._fields = [_with_share(field, field.width / whole * 100) for field in fields]

    def __len__(self) -> int:
        return len(self._fields)

    def __getitem__(self, index: Any) -> Any:
        return self._fields[index]

    def line_counter(self, em: float) -> Callable[[Any], int]:
        """For `Sheets.lines`: how many lines a row takes in a table that is `em` wide (its own type size)."""

        def lines(row: Any) -> int:
            return lines_of(*((field.text(row), max(1.0, field.share / 100 * em - _PADDING)) for field in self._fields))

        return lines

    @property
    def heading_rows(self) -> list[list[HeadingCell]]:
        """One row of headings, or two where columns are grouped."""
        if not any(field.group for field in self._fields):
            return [[HeadingCell(str(field.heading)) for field in self._fields]]
        return [list(self._top()), [HeadingCell(str(field.heading)) for field in self._fields if field.group]]

    def _top(self) -> Iterator[HeadingCell]:
        position = 0
        while position < len(self._fields):
            field = self._fields[position]
            span = 1
            while field.group and position + span < len(self) and self._fields[position + span].group == field.group:
                span += 1
            yield HeadingCell(str(field.group), span) if field.group else HeadingCell(str(field.heading), rows=2)
            position += span

    def summed(self, sums: Mapping[str, Any]) -> list[SumCell]:
        """A line of sums: the columns before the first sum are one cell, for the label."""
        first = next((place for place, field in enumerate(self._fields) if field.name in sums), len(self))
        cells = [SumCell("", "center", first)] if first else []
        rest = self._fields[first:]
        return cells + [SumCell(_sum_text(field, sums) if field.name in sums else "", field.align) for field in rest]


def shown(value: object) -> str:
    """How a value reads on paper: 1,234 and 1,234.50, a date in full, nothing as a dash."""
    match value:
        case None | "":
            return "—"
        case bool():
            return "是" if value else "否"
        case int():
            return f"{value:,}"
        case Decimal():
            return f"{value:,.2f}"
        case dt.datetime():
            return date_format(timezone.localtime(value) if timezone.is_aware(value) else value, "Y-m-d H:i")
        case dt.date():
            return date_format(value, "Y-m-d")
        case _:
            return str(value)


def _sum_text(field: Field, sums: Mapping[str, Any]) -> str:
    return field.show(sums[field.name]) if field.show else shown(sums[field.name])


def _with_share(field: Field, share: float) -> Field:
    return replace(field, share=share)
