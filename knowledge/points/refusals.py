"""Refusals in the user's words."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.places.models import Place

from .models import Household, Item, Period


def require_current(household: Household) -> None:
    """Raise ValidationError for a household that was dissolved."""
    if household.closed_on is not None:
        raise ValidationError(
            _("%(household)s已于 %(day)s 销户，不能再登记。")
            % {"household": household, "day": household.closed_on.isoformat()}
        )


def require_item(household: Household, item: Item, day: date) -> None:
    """Raise ValidationError for an item of another village, or one that no points are given for on that day."""
    if item.place_id != household.village_id:
        raise ValidationError(_("“%(item)s”不是这个村的积分项目。") % {"item": item.name})
    if not item.is_valid_on(day):
        raise ValidationError(_("“%(item)s”在 %(day)s 不在有效期内。") % {"item": item.name, "day": day.isoformat()})


def require_past(day: date) -> None:
    """Raise ValidationError for a day that has not come yet."""
    if day > timezone.localdate():
        raise ValidationError(_("发生日期不能晚于今天。"))


def require_reason(reason: str) -> str:
    """The reason without spaces around it. Raises ValidationError where there is none."""
    reason = reason.strip()
    if not reason:
        raise ValidationError(_("要写明理由。"))
    if len(reason) > 200:
        raise ValidationError(_("理由最多 200 个字。"))
    return reason


def is_closed(place: Place, day: date) -> bool:
    """Whether a day stands in a month that is closed, or before one that is."""
    return Period.objects.filter(place=place, first_day__gte=day.replace(day=1)).exclude(closed_at=None).exists()


def require_no_debts(place: Place) -> None:
    """Raise ValidationError where households of a village owe points: they would break a rule that forbids it."""
    owing = list(Household.objects.filter(village=place, balance__points__lt=0).order_by("code")[:5])
    if owing:
        names = "、".join(map(str, owing))
        raise ValidationError(_("还有余额为负的农户（%(names)s），先处理了再改成“余额不能为负”。") % {"names": names})
