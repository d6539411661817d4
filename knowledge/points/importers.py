"""Households and what they did, from the spreadsheets that villages keep."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.sensitive import mask_phone
from registry.importing import cells
from registry.importing.columns import CellWidget, Column, PlaceReader
from registry.importing.resources import SheetResource, register
from registry.places.models import Place

from .actions import claims, households
from .choices import ClaimState, Source
from .models import Claim, Household, Item


class _AtPlaces(SheetResource):
    """Rows that name a place within the user's reach."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["place"].widget = CellWidget(PlaceReader(self.by, self.permission))


@register
class HouseholdResource(_AtPlaces):
    """The households of villages, by village and code."""

    key = "points.household"
    title = gettext_lazy("农户名册")
    description = gettext_lazy("本村已有的户号修改，没有的新增。手机号加密保存，检查结果里只显示一部分。")
    model = Household
    permission = "points.add_household"

    place = Column(
        gettext_lazy("村或网格"), "place", required=True, help_text=gettext_lazy("村、社区或网格的名称或代码。")
    )
    code = Column(
        gettext_lazy("户号"),
        "code",
        cells.digits,
        required=True,
        max_length=12,
        help_text=gettext_lazy("整列设为“文本”，前面的 0 才不会丢。"),
    )
    head = Column(gettext_lazy("户主"), "head", required=True, max_length=60)
    phone = Column(gettext_lazy("手机号"), "phone", cells.phone, secret=mask_phone)
    consent_on = Column(gettext_lazy("同意具名日期"), "consent_on", cells.date)

    def find(self, row: Mapping[str, Any]) -> Household | None:
        """The household of this code in the place's village."""
        village = households.village_of(row["place"])
        if "phone" in row:
            row["phone"] = row["phone"] or ""  # type: ignore[index]
        found: Household | None = Household.objects.filter(village=village, code__iexact=row["code"]).first()
        if found is not None and found.closed_on is not None:
            raise ValidationError(_("户号 %(code)s 已经销户。") % {"code": found.code})
        return found

    def write(self, instance: Household, row: Mapping[str, Any], new: bool) -> None:
        """Register or change."""
        if new:
            households.register(household=instance, by=self.by)
        else:
            households.change(household=instance, by=self.by)


@register
class ClaimResource(_AtPlaces):
    """What households did, to be checked and reviewed like any other claim."""

    key = "points.claim"
    title = gettext_lazy("积分登记")
    description = gettext_lazy("登记以后照样要别人初审、评议、公示。同一户、同一天、同一项目只登记一次。")
    model = Claim
    permission = "points.add_claim"

    place = Column(gettext_lazy("村、社区"), "place", required=True, help_text=gettext_lazy("名称或代码。"))
    code = Column(gettext_lazy("户号"), "household_code", cells.digits, required=True, max_length=12)
    head = Column(gettext_lazy("户主"), "household_head", required=True, help_text=gettext_lazy("与登记的户主核对。"))
    item = Column(gettext_lazy("项目"), "item_title", required=True, help_text=gettext_lazy("与积分项目的名称一致。"))
    happened_on = Column(gettext_lazy("日期"), "happened_on", cells.date, required=True, example="2026-03-05")
    quantity = Column(gettext_lazy("数量"), "quantity", cells.integer, required=True, example="1")
    note = Column(gettext_lazy("说明"), "note", max_length=200)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._items: dict[tuple[int, str, Any], Item] = {}

    def find(self, row: Mapping[str, Any]) -> Claim | None:
        """The claim of this household for this item on this day that is on its way or posted."""
        household, item = self._household(row), self._item(row)
        if "note" in row:
            row["note"] = row["note"] or ""  # type: ignore[index]
        standing = Claim.objects.filter(household=household, item=item, happened_on=row["happened_on"])
        found: Claim | None = standing.exclude(state=ClaimState.REFUSED).first()
        if found is not None:
            found.household_code, found.household_head = row["household_code"], household.head  # type: ignore[attr-defined]
            found.item_title, found.note = item.name, row.get("note", found.note)  # type: ignore[attr-defined]
        return found

    def import_instance(self, instance: Claim, row: Any, **kwargs: Any) -> None:
        """Fill the claim; whose it is comes last, for the list of outcomes."""
        super().import_instance(instance, row, **kwargs)
        instance.household, instance.item = self._household(self._cleaned), self._item(self._cleaned)
        instance.item_name = instance.item.name
        instance.points = instance.item.points * (instance.quantity or 0)

    def write(self, instance: Claim, row: Mapping[str, Any], new: bool) -> None:
        """Enter it. Raises ValidationError where a claim of that day says something else."""
        if not new:
            raise ValidationError(_("这一户这一天已登记过这个项目，数量不同，请先核对。"))
        deed = claims.Deed(instance.household, instance.item, row["quantity"], row.get("note") or "")
        claims.enter(deed=deed, happened_on=row["happened_on"], source=Source.SHEET, by=self.by)

    def _household(self, row: Mapping[str, Any]) -> Household:
        village: Place = households.village_of(row["place"])
        found = Household.objects.current().filter(village=village).coded(row["household_code"])
        if found is None:
            raise ValidationError(
                _("%(village)s没有户号 %(code)s。") % {"village": village, "code": row["household_code"]}
            )
        if found.head != row["household_head"]:
            raise ValidationError(_("这个户号登记的户主不是“%(name)s”，请核对。") % {"name": row["household_head"]})
        return found

    def _item(self, row: Mapping[str, Any]) -> Item:
        village, day = households.village_of(row["place"]), row["happened_on"]
        known = (village.pk, row["item_title"], day)
        if known not in self._items:
            item = Item.objects.filter(place=village, name=row["item_title"]).valid_on(day).first()
            if item is None:
                raise ValidationError(
                    _("%(village)s在 %(day)s 没有叫“%(item)s”的积分项目。")
                    % {"village": village, "day": day, "item": row["item_title"]}
                )
            self._items[known] = item
        return self._items[known]
