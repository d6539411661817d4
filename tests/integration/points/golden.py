"""The second way to what reports say: plain SQL over the raw lines.

Knows the tables and nothing of the code that reports are made of: not the totals that the database keeps, not the
periods, not the models. A line counts in the month that its own date stands in. Read by SQLite and PostgreSQL alike.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

CATEGORIES = ("family", "neighbours", "customs", "order", "own")
ACCOUNTS = (*CATEGORIES, "redemption", "year_end", "transfer")
_OFFICE = ZoneInfo("Asia/Shanghai")
_EARNED = ", ".join(f"'{category}'" for category in CATEGORIES)

Sums = dict[str, dict[str, int]]
"""By the code of a household (or village), then by account."""


class Village(NamedTuple):
    """A village that has lines."""

    pk: int
    code: str
    township: str
    """Its township's path."""
    county: str
    """Its county's path."""


class Line(NamedTuple):
    """A line as it stands in the ledger."""

    number: str
    code: str
    head: str
    account: str
    title: str
    points: int
    dated_on: date
    balance: int
    """What the household has after it."""
    undoes: str
    """The number of the line that it undoes."""


class Stock(NamedTuple):
    """What became of a reward in a span."""

    opening: int
    received: int
    redeemed: int
    returned: int
    adjusted: int
    closing: int


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def villages() -> list[Village]:
    """Every village whose ledger has a line; a step of a path has four characters."""
    found = rows(
        "SELECT p.id, p.code, p.path FROM places_place p "
        "WHERE p.id IN (SELECT place_id FROM points_ledgerline) ORDER BY p.path"
    )
    return [Village(pk, code, path[:-4], path[:-8]) for pk, code, path in found]


def months() -> list[date]:
    """The first day of every month between the first line and the last."""
    [(first, last)] = rows("SELECT MIN(dated_on), MAX(dated_on) FROM points_ledgerline")
    return list(_months(_day(first), _day(last)))


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


def by_household(village: int, first: date, last: date) -> Sums:
    """Points by household and account of the lines that are dated between two days."""
    found = rows(
        "SELECT h.code, l.account, SUM(l.points) FROM points_ledgerline l "
        "JOIN points_household h ON h.id = l.household_id "
        "WHERE l.place_id = %s AND l.dated_on BETWEEN %s AND %s GROUP BY h.code, l.account",
        village,
        first,
        last,
    )
    return _nested(found)


def by_village(path: str, first: date, last: date) -> Sums:
    """Points by village and account below a township or county."""
    found = rows(
        "SELECT p.code, l.account, SUM(l.points) FROM points_ledgerline l JOIN places_place p ON p.id = l.place_id "
        "WHERE p.path BETWEEN %s AND %s AND l.dated_on BETWEEN %s AND %s GROUP BY p.code, l.account",
        path,
        path + "Z" * 40,
        first,
        last,
    )
    return _nested(found)


def taking_part(village: int, first: date, last: date) -> int:
    """Households with a line for an item between two days."""
    return _one(
        f"SELECT COUNT(DISTINCT household_id) FROM points_ledgerline "
        f"WHERE place_id = %s AND dated_on BETWEEN %s AND %s AND account IN ({_EARNED})",
        village,
        first,
        last,
    )


def active_months(village: int, first: date, last: date) -> dict[str, int]:
    """In how many months each household has a line for an item."""
    found = rows(
        f"SELECT DISTINCT h.code, l.dated_on FROM points_ledgerline l "
        f"JOIN points_household h ON h.id = l.household_id "
        f"WHERE l.place_id = %s AND l.dated_on BETWEEN %s AND %s AND l.account IN ({_EARNED})",
        village,
        first,
        last,
    )
    seen: defaultdict[str, set[date]] = defaultdict(set)
    for code, day in found:
        seen[code].add(_day(day).replace(day=1))
    return {code: len(days) for code, days in seen.items()}


def opening(village: int, first: date) -> dict[str, int]:
    """What each household had when a day began."""
    found = rows(
        "SELECT h.code, SUM(l.points) FROM points_ledgerline l JOIN points_household h ON h.id = l.household_id "
        "WHERE l.place_id = %s AND l.dated_on < %s GROUP BY h.code",
        village,
        first,
    )
    return dict(found)


def households(village: int) -> dict[str, tuple[str, bool]]:
    """Head and whether it still is, by code."""
    found = rows("SELECT code, head, closed_on IS NULL FROM points_household WHERE village_id = %s", village)
    return {code: (head, bool(current)) for code, head, current in found}


def consenting(village: int) -> set[str]:
    """The codes of the households that agreed to be named."""
    found = rows("SELECT code FROM points_household WHERE village_id = %s AND consent_on IS NOT NULL", village)
    return {code for (code,) in found}


