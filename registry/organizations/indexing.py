"""The line that tells the search of a change, in the transaction of the change."""

from registry.organizations.models import Organization, Service
from search import outbox


def organization_changed(organization: Organization) -> None:
    """The organization, and with it all of its services: they are offered while it is registered."""
    outbox.record("organization", [organization.pk])
    outbox.record("service", organization.services.values_list("pk", flat=True))


def service_changed(service: Service) -> None:
    """One service, and its organization, which is found by what it offers."""
    outbox.record("service", [service.pk])
    outbox.record("organization", [service.organization_id])
