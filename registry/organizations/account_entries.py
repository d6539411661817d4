"""What stands on the account page of somebody who files or manages an organization."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.entries import Entry, register_entries
from registry.organizations.choices import OPEN
from registry.organizations.models import Filing, Organization


@register_entries
def organizations(user: Any) -> Iterable[Entry]:
    """Organizations that the user acts for, filings under way, or the way to file."""
    group = _("社会组织")
    found = False
    for organization in Organization.objects.managed_by(user):
        found = True
        yield Entry(
            group, organization.name, reverse("organizations:desk", args=[organization.number]), organization.standing
        )
    for filing in Filing.objects.of(user).filter(state__in=OPEN):
        found = True
        yield Entry(group, str(filing), filing.get_absolute_url(), filing.get_state_display())
    if not found:
        yield Entry(group, _("给社会组织备案"), reverse("organizations:start"))
