"""What stands on somebody's account page: each app says in its `account_entries.py` what of theirs it holds.

@register_entries
def organizations(user):
    for organization in user.managed_organizations.all():
        yield Entry(_("社会组织"), organization.name, organization.manage_url, organization.get_state_display())
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True)
class Entry:
    """A line of the account page. Lines of one group stand together; `url` may be empty."""

    group: Any
    title: Any
    url: str = ""
    detail: Any = ""


Provider = Callable[[Any], Iterable[Entry]]
_providers: list[Provider] = []


def register_entries(provider: Provider) -> Provider:
    """Let a function of the user give entries. Usable as a decorator."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def discover() -> None:
    """Read every app's `account_entries.py`."""
    autodiscover_modules("account_entries")


def entries_of(user: Any) -> list[tuple[str, list[Entry]]]:
    """All entries of somebody, by group."""
    found = [entry for provider in _providers for entry in provider(user)]
    found.sort(key=lambda entry: str(entry.group))
    return [(group, list(entries)) for group, entries in groupby(found, key=lambda entry: str(entry.group))]
