"""What the roles held at a place allow, as Django asks for it."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import Model

from accounts.roles import permissions_of
from accounts.scoping import appointments_of, is_scoped, rows_for


class PlaceBackend(BaseBackend):
    """Permissions from appointments; signs nobody in.

    Without an object the question is whether the user may do this anywhere (is there a menu entry to show), with an
    object whether the object stands where they may.
    """

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """All that the user may do: anywhere, or with this object."""
        held: set[str] = set()
        for appointment in appointments_of(user_obj):
            held |= permissions_of(appointment.role)
        if obj is None:
            return held
        if not is_scoped(type(obj)):
            return set()
        ending = f"_{obj._meta.model_name}"
        return {
            permission
            for permission in held
            if permission.startswith(f"{obj._meta.app_label}.")
            and permission.endswith(ending)
            and rows_for(type(obj), user_obj, permission.partition(".")[2].removesuffix(ending))
            .filter(pk=obj.pk)
            .exists()
        }

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        """Whether the user may do this: anywhere, or with this object."""
        return user_obj.is_active and perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether the user may do anything at all in an app."""
        return user_obj.is_active and any(
            permission.startswith(f"{app_label}.") for permission in self.get_all_permissions(user_obj)
        )
