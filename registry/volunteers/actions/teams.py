"""Founding teams, joining and leaving them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from registry.volunteers.models import Membership, Team, Volunteer


@transaction.atomic
def create_team(*, by: Any, **particulars: Any) -> Team:
    """Found a team. Raises ValidationError by field."""
    team = Team(**particulars)
    _check_place(team)
    team.full_clean()
    team.save()
    audit.record(by=by, action="volunteers.create_team", subject=team, place=team.place)
    return team


@transaction.atomic
def change_team(*, team: Team, by: Any, **changes: Any) -> Team:
    """Change a team's particulars. Raises ValidationError by field."""
    stored = Team.objects.select_for_update(no_key=True, of=("self",)).get(pk=team.pk)
    changed = sorted(field for field, value in changes.items() if getattr(stored, field) != value)
    for field in changed:
        setattr(stored, field, changes[field])
    _check_place(stored)
    stored.full_clean()
    stored.save()
    audit.record(by=by, action="volunteers.change_team", subject=stored, place=stored.place, changed=changed)
    return stored


@transaction.atomic
def join_team(*, team: Team, volunteer: Volunteer, by: Any) -> Membership:
    """Take a volunteer into a team. Raises ValidationError for a member."""
    Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer.pk)
    if Membership.objects.current().filter(team=team, volunteer=volunteer).exists():
        raise ValidationError(_("已经是这支队伍的队员。"))
    membership = Membership.objects.create(team=team, volunteer=volunteer)
    audit.record(by=by, action="volunteers.join_team", subject=membership, place=team.place)
    return membership


@transaction.atomic
def leave_team(*, membership: Membership, by: Any) -> Membership:
    """End a membership today; it stays on record. Raises ValidationError when it has ended."""
    stored = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if stored.left_on is not None:
        raise ValidationError(_("已经离队。"))
    stored.left_on = max(timezone.localdate(), stored.joined_on)
    stored.save(update_fields=["left_on"])
    audit.record(by=by, action="volunteers.leave_team", subject=stored, place=stored.team.place)
    return stored


def _check_place(team: Team) -> None:
    organization = team.organization
    if organization is not None and not (organization.place.holds(team.place) or team.place.holds(organization.place)):
        raise ValidationError({"organization": _("这个组织不在队伍所在的地方。")})
