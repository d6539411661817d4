"""What somebody may reach: the rows of the places where they hold a role that may do it, and no others.

Every list, form, chooser, export, report, API call and search goes through `for_user`. A model says by `place_lookup`
how its rows lead to their place ("place", "team__organization__place", "" for a place itself).
"""

from typing import Any, ClassVar, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy

from accounts.models import Appointment, User
from accounts.roles import permission_name, roles_with
from registry.places.models import Place, subtree

type_of_user = User | AnonymousUser


def appointments_of(user: Any) -> list[Appointment]:
    """The roles that somebody holds today, read once for each user object (that is, once a request)."""
    if not user.is_authenticated or not user.is_active:
        return []
    held = getattr(user, "_held_appointments", None)
    if held is None:
        held = list(Appointment.objects.current().filter(user=user).select_related("place"))
        user._held_appointments = held
    return list(held)


def places_with(user: Any, permission: str) -> list[Place]:
    """The places at which somebody may do this; each stands for everything below it."""
    roles = roles_with(permission)
    return [held.place for held in appointments_of(user) if held.role in roles]


def reach(user: Any, permission: str, lookup: str) -> Q:
    """The condition that a row stands where this user may do this. `lookup` leads from the row to its place."""
    if user.is_active and user.is_superuser:
        return Q()
    return subtree(places_with(user, permission), lookup)


def places_for(user: Any, permission: str) -> "models.QuerySet[Place]":
    """All places, those below included, at which somebody may do this."""
    return Place.objects.filter(reach(user, permission, ""))


class ScopedQuerySet(models.QuerySet):
    """Rows that stand at a place."""

    def for_user(self, user: Any, action: str = "view") -> Self:
        """The rows with which this user may do this action ("view", "change" … as in the permission's name)."""
        return self.filter(reach(user, permission_name(self.model, action), place_lookup(self.model)))

    def at(self, place: Place) -> Self:
        """The rows of a place and of everything below it."""
        return self.filter(subtree([place], place_lookup(self.model)))


class Scoped(models.Model):
    """A model whose rows stand at a place. Its default manager must be made from a ScopedQuerySet."""

    place_lookup: ClassVar[str] = "place"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


def place_lookup(model: type[models.Model]) -> str:
    """How a scoped model's rows lead to their place."""
    found: str = model.place_lookup  # type: ignore[attr-defined]
    return found


def is_scoped(model: type[models.Model]) -> bool:
    """Whether the rows of a model stand at a place."""
    return hasattr(model, "place_lookup")


def reached(model: type[models.Model], user: Any, action: str = "view") -> Q:
    """The condition that a row of a scoped model is one with which a user may do this; empty for an administrator."""
    return reach(user, permission_name(model, action), place_lookup(model))


def rows_for(model: type[models.Model], user: Any, action: str = "view") -> "models.QuerySet[Any]":
    """The rows of any model with which a user may do this: scoped where the model is, else all."""
    rows = model._default_manager.all()
    if not is_scoped(model):
        return rows
    return rows.filter(reached(model, user, action))


class PlacePermissionPolicy(ModelPermissionPolicy):
    """Wagtail's questions about permissions, answered by the roles that are held at a place."""

    def user_has_permission_for_instance(self, user: Any, action: str, instance: models.Model) -> bool:
        """Whether the user may do this with this row."""
        return self.user_has_any_permission_for_instance(user, [action], instance)

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: models.Model) -> bool:
        """Whether the user may do any of these with this row."""
        return self.instances_user_has_any_permission_for(user, actions).filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> "models.QuerySet[Any]":
        """The rows with which the user may do any of these."""
        condition = Q(pk__in=[])
        for action in actions:
            condition |= Q(pk__in=rows_for(self.model, user, action).values("pk"))
        if user.is_active and user.is_superuser:
            condition = Q()
        return self.model._default_manager.filter(condition)


def register_policies() -> None:
    """Put every scoped model under the policy, before anything asks Wagtail's registry for it."""
    for model in apps.get_models():
        if is_scoped(model) and model not in policy_registry.values_by_exact_class:
            register_permission_policy(model, PlacePermissionPolicy(model), exact_class=True)
