"""What stands on the page of an organization's managers beside the register's own: what other apps keep for it.

An app that knows organizations says so in its `organization_entries.py`, as it does for accounts (`accounts.entries`).

@register_desk_entries
def volunteering(organization):
    yield Entry(_("志愿服务"), _("活动和时长"), reverse("volunteers:organizing", args=[organization.number]))
"""

from collections.abc import Callable, Iterable

from django.utils.module_loading import autodiscover_modules

from accounts.entries import Entry
from registry.organizations.models import Organization

Provider = Callable[[Organization], Iterable[Entry]]
_providers: list[Provider] = []


def register_desk_entries(provider: Provider) -> Provider:
    """Let a function of the organization give entries. Usable as a decorator."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def discover() -> None:
    """Read every app's `organization_entries.py`."""
    autodiscover_modules("organization_entries")


def entries_for(organization: Organization) -> list[Entry]:
    """All entries of an organization."""
    return [entry for provider in _providers for entry in provider(organization)]
