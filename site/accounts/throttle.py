"""What somebody sees who tried too many passwords."""

from typing import Any

from axes.helpers import get_cool_off
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked_out(request: HttpRequest, *args: Any) -> HttpResponse:
    """429 with how long to wait; the callable that django-axes is given."""
    pause = get_cool_off(request)
    response = render(request, "429.html", status=429)
    if pause is not None:
        response["Retry-After"] = str(int(pause.total_seconds()))
    return response
