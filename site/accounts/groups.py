"""A group for the editors of each place, so that Wagtail's lists of people and its tasks show who they are.

The groups give no permission: what an editor may do is decided by the appointment itself, in `accounts.pages`, so that
it ends with the day on which the appointment ends, whether or not anything was run to take somebody out of a group.
"""

from typing import Any

from django.contrib.auth.models import Group
from django.db import models

from accounts.models import Appointment, User
from accounts.roles import Role
from registry.places.models import Place


def name_of(place: Place) -> str:
    """内容编辑 · 鲁家村（330523001201）: places of one name are told apart by their code."""
    return f"{Role.EDITOR.label} · {place.name}（{place.code}）"


def sync(place: Place) -> None:
    """Bring the group of a place's editors in line with today's appointments; a group that is empty goes."""
    editors = User.objects.filter(pk__in=_editing().filter(place=place).values("user"))
    found = Group.objects.filter(name__endswith=f"（{place.code}）", name__startswith=f"{Role.EDITOR.label} · ").first()
    if not editors.exists():
        if found is not None:
            found.delete()
        return
    if found is None:
        found = Group.objects.create(name=name_of(place))
    elif found.name != name_of(place):
        found.name = name_of(place)
        found.save(update_fields=["name"])
    found.user_set.set(editors)


def sync_all() -> int:
    """Bring the groups of all places in line. Returns for how many places."""
    codes = set(_codes())
    editing = Appointment.objects.filter(role=Role.EDITOR).values("place")
    places = Place.objects.filter(models.Q(pk__in=editing) | models.Q(code__in=codes))
    count = 0
    for place in places:
        sync(place)
        codes.discard(place.code)
        count += 1
    for code in codes:  # the place itself is gone
        Group.objects.filter(name__endswith=f"（{code}）", name__startswith=f"{Role.EDITOR.label} · ").delete()
    return count


def _editing() -> Any:
    return Appointment.objects.current().filter(role=Role.EDITOR, user__is_active=True)


def _codes() -> list[str]:
    names = Group.objects.filter(name__startswith=f"{Role.EDITOR.label} · ").values_list("name", flat=True)
    return [name.rpartition("（")[2].rstrip("）") for name in names]