def names(codes: list[str], *, townships: bool) -> dict[str, str]:
    """What the villages of these codes, or their townships, are called, by the village's code."""
    above = "SUBSTR(v.path, 1, LENGTH(v.path) - 4)" if townships else "v.path"
    found = rows(f"SELECT v.code, p.name FROM places_place v JOIN places_place p ON p.path = {above}")
    return {code: name for code, name in found if code in codes}


def count() -> int:
    """How many lines there are."""
    return _one("SELECT COUNT(*) FROM points_ledgerline")


def ranks(earned: dict[str, int]) -> dict[str, int]:
    """1 and as many more as have more: shared ranks leave out the next."""
    ordered = sorted(earned.values(), reverse=True)
    return {code: ordered.index(points) + 1 for code, points in earned.items()}


def lines(village: int, first: date, last: date) -> list[Line]:
    """The lines dated between two days, month by month in the order of their numbers."""
    found = rows(
        "SELECT a.number, a.code, a.head, a.account, a.title, a.points, a.dated_on, a.balance, u.number, u.dated_on "
        "FROM (SELECT l.id, l.number, h.code, h.head, l.account, l.title, l.points, l.dated_on, l.reversal_of_id, "
        "SUM(l.points) OVER (PARTITION BY l.household_id ORDER BY p.first_day, l.number) AS balance "
        "FROM points_ledgerline l JOIN points_household h ON h.id = l.household_id "
        "JOIN points_period p ON p.id = l.period_id WHERE l.place_id = %s) a "
        "LEFT JOIN points_ledgerline u ON u.id = a.reversal_of_id WHERE a.dated_on BETWEEN %s AND %s",
        village,
        first,
        last,
    )
    made = [
        Line(_evidence(day, number), code, head, account, title, points, _day(day), balance, _evidence(of_day, of))
        for number, code, head, account, title, points, day, balance, of, of_day in found
    ]
    return sorted(made, key=lambda line: (line.number[:6], int(line.number[7:])))


def redeemed(village: int, first: date, last: date) -> dict[str, tuple[int, int]]:
    """Points taken and points given back between two days, by reward."""
    found = rows(
        "SELECT w.name, SUM(CASE WHEN l.points < 0 THEN -l.points ELSE 0 END), "
        "SUM(CASE WHEN l.points > 0 THEN l.points ELSE 0 END) FROM points_ledgerline l "
        "JOIN points_redemption r ON r.line_id = l.id OR r.line_id = l.reversal_of_id "
        "JOIN points_reward w ON w.id = r.reward_id "
        "WHERE l.place_id = %s AND l.account = 'redemption' AND l.dated_on BETWEEN %s AND %s GROUP BY w.name",
        village,
        first,
        last,
    )
    return {name: (taken, back) for name, taken, back in found}


def stock(village: int, first: date, last: date) -> dict[str, Stock]:
    """What every reward's moves between two days come to; loss and counting are adjustments."""
    begin, end = _midnight(first), _midnight(last + timedelta(days=1))
    found = rows(
        "SELECT w.name, m.reason, SUM(CASE WHEN m.at < %s THEN m.change ELSE 0 END), "
        "SUM(CASE WHEN m.at >= %s AND m.at < %s THEN m.change ELSE 0 END) "
        "FROM points_reward w LEFT JOIN points_stockmove m ON m.reward_id = w.id "
        "WHERE w.place_id = %s GROUP BY w.name, m.reason",
        begin,
        begin,
        end,
        village,
    )
    before: defaultdict[str, int] = defaultdict(int)
    within: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for name, reason, earlier, now in found:
        before[name] += earlier
        within[name][reason] += now
    return {
        name: Stock(
            opening=before[name],
            received=moved["restock"],
            redeemed=-moved["redemption"],
            returned=moved["return"],
            adjusted=moved["loss"] + moved["count"],
            closing=before[name] + sum(moved.values()),
        )
        for name, moved in within.items()
    }


def _one(sql: str, *values: Any) -> int:
    [(value,)] = rows(sql, *values)
    return int(value or 0)


def _nested(found: list[tuple[Any, ...]]) -> Sums:
    sums: defaultdict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(ACCOUNTS, 0))
    for code, account, points in found:
        sums[code][account] = int(points)
    return dict(sums)


def _day(value: Any) -> date:
    """A date as PostgreSQL gives it, or as SQLite keeps it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _midnight(day: date) -> Any:
    """When a day begins at the office, as the database keeps moments."""
    moment = datetime.combine(day, time(), _OFFICE)
    return connection.ops.adapt_datetimefield_value(moment)


def _evidence(day: Any, number: int | None) -> str:
    return f"{_day(day):%Y%m}-{number:04d}" if number is not None else ""
