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
