"""Closing months, quarters and years, one month after the other."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from registry.places.models import Place

from ..calendar import last_day, months_of
from ..choices import PeriodKind
from ..models import Period
from ..verification import differences
from .year_end import end_year


@transaction.atomic
def close(*, place: Place, day: date, kind: str, by: Any) -> list[Period]:
    """Close the month, quarter or year that a day stands in; December closes with the year's end.

    Raises ValidationError as `to_close` does, and where the totals that the database keeps are not those of the lines.
    """
    return [_close_month(Period.of(place, first), by) for first in to_close(place=place, day=day, kind=kind)]


def to_close(*, place: Place, day: date, kind: str) -> list[date]:
    """The first days of the months that closing the month, quarter or year of a day closes, in order.

    Raises ValidationError while the period lasts, once it is closed, and while an earlier month is open.
    """
    if last_day(day, kind) >= timezone.localdate():
        raise ValidationError(_("这个账期还没有结束，不能结账。"))
    months = list(months_of(day, kind))
    closed = Period.objects.filter(place=place, first_day__in=months).exclude(closed_at=None)
    left = sorted(set(months) - set(closed.values_list("first_day", flat=True)))
    if not left:
        raise ValidationError(_("这个账期已经结过账。"))
    earlier = next(iter(open_months(place)), left[0])
    if earlier < left[0]:
        raise ValidationError(_("%(period)s 还没有结账，请按顺序结账。") % {"period": f"{earlier:%Y-%m}"})
    return left


def begin_months(today: date) -> None:
    """Begin the month in all villages that keep books: it has to be closed, whether anything is posted in it or not."""
    for place in Place.objects.filter(pk__in=Period.objects.values("place")).order_by("pk"):
        Period.of(place, today)


def open_months(place: Place) -> list[date]:
    """The first days of the months that have ended and are not closed, the earliest first.

    A month in which nothing was posted is one of them: a year ends with its December, whatever stands in it.
    """
    months = Period.objects.filter(place=place).order_by("first_day")
    first, closed = months.first(), months.exclude(closed_at=None).last()
    if first is None:
        return []
    month = closed.last_day + timedelta(days=1) if closed else first.first_day
    found, this_month = [], timezone.localdate().replace(day=1)
    while month < this_month:
        found.append(month)
        month = last_day(month, PeriodKind.MONTH) + timedelta(days=1)
    return found


def _close_month(period: Period, by: Any) -> Period:
    if period.first_day.month == 12:
        end_year(period, by)
    period = Period.objects.select_for_update().select_related("place").get(pk=period.pk)
    if period.closed_at is not None:
        raise ValidationError(_("%(period)s 已经结账。") % {"period": period})
    found = differences(place=period.place)
    if found:
        raise ValidationError([_("账不平，不能结账："), *found[:10]])
    period.closed_at, period.closed_by = timezone.now(), by
    period.save(update_fields=["closed_at", "closed_by"])
    audit.record(
        by=by, action="points.close_period", subject=period, place=period.place, period=str(period), lines=period.lines
    )
    return period
