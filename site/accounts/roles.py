"""The roles that are held at a place, and what each may do there.

An app says in its module `role_grants.py` what the roles may do with its models:

    grant("organizations.review_organization", Role.TOWNSHIP_OFFICIAL)
    grant_model(Organization, view=[Role.COUNTY_AUDITOR], change=[Role.TOWNSHIP_OFFICIAL])

A grant reaches the place at which the role is held and everything below it.
"""

from collections import defaultdict
from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Who somebody is at a place. Managers of organizations hold their role at the organization instead."""

    EDITOR = "editor", _("内容编辑")
    VILLAGE_OFFICIAL = "village_official", _("村干部")
    POINTS_REVIEWER = "points_reviewer", _("积分评议员")
    TOWNSHIP_OFFICIAL = "township_official", _("乡镇干部")
    COUNTY_AUDITOR = "county_auditor", _("县级审计（只读）")


OFFICIALS = (Role.VILLAGE_OFFICIAL, Role.TOWNSHIP_OFFICIAL)
READERS = (*OFFICIALS, Role.COUNTY_AUDITOR)

_granted: defaultdict[str, set[str]] = defaultdict(set)


def grant(permission: str, *roles: str) -> None:
    """Let these roles do what the permission ("app.action_model") names."""
    _granted[permission].update(roles)


def grant_model(model: type[models.Model], **roles_by_action: Collection[str]) -> None:
    """Grant actions on a model: `grant_model(Team, view=READERS, add=OFFICIALS)`."""
    for action, roles in roles_by_action.items():
        grant(permission_name(model, action), *roles)


def permission_name(model: type[models.Model], action: str) -> str:
    """The permission to do an action ("view", "change" …) with a model: "organizations.view_organization"."""
    return f"{model._meta.app_label}.{action}_{model._meta.model_name}"


def roles_with(permission: str) -> frozenset[str]:
    """The roles that may do this."""
    return frozenset(_granted.get(permission, ()))


def permissions_of(role: str) -> set[str]:
    """All that a role may do."""
    return {permission for permission, roles in _granted.items() if role in roles}
