"""A long table cut into pages, with a subtotal for each page and a total that is their sum.

CSS knows no sum of what happens to stand on a page. So rows are dealt out to pages beforehand, by how many lines each
takes, and after the layout it is checked that every page holds what it was dealt (decision 40).
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

Number = int | Decimal
Row = Any
"""A mapping or an object; totals name its keys or attributes."""


def _one_line(_row: Row) -> int:
    return 1


class SheetTooTall(Exception):  # noqa: N818 - a signal between layout and pagination, never shown
    """A page's rows did not fit on it."""


@dataclass(frozen=True)
class Sheet:
    """The rows of one page."""

    number: int
    """From 1."""
    rows: Sequence[Row]
    first: int
    """The running number of its first row, from 1."""
    subtotals: Mapping[str, Number]
    carried: Mapping[str, Number]
    """The totals of all pages before this one."""
    is_last: bool

    @property
    def numbered(self) -> Iterator[tuple[int, Row]]:
        """Each row with its running number."""
        return zip(range(self.first, self.first + len(self.rows)), self.rows, strict=True)

    @property
    def running(self) -> dict[str, Number]:
        """The totals of this page and all before it."""
        return {name: self.carried[name] + subtotal for name, subtotal in self.subtotals.items()}

    @property
    def begins(self) -> str:
        """The id of the element that begins the page; `ends` that of its last row."""
        return f"sheet-{self.number}"

    @property
    def ends(self) -> str:
        """The id of the page's last row, the subtotal where there is one."""
        return f"sheet-{self.number}-end"


@dataclass(frozen=True)
class Sheets:
    """Rows, and how many lines of them a page takes.

    `per_page` counts lines of the table's body without its subtotal, `first_page` the same for the page that the title
    stands on (per_page unless given); `ending` says how many of them the signatures below the table take. `lines(row)`
    says how many lines a row takes, one unless given: `Fields.line_counter` reckons it from texts and widths.

    In A4 upright, with signatures, seal and QR code, a page takes 32 lines, the first 26, the ending 14 (A4 across:
    18, 12, 14); what does not fit after all is laid out again with less.
    """

    rows: Sequence[Row]
    per_page: int
    first_page: int = 0
    ending: int = 0
    totals: Sequence[str] = ()
    overall: Mapping[str, Any] = field(default_factory=dict)
    """What the last line shows that is no sum of rows: a share, an average."""
    lines: Callable[[Row], int] = _one_line

    def __post_init__(self) -> None:
        if self.per_page < 1:
            raise ValueError("a page takes at least one line")

    def __iter__(self) -> Iterator[Sheet]:
        return iter(paginate(self))

    @property
    def grand_totals(self) -> dict[str, Any]:
        """The totals of all rows, and what is said beside them."""
        return _sums(self.rows, self.totals) | dict(self.overall)

    def with_fewer_rows(self) -> "Sheets":
        """The same, with an eighth less on each page; never less than one line."""
        return replace(self, per_page=_less(self.per_page), first_page=_less(self.first_page))

    def check(self, anchors: Sequence[Mapping[str, Any]]) -> None:
        """Raise SheetTooTall unless each sheet ends on the page that it begins on.

        `anchors` are the ids found on each laid out page. A template that does not write them is not checked.
        """
        where: dict[str, list[int]] = {}
        for number, page in enumerate(anchors):
            for name in page:
                # A row that was torn apart stands on two pages.
                where.setdefault(name, []).append(number)
        for sheet in self:
            if len({*where.get(sheet.begins, []), *where.get(sheet.ends, [])}) > 1:
                raise SheetTooTall


def paginate(sheets: Sheets) -> list[Sheet]:
    """The pages of a table; one empty page when there are no rows.

    Signatures never stand alone: when the last page has no room for them, its last rows go along to a page with them.
    """
    chunks = _chunks(sheets)
    made: list[Sheet] = []
    carried: dict[str, Number] = dict.fromkeys(sheets.totals, 0)
    first = 1
    for number, rows in enumerate(chunks, start=1):
        subtotals = _sums(rows, sheets.totals)
        made.append(Sheet(number, rows, first, subtotals, carried, is_last=number == len(chunks)))
        carried = {name: carried[name] + subtotals[name] for name in sheets.totals}
        first += len(rows)
    return made


def _chunks(sheets: Sheets) -> list[list[Row]]:
    chunks: list[list[Row]] = [[]]
    used = 0
    room = sheets.first_page or sheets.per_page
    for row in sheets.rows:
        lines = max(1, sheets.lines(row))
        if chunks[-1] and used + lines > room:
            chunks.append([])
            used, room = 0, sheets.per_page
        chunks[-1].append(row)
        used += lines
    if len(chunks[-1]) > 1 and used > room - sheets.ending:
        kept = len(chunks[-1]) - max(1, len(chunks[-1]) // 4)
        chunks[-1:] = [chunks[-1][:kept], chunks[-1][kept:]]
    return chunks


def _less(lines: int) -> int:
    return max(1, lines - max(1, lines // 8)) if lines else 0


def _sums(rows: Sequence[Row], names: Sequence[str]) -> dict[str, Number]:
    return {name: sum((_value(row, name) for row in rows), start=0) for name in names}


def _value(row: Row, name: str) -> Number:
    value = row[name] if isinstance(row, Mapping) else getattr(row, name)
    if isinstance(value, float):
        raise TypeError(f"{name} is a float: sums on paper are made of int and Decimal")
    return value if value is not None else 0


def width_of(text: object) -> float:
    """The width of a text in em of a CJK font: one for a wide character, a little over a half for others."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.56 for char in str(text))


def lines_of(*cells: tuple[object, float]) -> int:
    """How many lines a row takes whose cells are (text, width of the column in em); rather too many than too few."""
    return max((-(-int(width_of(text) * 100) // int(width * 100)) or 1) for text, width in cells) if cells else 1
