"""Whether what the database keeps with each line is what the lines say."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, Sum, Value, When
from django.db.models.functions import Abs, Coalesce
from django.utils.translation import gettext as _

from registry.places.models import Place

from .models import Balance, CapUse, LedgerLine, Reward, StockMove, Total

_Key = tuple[Any, ...]


def differences(*, place: Place | None = None) -> list[str]:
    """Every balance, total, cap and stock that is not the sum of its lines; of one village, or of all."""
    return [text for check in (_balances, _totals, _caps, _stocks) for text in check(place)]


def _compare(kept: dict[_Key, int], counted: dict[_Key, int], text: Callable[[_Key], str]) -> Iterator[str]:
    for key in sorted(kept.keys() | counted.keys(), key=str):
        has, should = kept.get(key, 0), counted.get(key, 0)
        if has != should:
            yield _("%(what)s：存的是 %(has)d，台账是 %(should)d") % {"what": text(key), "has": has, "should": should}


def _sums(rows: "models.QuerySet[Any]", *keys: str, value: Any) -> dict[_Key, int]:
    grouped = rows.order_by().values_list(*keys).annotate(sum_of_lines=Sum(value))
    return {tuple(row[:-1]): row[-1] for row in grouped}


def _balances(place: Place | None) -> Iterator[str]:
    kept = {(pk,): points for pk, points in _of(Balance, place, "household__village").values_list("pk", "points")}
    counted = _sums(_of(LedgerLine, place), "household", value="points")
    return _compare(kept, counted, lambda key: _("余额（户 %(pk)s）") % {"pk": key[0]})


def _totals(place: Place | None) -> Iterator[str]:
    keys = ("household", "period", "account")
    kept = _sums(_of(Total, place, "period__place"), *keys, value="points")
    counted = _sums(_of(LedgerLine, place), *keys, value="points")
    return _compare(kept, counted, lambda key: _("合计（户 %s，账期 %s，%s）") % key)


def _caps(place: Place | None) -> Iterator[str]:
    keys = ("household", "item", "cap_from", "cap_until")
    kept = _sums(_of(CapUse, place, "household__village"), *keys, value="points")
    used = Case(
        When(reversal_of=None, then=Abs("points")), default=-Abs(F("points")), output_field=models.IntegerField()
    )
    counted = _sums(_of(LedgerLine, place).filter(~Q(cap=None)), *keys, value=used)
    return _compare(kept, counted, lambda key: _("上限（户 %s，项目 %s，%s 至 %s）") % key)


def _stocks(place: Place | None) -> Iterator[str]:
    kept = {(pk,): stock for pk, stock in _of(Reward, place).values_list("pk", "stock")}
    moves = _of(StockMove, place, "reward__place")
    counted = _sums(moves, "reward", value=Coalesce("change", Value(0)))
    return _compare(kept, counted, lambda key: _("库存（物品 %(pk)s）") % {"pk": key[0]})


def _of(model: type[models.Model], place: Place | None, lookup: str = "place") -> "models.QuerySet[Any]":
    rows = model._default_manager.all()
    return rows if place is None else rows.filter(**{lookup: place})
