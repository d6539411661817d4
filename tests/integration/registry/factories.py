"""A row of each scoped model, standing at a given place, for the tests of reach.

The rule: every model with a `place_lookup` that has a page or a chooser in the back office has a factory here, under
its label. A factory makes one more row each time it is called, so that its text and numbers must not collide:

    @factory("volunteers.team")
    def team(place: Place) -> Team:
        return Team.objects.create(place=place, name=f"义工队{number()}")

`test_reach.py` fails for a model that has none. The rows are looked for by their text too: give each a name of its own.
"""

import itertools
from collections.abc import Callable
from typing import Any

from django.db import models

from accounts import audit
from accounts.models import Appointment, AuditLine, User
from accounts.roles import Role
from registry.places.models import Kind, Place

Factory = Callable[[Place], models.Model]

FACTORIES: dict[str, Factory] = {}

_numbers = itertools.count(1)


def number() -> int:
    """A number that no other row has."""
    return next(_numbers)


def factory(label: str) -> Callable[[Factory], Factory]:
    """Register the factory of a model by its label, "app.model" in small letters."""

    def register(make: Factory) -> Factory:
        assert label not in FACTORIES, label
        FACTORIES[label] = make
        return make

    return register


def make(model: type[models.Model], place: Place) -> Any:
    """A new row of the model that stands at the place."""
    return FACTORIES[model._meta.label_lower](place)


def make_user(name: str = "") -> User:
    """Somebody with no role."""
    unique = number()
    return User.objects.create_user(f"made{unique}", f"made{unique}@example.org", display_name=name or f"人{unique}")


@factory("places.place")
def place_below(place: Place) -> Place:
    """A grid of a village, a micro-grid of a grid."""
    unique = number()
    kind = Kind.MICRO_GRID if place.kind == Kind.GRID else Kind.GRID
    place.refresh_from_db()
    below: Place = place.add_child(code=f"{place.code}-{unique:02}", name=f"网格第{unique}片", kind=kind)
    return below


@factory("accounts.appointment")
def appointment(place: Place) -> Appointment:
    """Somebody's role at the place."""
    return Appointment.objects.create(user=make_user(), role=Role.EDITOR, place=place)


@factory("accounts.auditline")
def audit_line(place: Place) -> AuditLine:
    """A line about something at the place."""
    return audit.record(by=make_user(), action=f"places.test{number()}", subject=place, place=place)
