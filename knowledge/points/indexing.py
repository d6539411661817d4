"""The line that tells the search of a change, in the transaction of the change."""

from datetime import date, timedelta

from django.db.models import Q

from registry.places.models import Place
from search import outbox

from .models import Item, Reward, Rules

SOURCE = "points"


def points_changed(place: Place) -> None:
    """What a village's page says of its rules, items or rewards changed; nothing where it keeps no points."""
    outbox.record(SOURCE, Rules.objects.filter(place=place).values_list("pk", flat=True))


def day_began(today: date) -> None:
    """Items and rewards began today or ended yesterday: nobody saved them, and yet the pages changed."""
    turned = Q(valid_from=today) | Q(valid_until=today - timedelta(days=1))
    places: set[int] = set()
    for model in (Item, Reward):
        places.update(model._default_manager.filter(turned).values_list("place", flat=True))
    outbox.record(SOURCE, Rules.objects.filter(place__in=places).values_list("pk", flat=True))
