"""Who may see what on the public site: writers their filings, managers their organizations."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from registry.organizations.models import Filing, Organization

View = Callable[..., HttpResponse]


def own(view: View) -> View:
    """A page of one person: behind the sign-in, and kept by nobody."""
    guarded: View = never_cache(login_required(view))
    return functools.wraps(view)(guarded)


def filing_of(user: Any, pk: int) -> Filing:
    """The filing, when this user writes it; otherwise it is not there."""
    rows = Filing.objects.of(user).select_related("place", "kind__county", "organization", "applicant")
    found: Filing = get_object_or_404(rows, pk=pk)
    return found


def organization_of(user: Any, number: str) -> Organization:
    """The organization, when this user acts for it; otherwise it is not there."""
    rows = Organization.objects.managed_by(user).select_related("place", "kind", "filing")
    found: Organization = get_object_or_404(rows, number=number)
    return found
