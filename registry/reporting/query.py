"""Running a report: the rows that the reader's roles reach, or their totals by group."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth, TruncQuarter, TruncYear
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.scoping import places_for
from registry.places.models import Place, on_the_way, subtree
from registry.reporting.definition import COUNT, Definition, Filter, Group, condition_of
from registry.reporting.facts import TIMES, Dataset, Fact, Kind

_TRUNC = {"month": TruncMonth, "quarter": TruncQuarter, "year": TruncYear}


@dataclass(frozen=True)
class Heading:
    """Above a column: its key, its label, and what stands below it."""

    key: str
    label: str | Promise
    kind: Kind


@dataclass
class Line:
    """A row of the report: what it shows, and for a group the values that lead to the rows behind it."""

    cells: list[Any]
    behind: tuple[str, ...] = ()
    url: str = ""


@dataclass
class Result:
    """A report that was run. `totals` stands under the columns that add up, None under the others."""

    headings: list[Heading]
    lines: list[Line] = field(default_factory=list)
    totals: list[Any] = field(default_factory=list)


def rows_of(dataset: Dataset, definition: Definition, user: Any, *, behind: Sequence[str] = ()) -> "QuerySet[Any]":
    """The rows that a report is about, those behind one of its groups if its values are given."""
    rows = dataset.rows(user)
    for one in definition.filters:
        rows = rows.filter(_condition(one, dataset.fact(one.fact), user))
    for group, value in zip(definition.groups, behind, strict=False):
        rows = rows.filter(_within_group(dataset.fact(group.fact), group, value))
    return rows


def _condition(one: Filter, fact: Fact, user: Any) -> Q:
    if fact.kind is Kind.PLACE:
        found = places_for(user, "places.view_place").filter(Q(code=one.value.strip()) | Q(name=one.value.strip()))
        return subtree(found, fact.path)
    condition = Q(**condition_of(one, fact))
    return ~condition if one.operator == "not" else condition


def list_rows(dataset: Dataset, definition: Definition, rows: "QuerySet[Any]") -> Result:
    """The columns of each row, lazily: `lines` is filled by `lines_of` for the part that is shown."""
    facts = [dataset.fact(key) for key in _columns(dataset, definition)]
    headings = [Heading(fact.key, fact.label, fact.kind) for fact in facts]
    sums = {fact.key: Sum(fact.path) for fact in facts if fact.is_summed}
    summed = rows.order_by().aggregate(**{f"sum_{key}": total for key, total in sums.items()}) if sums else {}
    totals = [fact.shown(summed[f"sum_{fact.key}"] or 0) if fact.key in sums else None for fact in facts]
    return Result(headings, totals=totals)


def ordered(dataset: Dataset, definition: Definition, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """The rows in the report's order, made total by the primary key: pages never overlap."""
    key = definition.order.lstrip("-")
    if key in _columns(dataset, definition):
        sign = "-" if definition.order.startswith("-") else ""
        return rows.order_by(sign + _display_path(dataset.fact(key)), "pk")
    return rows.order_by("pk")


def lines_of(dataset: Dataset, definition: Definition, rows: Iterable[Any]) -> list[Line]:
    """These rows (a slice of a QuerySet) as lines."""
    facts = [dataset.fact(key) for key in _columns(dataset, definition)]
    paths = [_display_path(fact) for fact in facts]
    values = rows.values_list("pk", *paths) if isinstance(rows, QuerySet) else rows
    return [
        Line(
            [fact.shown(value) for fact, value in zip(facts, cells, strict=True)],
            url=dataset.row_url(pk) if dataset.row_url else "",
        )
        for pk, *cells in values
    ]


def _columns(dataset: Dataset, definition: Definition) -> Sequence[str]:
    """The columns of the rows; those behind a report of groups alone show all that is known."""
    return definition.columns or [fact.key for fact in dataset.facts]


def _display_path(fact: Fact) -> str:
    return f"{fact.path}__name" if fact.kind is Kind.PLACE else fact.path


def totals_by_group(dataset: Dataset, definition: Definition, rows: "QuerySet[Any]") -> Result:
    """The totals of each group, in the report's order, and of all."""
    groups = [(group, dataset.fact(group.fact)) for group in definition.groups]
    summed = [dataset.fact(key) for key in definition.totals if key != COUNT]
    headings = [Heading(fact.key, fact.label, fact.kind) for _group, fact in groups]
    counts = COUNT in definition.totals
    if counts:
        headings.append(Heading(COUNT, dataset.counted or _("数量"), Kind.INTEGER))
    headings += [Heading(fact.key, fact.label, fact.kind) for fact in summed]
    sums = _grouped_sums(groups, summed, rows)
    lines = []
    for labels, behind, count, amounts in sums:
        shown = [fact.shown(amount) for fact, amount in zip(summed, amounts, strict=True)]
        lines.append(Line([*labels, *([count] if counts else []), *shown], behind))
    result = Result(headings, _sorted(lines, definition, headings))
    whole = [sum(amounts[place] for *_rest, amounts in sums) for place in range(len(summed))]
    shown = [fact.shown(amount) for fact, amount in zip(summed, whole, strict=True)]
    result.totals = [None] * len(groups) + ([sum(count for _l, _b, count, _a in sums)] if counts else []) + shown
    return result


