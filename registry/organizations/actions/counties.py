"""Opening the register in a county."""

from typing import Any

from django.db import transaction

from accounts.audit import record
from registry.organizations.models import CountySettings, OrganizationKind
from registry.organizations.models.rules import DEFAULT_KINDS
from registry.places.models import Place


@transaction.atomic
def open_county(*, county: Place, by: Any) -> CountySettings:
    """Let organizations file in a county: its settings and its kinds, as far as they are missing."""
    settings, created = CountySettings.objects.get_or_create(county=county)
    if created:
        for order, (code, name) in enumerate(DEFAULT_KINDS):
            OrganizationKind.objects.get_or_create(county=county, code=code, defaults={"name": name, "order": order})
        record(by=by, action="organizations.open_county", subject=settings, place=county)
    return settings


@transaction.atomic
def save_settings(*, settings: CountySettings, by: Any) -> CountySettings:
    """Change the minimums, days and years of a county. Filings already submitted keep their day."""
    settings.full_clean()
    settings.save()
    stated = {field.name: getattr(settings, field.name) for field in settings._meta.fields if field.name != "county"}
    record(by=by, action="organizations.save_settings", subject=settings, place=settings.county, **stated)
    return settings


@transaction.atomic
def save_kind(*, kind: OrganizationKind, by: Any) -> OrganizationKind:
    """Add or change a kind of organizations in a county."""
    kind.full_clean()
    kind.save()
    record(by=by, action="organizations.save_kind", subject=kind, place=kind.county, code=kind.code)
    return kind
