"""Villages' points as the search sees them: the rules, what points are given for, what they buy. Never a household."""

from itertools import groupby
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from search.documents import Document, Source, register

from .indexing import SOURCE
from .models import Item, Reward, Rules

_ASKED = (_("%(village)s积分超市"), _("%(village)s积分兑换"), _("做什么加几分、扣几分"))
"""How residents ask for it."""


class PointsSource(Source):
    """The public page of each village that keeps points."""

    name = SOURCE
    label = _("积分")
    model = Rules
    order = 62

    def queryset(self) -> "QuerySet[Rules]":
        """With the items that are valid today and the things that can be had, whether in stock or not."""
        today = timezone.localdate()
        items = Item.objects.valid_on(today).order_by("category", "position", "pk")
        offered = Reward.objects.current(today).order_by("price", "name")
        return Rules.objects.select_related("place").prefetch_related(
            Prefetch("place__points_items", items, to_attr="valid_items"),
            Prefetch("place__rewards", offered, to_attr="offered_rewards"),
        )

    def document(self, obj: Any) -> Document:
        place = obj.place
        title = _now("%(village)s积分") % {"village": place.name}
        return Document(
            key=self.key(obj.pk),
            kind=self.name,
            title=title,
            url=reverse("points:village", args=[place.code]),
            body="\n".join([*_items(place.valid_items), _way(obj), *_rewards(place.offered_rewards)]),
            names=tuple(str(name) % {"village": place.name} for name in _ASKED),
            place=place.name,
            suggest=(title,),
            label=place.name,
        )


def _items(items: list[Item]) -> list[str]:
    """A line for each category: 公共秩序：垃圾分类（+2 分/次，每月最多 10 分）、…."""
    lines = []
    for _category, rows in groupby(items, lambda item: item.category):
        found = list(rows)
        told = "、".join(f"{item.name}（{_points(item)}）" for item in found)
        lines.append(f"{found[0].get_category_display()}：{told}")
    return lines


def _points(item: Item) -> str:
    text = _now("加 %(points)d 分") if item.points > 0 else _now("扣 %(points)d 分")
    each = _now("每%(unit)s") % {"unit": item.unit}
    return "，".join(filter(None, [each + text % {"points": item.points_taken}, item.cap_text]))


def _way(rules: Rules) -> str:
    return _now(
        "怎么积分：农户申报或者村里登记，初审后由 %(count)d 名以上评议员评议同意，公示 %(days)d 天，没有异议就入账。"
    ) % {"count": rules.panel_size, "days": rules.publicity_days}


def _rewards(rewards: list[Reward]) -> list[str]:
    if not rewards:
        return []
    told = "、".join(
        _now("%(name)s %(price)d 分/%(unit)s") % {"name": one.name, "price": one.price, "unit": one.unit}
        for one in rewards
    )
    return [_now("积分兑换（积分超市）：%(things)s") % {"things": told}]


register(PointsSource())
