"""What is done with the services that an organization offers."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from registry.organizations import indexing
from registry.organizations.models import Service


@transaction.atomic
def save_service(*, service: Service, by: Any) -> Service:
    """Add or change a service: whoever says what it is confirms it by that."""
    if not service.organization.is_registered:
        raise ValidationError(_("组织的备案不在有效期内，不能发布服务。"), code="not_registered")
    created = service.pk is None
    service.confirmed_on = timezone.localdate()
    service.full_clean()
    service.save()
    _record(service, "add_service" if created else "change_service", by)
    return service


@transaction.atomic
def confirm_service(*, service: Service, by: Any) -> Service:
    """Say that the service is still as it is written."""
    service.confirmed_on = timezone.localdate()
    service.save(update_fields=["confirmed_on", "updated_at"])
    _record(service, "confirm_service", by)
    return service


@transaction.atomic
def withdraw_service(*, service: Service, by: Any) -> Service:
    """Offer the service no longer."""
    service.withdrawn = True
    service.save(update_fields=["withdrawn", "updated_at"])
    _record(service, "withdraw_service", by)
    return service


def _record(service: Service, verb: str, by: Any) -> None:
    organization = service.organization
    indexing.service_changed(service)
    record(
        by=by,
        action=f"organizations.{verb}",
        subject=service,
        place=organization.place,
        organization=organization.number,
    )
