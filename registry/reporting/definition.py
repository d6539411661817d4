"""What a report shows, as it is stored: a dataset, columns or groups with totals, filters and an order."""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.places.models import Kind as PlaceKind
from registry.reporting.facts import TIMES, Dataset, Fact, Kind

MAX_GROUPS = 2
MAX_FILTERS = 8
COUNT = "count"

OPERATORS: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"contains": gettext_lazy("包含"), "is": gettext_lazy("等于")},
    Kind.CHOICE: {"is": gettext_lazy("等于"), "not": gettext_lazy("不等于")},
    Kind.BOOLEAN: {"is": gettext_lazy("等于")},
    Kind.PLACE: {"within": gettext_lazy("在这里及以下")},
    Kind.DATE: {"from": gettext_lazy("不早于"), "to": gettext_lazy("不晚于"), "period": gettext_lazy("期间")},
    Kind.INTEGER: {"min": gettext_lazy("不少于"), "max": gettext_lazy("不多于")},
}
OPERATORS[Kind.MOMENT] = OPERATORS[Kind.DATE]
OPERATORS[Kind.MONEY] = OPERATORS[Kind.HALVES] = OPERATORS[Kind.INTEGER]

PERIODS = {
    "this_month": gettext_lazy("本月"),
    "last_month": gettext_lazy("上月"),
    "this_quarter": gettext_lazy("本季度"),
    "last_quarter": gettext_lazy("上季度"),
    "this_year": gettext_lazy("今年"),
    "last_year": gettext_lazy("去年"),
    "twelve_months": gettext_lazy("近十二个月"),
}
STEPS = {"month": gettext_lazy("按月"), "quarter": gettext_lazy("按季度"), "year": gettext_lazy("按年")}
LEVELS = {
    PlaceKind.VILLAGE.value: gettext_lazy("按村、社区"),
    PlaceKind.TOWNSHIP.value: gettext_lazy("按乡镇、街道"),
    PlaceKind.COUNTY.value: gettext_lazy("按区县"),
}


