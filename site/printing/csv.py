"""Tables as CSV that Excel opens in Chinese, and that no cell of turns into a formula."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from .columns import Column, is_dangerous, plain


def table(columns: Sequence[Column], rows: Iterable[Sequence[Any]], totals: Sequence[Any] | None = None) -> bytes:
    """Heading, rows and a row of totals; UTF-8 with a byte order mark, lines ended as RFC 4180 wants."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([_text(str(column.heading), columns[0]) for column in columns])
    for row in [*rows, *([totals] if totals is not None else [])]:
        writer.writerow([_text(value, column) for value, column in zip(row, columns, strict=True)])
    return target.getvalue().encode("utf-8-sig", "replace")


def _text(value: Any, column: Column) -> str:
    match plain(value):
        case None:
            return ""
        case str() as text:
            # Excel shows the apostrophe, and takes nothing behind it for a formula.
            return f"'{text}" if is_dangerous(text) else text
        case dt.datetime() as moment:
            return moment.isoformat(sep=" ", timespec="minutes")
        case dt.date() as day:
            return day.isoformat()
        case Decimal() as amount:
            return f"{amount:f}"
        case number:
            return str(number)