_Sums = list[tuple[list[Any], tuple[str, ...], int, list[Any]]]


def _grouped_sums(groups: Sequence[tuple[Group, Fact]], summed: Sequence[Fact], rows: "QuerySet[Any]") -> _Sums:
    """Labels, values that lead to the rows, count and sums of each group, ordered by what they are grouped by.

    The database groups by the places that the rows stand at; those are put together by level afterwards, since a
    level's depth in the tree is not the same everywhere. Counts and sums add up.
    """
    rows = rows.order_by()
    names = []
    for place, (group, fact) in enumerate(groups):
        name = f"group_{place}"
        rows = rows.annotate(**{name: _expression(group, fact)})
        names.append(name)
    amounts = {f"sum_{fact.key}": Sum(fact.path) for fact in summed}
    found = list(rows.values(*names).annotate(number_of_rows=Count("pk"), **amounts))
    levels = {
        place: _ancestors({row[name] for row in found}, group.by)
        for place, ((group, fact), name) in enumerate(zip(groups, names, strict=True))
        if fact.kind is Kind.PLACE
    }
    counts: defaultdict[tuple[Any, ...], int] = defaultdict(int)
    totals: defaultdict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [0] * len(summed))
    for row in found:
        key = tuple(levels[place][row[name]] if place in levels else row[name] for place, name in enumerate(names))
        counts[key] += row["number_of_rows"]
        for place, fact in enumerate(summed):
            totals[key][place] += row[f"sum_{fact.key}"] or 0
    return [
        (
            [_label(group, fact, value) for (group, fact), value in zip(groups, key, strict=True)],
            tuple(_value(value) for value in key),
            counts[key],
            totals[key],
        )
        for key in sorted(counts, key=lambda key: tuple(_sort_key(value) for value in key))
    ]


def _expression(group: Group, fact: Fact) -> Any:
    if fact.kind in TIMES:
        return _TRUNC[group.by](fact.path)
    return F(f"{fact.path}_id") if fact.kind is Kind.PLACE else F(fact.path)


def _ancestors(pks: set[Any], level: str) -> dict[Any, Place | None]:
    """For each place the one of this level that it is or stands in; itself where it stands above that level."""
    places = Place.objects.in_bulk([pk for pk in pks if pk is not None])
    above = Place.objects.filter(path__in=on_the_way(place.path for place in places.values()), kind=level)
    by_path = {place.path: place for place in above}
    found: dict[Any, Place | None] = {None: None}
    for pk, place in places.items():
        found[pk] = next((by_path[path] for path in on_the_way([place.path]) if path in by_path), place)
    return found


def _label(group: Group, fact: Fact, value: Any) -> Any:
    if value is None or value == "":
        return _("（未填）")
    if isinstance(value, Place):
        return value.name
    if fact.kind in TIMES:
        day = value.date() if isinstance(value, datetime.datetime) else value
        return {
            "month": f"{day:%Y-%m}",
            "quarter": _("%(year)d年第%(quarter)d季度") % {"year": day.year, "quarter": (day.month + 2) // 3},
            "year": f"{day:%Y}",
        }[group.by]
    return fact.shown(value)


def _value(value: Any) -> str:
    """A group's value as it stands in an address."""
    if value is None:
        return ""
    if isinstance(value, Place):
        return str(value.pk)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return str(value)


def _sort_key(value: Any) -> tuple[bool, Any]:
    if isinstance(value, Place):
        return False, value.path
    return value is None, "" if value is None else str(value) if isinstance(value, bool) else value


def _within_group(fact: Fact, group: Group, value: str) -> Q:
    """The condition that a row is in the group of this value. Raises ValueError for a value that is none."""
    if fact.kind is Kind.PLACE:
        if not value:
            return Q(**{f"{fact.path}__isnull": True})
        place = Place.objects.filter(pk=int(value)).first()
        if place is None:
            raise ValueError(value)
        # A place above the level stands for itself alone: those below it have groups of their own.
        return subtree([place], fact.path) if place.kind == group.by else Q(**{fact.path: place})
    if not value:
        empty = Q(**{f"{fact.path}__isnull": True})
        return empty | Q(**{fact.path: ""}) if fact.kind in {Kind.TEXT, Kind.CHOICE} else empty
    if fact.kind in TIMES:
        begins = datetime.date.fromisoformat(value)
        months = {"month": 1, "quarter": 3, "year": 12}[group.by]
        place_in_years = begins.year * 12 + begins.month - 1 + months
        ends = datetime.date(place_in_years // 12, place_in_years % 12 + 1, 1)
        path = f"{fact.path}__date" if fact.kind is Kind.MOMENT else fact.path
        return Q(**{f"{path}__gte": begins, f"{path}__lt": ends})
    if fact.kind is Kind.BOOLEAN:
        return Q(**{fact.path: value == "True"})
    return Q(**{fact.path: value})


def _sorted(lines: list[Line], definition: Definition, headings: Sequence[Heading]) -> list[Line]:
    key = definition.order.lstrip("-")
    for place, heading in enumerate(headings):
        if heading.key == key and place >= len(definition.groups):
            return sorted(lines, key=lambda line: line.cells[place], reverse=definition.order.startswith("-"))
    if key and definition.order.startswith("-"):
        return lines[::-1]
    return lines


def is_number(value: Any) -> bool:
    """Whether a cell is aligned to the right."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
