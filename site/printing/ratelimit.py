"""How often one address may ask whether a document is genuine: codes cannot be tried out."""

import functools
import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django_ratelimit.core import get_usage

GROUP = "verify"
View = Callable[..., HttpResponse]


def _key(group: str, request: HttpRequest) -> str:
    """The visitor's address as the site knows it behind its proxies; for IPv6 the network of one household."""
    address: str = import_string(settings.AXES_CLIENT_IP_CALLABLE)(request)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if parsed.version == 6 and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)


def _rate(group: str, request: HttpRequest) -> str | None:
    return settings.RATE_LIMITS[group] or None


def limited(view: View) -> View:
    """Let one address call a view as often as RATE_LIMITS["verify"] says; then answer 429 with Retry-After."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        usage = get_usage(request, group=GROUP, key=_key, rate=_rate, increment=True)
        if usage is None or not usage["should_limit"]:
            return view(request, *args, **kwargs)
        seconds = max(1, usage["time_left"])
        response = render(request, "429.html", {"retry_after": seconds}, status=429)
        response["Retry-After"], response["Cache-Control"] = str(seconds), "no-store"
        return response

    return guarded
