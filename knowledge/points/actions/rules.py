"""The rules and items of a village."""

from typing import Any

from django.db import transaction

from accounts import audit
from registry.places.models import Place

from ..indexing import points_changed
from ..models import Balance, Item, Rules
from ..refusals import require_no_debts


def rules_of(place: Place) -> Rules:
    """A village's rules, with the defaults where it has set none."""
    return Rules.objects.filter(place=place).first() or Rules(place=place)


@transaction.atomic
def set_rules(*, rules: Rules, by: Any) -> Rules:
    """Store a village's rules. Raises ValidationError where balances are negative that may not be from now on."""
    rules.full_clean()
    # Whoever posts waits for this, and this for whoever posts.
    balances = Balance.objects.select_for_update().filter(household__village=rules.place).order_by("pk")
    list(balances.values_list("pk", flat=True))
    if not rules.may_be_negative:
        require_no_debts(rules.place)
    rules.save()
    balances.exclude(may_be_negative=rules.may_be_negative).update(may_be_negative=rules.may_be_negative)
    points_changed(rules.place)
    audit.record(
        by=by,
        action="points.set_rules",
        subject=rules,
        place=rules.place,
        panel_size=rules.panel_size,
        publicity_days=rules.publicity_days,
        may_be_negative=rules.may_be_negative,
        year_end=rules.year_end,
    )
    return rules


@transaction.atomic
def save_item(*, item: Item, by: Any) -> Item:
    """Store a new or changed item. What is posted keeps the name and points that it was posted with."""
    before = Item.objects.filter(pk=item.pk).values("name", "points", "cap", "valid_until").first()
    item.full_clean()
    item.save()
    points_changed(item.place)
    audit.record(
        by=by,
        action="points.save_item",
        subject=item,
        place=item.place,
        before=before,
        points=item.points,
        cap=item.cap,
    )
    return item
