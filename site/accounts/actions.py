"""Who holds which role where: every write that somebody can name.

Nobody grants more than they hold: a township official appoints within their own subtree, to the roles of a township
and below, and for no longer than their own appointment. A superuser may do anything.
"""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, groups
from accounts.models import Appointment, User
from accounts.roles import Role
from accounts.scoping import appointments_of
from registry.places.models import Kind, Place

MAY_GRANT = {
    Role.TOWNSHIP_OFFICIAL: (Role.TOWNSHIP_OFFICIAL, Role.VILLAGE_OFFICIAL, Role.POINTS_REVIEWER, Role.EDITOR),
}
"""Which roles the holder of a role may give to others, at the same place and below it."""

WIDEST = {Role.VILLAGE_OFFICIAL: Kind.TOWNSHIP, Role.TOWNSHIP_OFFICIAL: Kind.COUNTY}
"""A role is held at a place of this kind or below it; the others anywhere."""


def grantable_roles(user: Any) -> list[str]:
    """The roles that this user may give to somebody somewhere."""
    if user.is_active and user.is_superuser:
        return list(Role.values)
    held = {role for own in appointments_of(user) for role in MAY_GRANT.get(Role(own.role), ())}
    return [role for role in Role.values if role in held]


def may_grant(user: Any, role: str, place: Place, until: date | None) -> bool:
    """Whether this user may give this role there, until that day."""
    if user.is_active and user.is_superuser:
        return True
    return any(
        role in MAY_GRANT.get(Role(own.role), ())
        and own.place.holds(place)
        and (own.until is None or (until is not None and until <= own.until))
        for own in appointments_of(user)
    )


@transaction.atomic
def appoint(
    *, user: User, role: str, place: Place, by: Any, since: date | None = None, until: date | None = None
) -> Appointment:
    """Give somebody a role at a place. One that ended is begun anew.

    Raises PermissionDenied where `by` (None: the system) may not, ValidationError by field for what does not fit.
    """
    _require(by, role, place, until)
    _check_place(role, place)
    if not user.is_active:
        raise ValidationError({"user": _("这个账号已停用。")})
    held = Appointment.objects.select_for_update().filter(user=user, role=role, place=place).first()
    if held is not None and (held.until is None or held.until >= timezone.localdate()):
        raise ValidationError(_("这个人在这里已有这个角色。"), code="held")
    held = held or Appointment(user=user, role=role, place=place)
    held.since, held.until = since or timezone.localdate(), until
    held.full_clean()
    held.save()
    _written(held, by, "appoint", since=held.since, until=held.until)
    return held


@transaction.atomic
def change_appointment(*, appointment: Appointment, since: date, until: date | None, by: Any) -> Appointment:
    """Set the days from and until which a role is held. Raises as `appoint` does."""
    held = Appointment.objects.select_for_update().select_related("user", "place").get(pk=appointment.pk)
    _require(by, held.role, held.place, until)
    before = {"since": held.since, "until": held.until}
    held.since, held.until = since, until
    held.full_clean()
    held.save()
    _written(held, by, "change_appointment", before=before, since=since, until=until)
    return held


@transaction.atomic
def end_appointment(*, appointment: Appointment, by: Any) -> None:
    """End a role at once: it no longer holds today. The line in the audit tells that it was held."""
    held = Appointment.objects.select_for_update().select_related("user", "place").get(pk=appointment.pk)
    yesterday = timezone.localdate() - timedelta(days=1)
    _require(by, held.role, held.place, yesterday)
    since = held.since
    if since > yesterday:
        held_pk = held.pk
        held.delete()
        held.pk = held_pk
    elif held.until is None or held.until > yesterday:
        held.until = yesterday
        held.save(update_fields=["until"])
    _written(held, by, "end_appointment", since=since, until=yesterday)


def _require(by: Any, role: str, place: Place, until: date | None) -> None:
    if by is not None and not may_grant(by, role, place, until):
        raise PermissionDenied(_("只能在自己任职的地方及其下属、在自己的任期内，授予不超过自己的角色。"))


def _check_place(role: str, place: Place) -> None:
    widest = WIDEST.get(Role(role))
    if widest is not None and Kind(place.kind).rank < widest.rank:
        raise ValidationError({"place": _("“%(role)s”不能设在%(kind)s。") % _labels(role, place)})


def _labels(role: str, place: Place) -> dict[str, Any]:
    return {"role": Role(role).label, "kind": Kind(place.kind).label}


def _written(held: Appointment, by: Any, action: str, **details: Any) -> None:
    groups.sync(held.place)
    audit.record(
        by=by,
        action=f"accounts.{action}",
        subject=held,
        place=held.place,
        user=held.user_id,
        role=held.role,
        **details,
    )
