"""Pages of one volunteer."""

import functools
from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from accounts.links import safe_next
from registry.volunteers.models import Volunteer

View = Callable[..., HttpResponse]


def volunteer_of(request: HttpRequest) -> Volunteer | None:
    """The volunteer whose account is signed in."""
    if not request.user.is_authenticated:
        return None
    found: Volunteer | None = Volunteer.objects.filter(user=request.user).select_related("place").first()
    return found


def next_of(request: HttpRequest) -> str:
    """Where somebody came from, when it is a page of this site."""
    return safe_next(request.POST.get("next") or request.GET.get("next") or "", request)


def own(view: View) -> View:
    """A page of one volunteer: behind the sign-in, kept by nobody; who is not registered is led to the form first."""

    @functools.wraps(view)
    def for_volunteer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        volunteer = volunteer_of(request)
        if volunteer is None:
            back = request.get_full_path() if request.method == "GET" else request.POST.get("next", "")
            return redirect(f"{reverse('volunteers:register')}?{urlencode({'next': back})}")
        return view(request, volunteer, *args, **kwargs)

    guarded: View = never_cache(login_required(for_volunteer, login_url="account:login"))
    return guarded
