"""The reader's preferences, the pattern page, and the pages of errors that have no database to lean on."""

from django.conf import settings
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from search.ratelimit import limited

from .patterns import pattern_examples
from .preferences import COOKIE_AGE, SCRIPTS, TYPES


@csrf_exempt
@require_POST
@limited("form")
def save_preferences(request: HttpRequest) -> HttpResponse:
    """Keep the reader's choice of script or type for a year and go back to the page that they came from.

    Without CSRF protection on purpose: the choice is only how pages look, to this reader, and a token in the form
    would make every public page a page for one person that no cache could keep.
    """
    response = redirect(_safe_next(request))
    response.status_code = 303
    for name, known in (("script", SCRIPTS), ("type", TYPES)):
        if (value := request.POST.get(name)) in known:
            response.set_cookie(
                name, value, max_age=COOKIE_AGE, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
            )
    return response


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed else "/"


@login_required
@permission_required("wagtailadmin.access_admin", raise_exception=True)
def patterns(request: HttpRequest) -> HttpResponse:
    """Every component in each of its states, for the people who build and review pages."""
    return render(request, "home/patterns.html", pattern_examples())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400. Django's own view renders without the request, and so without the reader's preferences."""
    return _error_page(request, "400.html", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Renders without context processors: nothing here may need the database that perhaps just failed."""
    return _error_page(request, "500.html", 500)


def _error_page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    return HttpResponse(loader.render_to_string(name, {"request": request, "without_database": True}), status=status)
