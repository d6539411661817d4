"""The directory and the pages of organizations, for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.organizations.choices import Status
from registry.organizations.directory import Directory
from registry.organizations.models import CountySettings, Organization
from registry.organizations.models.rules import settings_for


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """All registered organizations."""
    context = {
        "directory": Directory(request.GET),
        "takes_filings": CountySettings.objects.exists(),
        "breadcrumbs": [(_("社会组织"), "")],
    }
    return render(request, "organizations/directory.html", context)


@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """An organization: what it is for, what it offers, what it did. Of one no longer registered, that it is not."""
    organization = get_object_or_404(Organization.objects.select_related("place", "kind"), number=number)
    context = {
        "organization": organization,
        "place": organization.place.full_name,
        "gone": organization.status == Status.DEREGISTERED,
        "breadcrumbs": [(_("社会组织"), "../"), (organization.name, "")],
    }
    if organization.is_registered:
        stale_days = settings_for(organization.place).stale_service_days
        services = organization.services.filter(withdrawn=False)
        context |= {
            "services": [(service, service.is_stale(stale_days)) for service in services],
            "contracts": organization.contracts.all(),
            "reports": organization.annual_reports.exclude(confirmed_at=None),
            "stage": organization.nurture.first(),
        }
    return render(request, "organizations/detail.html", context)
