"""A manager's way to what their own organization keeps of volunteers; of any other nothing is there."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.organizations.models import Organization
from registry.organizations.views.access import organization_of, own
from registry.volunteers.models import Activity, Certificate, HourLine, Shift, SignUp

View = Callable[..., HttpResponse]


def managing(view: View) -> View:
    """A page of an organization for those who act for it: the view gets the organization of the address."""

    @functools.wraps(view)
    def for_manager(request: HttpRequest, number: str, *args: object, **kwargs: object) -> HttpResponse:
        return view(request, organization_of(request.user, number), *args, **kwargs)

    return own(for_manager)


def activity_of(organization: Organization, pk: int) -> Activity:
    """An activity of the organization."""
    rows = organization.volunteer_activities.select_related("place", "team")
    found: Activity = get_object_or_404(rows, pk=pk)
    found.organization = organization
    return found


def shift_of(organization: Organization, pk: int) -> Shift:
    """A shift of one of its activities."""
    rows = Shift.objects.filter(activity__organization=organization).select_related("activity__place")
    found: Shift = get_object_or_404(rows, pk=pk)
    found.activity.organization = organization
    return found


def sign_up_of(organization: Organization, pk: int) -> SignUp:
    """A sign-up for one of its shifts."""
    rows = SignUp.objects.filter(shift__activity__organization=organization).select_related("shift", "volunteer")
    found: SignUp = get_object_or_404(rows, pk=pk)
    return found


def lines_of(organization: Organization) -> Any:
    """The ledger of the hours that it recorded."""
    return HourLine.objects.filter(activity__organization=organization)


def certificate_of(organization: Organization, pk: int) -> Certificate:
    """A certificate that was asked of it."""
    rows = organization.volunteer_certificates.select_related("volunteer__user", "place", "document", "decided_by")
    found: Certificate = get_object_or_404(rows, pk=pk)
    found.organization = organization
    return found


def crumbs(organization: Organization, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page: the organization, its volunteer service, and what lies between."""
    above = [
        (organization.name, reverse("organizations:desk", args=[organization.number])),
        (_("志愿服务"), reverse("volunteers:organizing", args=[organization.number]) if steps else ""),
    ]
    return [*above, *steps]


def attempt(request: HttpRequest, done: str, act: Callable[[], Any]) -> bool:
    """Do what a single button asks for, and say that it is done or why it is not."""
    try:
        act()
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return False
    messages.success(request, done)
    return True
