"""The daily timer of the register of organizations."""

from typing import Any

from django.core.management.base import BaseCommand

from registry.organizations.actions import expire_registrations, remind_of_renewal


class Command(BaseCommand):
    """Ends the registrations whose time is over and reminds of renewal. Run daily; a second run changes nothing."""

    help = "End registrations of organizations whose time is over, and remind others of their renewal."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many there were."""
        expired = expire_registrations()
        reminded = remind_of_renewal()
        self.stdout.write(f"{len(expired)} expired, {len(reminded)} reminded")
