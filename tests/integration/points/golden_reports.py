"""Every report's figures against the second way to them: village by village, month by month, category by category.

    python -m tests.integration.points.golden_reports

Over the database that the settings name, which it only reads; ends with 1 where anything differs. The test beside this
does the same over a small demo.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    ROOT = Path(__file__).resolve().parents[3]
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    import django

    django.setup()

from knowledge.points.choices import PeriodKind
from knowledge.points.reports import registry
from knowledge.points.reports.base import Figures
from knowledge.points.reports.spans import Span
from registry.places.models import Place
from tests.integration.points import golden

Said = dict[str, dict[str, Any]]
Check = Callable[[Figures, golden.Village], Iterator[tuple[str, Any, Any]]]
"""What is compared: its name, what the report says, what the lines say."""


def differences(kinds: Iterable[str] = PeriodKind.values) -> Iterator[str]:
    """Each figure of a report that the lines contradict, in words; nothing when all agree."""
    villages = golden.villages()
    kept, above = Place.objects.in_bulk([one.pk for one in villages]), Place.objects.in_bulk(field_name="path")
    for span in _spans(kinds):
        for village in villages:
            for name, check in OF_VILLAGES.items():
                if span.kind in registry.get(name).kinds:
                    yield from _compare(registry.get(name).figures(kept[village.pk], span), village, check)
        for path in sorted({path for village in villages for path in (village.township, village.county)}):
            yield from _compare_above(registry.get("summary").figures(above[path], span), path, villages)


def _spans(kinds: Iterable[str]) -> list[Span]:
    return list(dict.fromkeys(Span.of(kind, month) for kind in kinds for month in golden.months()))


def _compare(figures: Figures, village: golden.Village, check: Check) -> Iterator[str]:
    for what, said, counted in check(figures, village):
        if said != counted:
            yield f"{figures.title} {what}: {said!r}, by the lines {counted!r}"


def _earned(of: dict[str, int]) -> dict[str, int]:
    categories = {category: of.get(category, 0) for category in golden.CATEGORIES}
    return {**categories, "earned": sum(categories.values())}


def _sums(rows: Iterable[dict[str, Any]], names: Iterable[str]) -> dict[str, int]:
    listed = list(rows)
    return {name: sum(row[name] for row in listed) for name in names}


def _publicity(figures: Figures, village: golden.Village) -> Iterator[tuple[str, Any, Any]]:
    lines = golden.by_household(village.pk, figures.span.first_day, figures.span.last_day)
    said = {row["code"]: row for row in figures.table.rows}
    names = (*golden.CATEGORIES, "earned")
    counted = {code: _earned(lines.get(code, {})) for code in said}
    yield "households with lines that it leaves out", set(), set(lines) - set(said)
    yield "rows", {code: {name: row[name] for name in names} for code, row in said.items()}, counted
    yield "ranks", _column(said, "rank"), golden.ranks({code: of["earned"] for code, of in counted.items()})
    yield "totals", {name: figures.totals[name] for name in names}, _sums(map(_earned, lines.values()), names)
    yield "households that scored", dict(figures.summary)["有积分记录的户"], _taking_part(village, figures.span)


def _honours(figures: Figures, village: golden.Village) -> Iterator[tuple[str, Any, Any]]:
    lines = golden.by_household(village.pk, figures.span.first_day, figures.span.last_day)
    earned = {code: _earned(lines.get(code, {}))["earned"] for code in {*lines, *golden.households(village.pk)}}
    ranks = golden.ranks(earned)
    for row in figures.table.rows:
        yield f"household {row['code']}", (row["rank"], row["earned"]), (ranks[row["code"]], earned[row["code"]])
    named = [points for code, points in earned.items() if points > 0 and code in golden.consenting(village.pk)]
    count = len(figures.table.rows)
    yield "the first", [row["earned"] for row in figures.table.rows], sorted(named, reverse=True)[:count]
    yield "the village's points", dict(figures.summary)["全村积分"], sum(earned.values())


def _passbook(figures: Figures, village: golden.Village) -> Iterator[tuple[str, Any, Any]]:
    overview, each = figures.tables[:2]
    had = golden.opening(village.pk, figures.span.first_day)
    lines = golden.lines(village.pk, figures.span.first_day, figures.span.last_day)
    books = {row["code"]: row for row in overview.rows}
    gained, given = (dict.fromkeys(books, 0), dict.fromkeys(books, 0))
    for line in lines:
        (gained if line.points > 0 else given)[line.code] += line.points
    yield "opening", _column(books, "opening"), {code: had.get(code, 0) for code in books}
    yield "gained", _column(books, "gained"), gained
    yield "given", _column(books, "given"), given
    closing = {code: had.get(code, 0) + gained[code] + given[code] for code in books}
    yield "closing", _column(books, "closing"), closing
    yield "the village's closing", overview.totals["closing"], sum(had.values()) + sum(line.points for line in lines)
    said = sorted((row["number"], row["code"], row["points"], row["balance"]) for row in each.rows)
    yield "lines", said, sorted((line.number, line.code, line.points, line.balance) for line in lines)


def _ledger(figures: Figures, village: golden.Village) -> Iterator[tuple[str, Any, Any]]:
    lines = golden.lines(village.pk, figures.span.first_day, figures.span.last_day)
    names = ("number", "code", "head", "title", "points", "dated_on")
    said = [tuple(row[name] for name in names) for row in figures.table.rows]
    yield "lines", said, [tuple(getattr(line, name) for name in names) for line in lines]
    undone = [row["note"][3:].partition("：")[0] for row in figures.table.rows if row["note"].startswith("冲正 ")]
    yield "reversals", undone, [line.undoes for line in lines if line.undoes]
    summary, had = dict(figures.summary), sum(golden.opening(village.pk, figures.span.first_day).values())
    yield "opening", summary["期初余额"], had
    yield "total", figures.totals["points"], sum(line.points for line in lines)
    yield "closing", summary["期末余额"], had + sum(line.points for line in lines)
    sums = _sums(
        golden.by_household(village.pk, figures.span.first_day, figures.span.last_day).values(), golden.ACCOUNTS
    )
    yield "accounts", dict(figures.accounts), sums


def _redemptions(figures: Figures, village: golden.Village) -> Iterator[tuple[str, Any, Any]]:
    span, said = figures.span, {row["reward"].rpartition("（")[0]: row for row in figures.table.rows}
    points = golden.redeemed(village.pk, span.first_day, span.last_day)
    stock = golden.stock(village.pk, span.first_day, span.last_day)
    yield "rewards", set(said), {name for name, of in stock.items() if any(of)} | set(points)
    for name, row in said.items():
        taken, back = points.get(name, (0, 0))
        yield f"{name}: points", (row["taken"], row["given_back"], row["net"]), (taken, back, taken - back)
        yield f"{name}: stock", tuple(row[field] for field in golden.Stock._fields), tuple(stock[name])
    lines = [line for line in golden.lines(village.pk, span.first_day, span.last_day) if line.account == "redemption"]
    each = figures.tables[1]
    yield "the list", [(row["number"], row["points"]) for row in each.rows], [(one.number, one.points) for one in lines]
    yield "total", (-figures.totals["net"], each.totals["points"]), (sum(one.points for one in lines),) * 2


def _annual(figures: Figures, village: golden.Village) -> Iterator[tuple[str, Any, Any]]:
    first, last = figures.span.first_day, figures.span.last_day
    said = {row["code"]: row for row in figures.table.rows}
    lines = golden.by_household(village.pk, first, last)
    january = golden.by_household(village.pk, first, date(first.year, 1, 31))
    had, months = golden.opening(village.pk, first), golden.active_months(village.pk, first, last)
    nothing = dict.fromkeys(golden.ACCOUNTS, 0)
    counted = {}
    for code in said:
        of, carried = lines.get(code, nothing), january.get(code, nothing)["year_end"]
        counted[code] = {
            "opening": had.get(code, 0) + carried,
            **_earned(of),
            "redemption": of["redemption"],
            "transfer": of["transfer"],
            "year_end": of["year_end"] - carried,
            "closing": had.get(code, 0) + sum(of.values()),
            "months": months.get(code, 0),
        }
    names = list(next(iter(counted.values()), {}))
    yield "rows", {code: {name: row[name] for name in names} for code, row in said.items()}, counted
    yield "ranks", _column(said, "rank"), golden.ranks({code: of["earned"] for code, of in counted.items()})
    whole = sum(had.values()) + sum(sum(of.values()) for of in lines.values())
    yield "the village's closing", figures.totals["closing"], whole


def _compare_above(figures: Figures, path: str, villages: list[golden.Village]) -> Iterator[str]:
    """The summary of a township by village, of a county by township; what is above has the sums of what is below."""
    span, is_county = figures.span, any(path == village.county for village in villages)
    now, before = (golden.by_village(path, one.first_day, one.last_day) for one in (span, span.before))
    units = {
        village.code: village.township if is_county else village.code for village in villages
        if path in (village.township, village.county)
    }  # fmt: skip
    names = golden.names(list(units), townships=is_county)
    said = {row["name"]: row for row in figures.table.rows}
    counted: Said = {
        name: {**dict.fromkeys((*golden.CATEGORIES, "earned", "taking_part", "before"), 0)} for name in names.values()
    }
    for village in villages:
        if village.code not in units:
            continue
        row = counted[names[village.code]]
        for name, points in _earned(now.get(village.code, {})).items():
            row[name] += points
        row["before"] += _earned(before.get(village.code, {}))["earned"]
        row["taking_part"] += _taking_part(village, span)
    for name, row in counted.items():
        shown = {column: said.get(name, {}).get(column) for column in row}
        if shown != row:
            yield f"{figures.title} {name}: {shown!r}, by the lines {row!r}"
    for column in (*golden.CATEGORIES, "earned", "taking_part", "before"):
        whole = sum(row[column] for row in counted.values())
        if figures.totals[column] != whole:
            yield f"{figures.title} {column}: {figures.totals[column]}, by the lines {whole}"


def _taking_part(village: golden.Village, span: Span) -> int:
    return golden.taking_part(village.pk, span.first_day, span.last_day)


def _column(rows: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    return {code: row[name] for code, row in rows.items()}


OF_VILLAGES: dict[str, Check] = {
    "publicity": _publicity,
    "honour-list": _honours,
    "passbook": _passbook,
    "ledger": _ledger,
    "redemptions": _redemptions,
    "annual": _annual,
}


def main() -> int:
    """Print what differs, and how much was compared."""
    started, found = time.perf_counter(), 0
    for text in differences():
        found += 1
        print(text[:400])
    lines = golden.count()
    took = time.perf_counter() - started
    print(
        f"{len(golden.villages())} villages, {len(golden.months())} months, {lines:,} lines, seven reports: "
        f"{found} differences, {took:.0f} s"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