def period(name: str, today: datetime.date | None = None) -> tuple[datetime.date, datetime.date]:
    """The first and last day of a period that is named from today on."""
    today = today or timezone.localdate()
    month = today.replace(day=1)
    quarter = month.replace(month=(today.month - 1) // 3 * 3 + 1)
    year = month.replace(month=1)
    begins, months = {
        "this_month": (month, 1),
        "last_month": (_later(month, -1), 1),
        "this_quarter": (quarter, 3),
        "last_quarter": (_later(quarter, -3), 3),
        "this_year": (year, 12),
        "last_year": (_later(year, -12), 12),
        "twelve_months": (_later(month, -11), 12),
    }[name]
    return begins, _later(begins, months) - datetime.timedelta(days=1)


def _later(month: datetime.date, months: int) -> datetime.date:
    place = month.year * 12 + month.month - 1 + months
    return datetime.date(place // 12, place % 12 + 1, 1)


@dataclass(frozen=True)
class Group:
    """What rows are put together by: a fact, and for a time or a place how finely ("month", "village")."""

    fact: str
    by: str = ""


@dataclass(frozen=True)
class Filter:
    """A condition on a fact. The value is text, as somebody typed it."""

    fact: str
    operator: str
    value: str


@dataclass(frozen=True)
class Definition:
    """A report. With groups it shows them and the totals; without, the columns of each row."""

    dataset: str
    columns: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    totals: tuple[str, ...] = (COUNT,)
    filters: tuple[Filter, ...] = ()
    order: str = ""
    """The key of a column or total, with a minus in front for the largest first."""

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


def load(stored: Mapping[str, Any]) -> Definition:
    """A definition as it was stored."""
    return Definition(
        dataset=stored["dataset"],
        columns=tuple(stored.get("columns", ())),
        groups=tuple(Group(**group) for group in stored.get("groups", ())),
        totals=tuple(stored.get("totals", (COUNT,))),
        filters=tuple(Filter(**one) for one in stored.get("filters", ())),
        order=stored.get("order", ""),
    )


def check(definition: Definition, dataset: Dataset) -> None:
    """Refuse what a report cannot show. Raises ValidationError by part of the definition."""
    errors: dict[str, list[str]] = {}
    known = {fact.key: fact for fact in dataset.facts}
    if not definition.groups and not definition.columns:
        errors["columns"] = [_("至少选一列，或者选一个分组。")]
    if unknown := [key for key in definition.columns if key not in known]:
        errors.setdefault("columns", []).append(_("没有这一列：%(keys)s。") % {"keys": "、".join(unknown)})
    if len(definition.groups) > MAX_GROUPS:
        errors["groups"] = [_("最多按两项分组。")]
    if len({group.fact for group in definition.groups}) < len(definition.groups):
        errors["groups"] = [_("两个分组不能是同一项。")]
    for group in definition.groups:
        if group.fact not in known or not _by_fits(known[group.fact], group.by):
            errors.setdefault("groups", []).append(_("不能这样分组。"))
    for key in definition.totals:
        if key != COUNT and (key not in known or not known[key].is_summed):
            errors.setdefault("totals", []).append(_("这一项不能合计：%(key)s。") % {"key": key})
    if len(definition.filters) > MAX_FILTERS:
        errors["filters"] = [_("最多 8 个条件。")]
    for one in definition.filters:
        try:
            condition_of(one, known.get(one.fact))
        except ValueError as error:
            errors.setdefault("filters", []).append(str(error))
    if errors:
        raise ValidationError(errors)


def _by_fits(fact: Fact, by: str) -> bool:
    if fact.kind in TIMES:
        return by in STEPS
    if fact.kind is Kind.PLACE:
        return by in LEVELS
    return by == "" and fact.kind in {Kind.TEXT, Kind.CHOICE, Kind.BOOLEAN}


def condition_of(one: Filter, fact: Fact | None) -> dict[str, Any]:
    """A filter as a lookup; a place's is left to the query, which knows the tree. Raises ValueError with the reason."""
    if fact is None or one.operator not in OPERATORS[fact.kind]:
        raise ValueError(_("没有这个条件。"))
    found = one.value.strip()
    if not found:
        raise ValueError(_("“%(fact)s”的条件没有填值。") % {"fact": fact.label})
    path = f"{fact.path}__date" if fact.kind is Kind.MOMENT else fact.path
    if fact.kind in TIMES:
        return _time_condition(one.operator, path, found, fact)
    match fact.kind:
        case Kind.PLACE:
            return {}
        case Kind.TEXT:
            return {f"{path}__icontains" if one.operator == "contains" else path: found}
        case Kind.CHOICE:
            values = [key for key, label in fact.choices.items() if found in {str(key), str(label)}]
            if not values:
                raise ValueError(_("“%(fact)s”没有“%(value)s”这一项。") % {"fact": fact.label, "value": found})
            return {f"{path}__in": values}
        case Kind.BOOLEAN:
            if found not in {"true", "false", "是", "否"}:
                raise ValueError(_("“%(fact)s”请填“是”或“否”。") % {"fact": fact.label})
            return {path: found in {"true", "是"}}
    try:
        number = Decimal(found) * (2 if fact.kind is Kind.HALVES else 1)
    except InvalidOperation as error:
        raise ValueError(_("“%(fact)s”的条件不是数字。") % {"fact": fact.label}) from error
    if not number.is_finite() or abs(number) > 10**14:
        raise ValueError(_("“%(fact)s”的条件不是数字。") % {"fact": fact.label})
    return {f"{path}__{'gte' if one.operator == 'min' else 'lte'}": number}


def _time_condition(operator: str, path: str, found: str, fact: Fact) -> dict[str, Any]:
    if operator == "period":
        names = [name for name, label in PERIODS.items() if found in {name, str(label)}]
        if not names:
            raise ValueError(_("“%(fact)s”没有“%(value)s”这个期间。") % {"fact": fact.label, "value": found})
        begins, ends = period(names[0])
        return {f"{path}__gte": begins, f"{path}__lte": ends}
    try:
        day = parse_date(found)
    except ValueError:
        day = None
    if day is None:
        raise ValueError(_("“%(fact)s”的条件不是日期：请写成 2024-03-05。") % {"fact": fact.label})
    return {f"{path}__{'gte' if operator == 'from' else 'lte'}": day}
