"""How often one address may call: for the search and for every public form.

The rates are the setting RATE_LIMITS, a rate for each group of views, read at each request. The count is kept in the
default cache, by process where that cache is in memory.
"""

import functools
import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_ratelimit.core import get_usage

View = Callable[..., HttpResponse]


def client_ip(request: HttpRequest) -> str:
    """The address that a request came from.

    Behind PROXY_COUNT proxies it is that many places from the end of X-Forwarded-For: what stands further left was
    written by the client and proves nothing.
    """
    proxies: int = settings.AXES_IPWARE_PROXY_COUNT or 0
    if proxies > 0:
        forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(forwarded) >= proxies:
            return forwarded[-proxies]
    return request.META.get("REMOTE_ADDR") or ""


def client_key(group: str, request: HttpRequest) -> str:
    """What calls are counted by: the address, for IPv6 its network of 64 bits, which one household has to itself."""
    address = client_ip(request)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if parsed.version == 6 and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def _rate(group: str, request: HttpRequest) -> str | None:
    return settings.RATE_LIMITS[group] or None


def limited(group: str, *, methods: tuple[str, ...] = ("GET", "POST")) -> Callable[[View], View]:
    """Let one address call these views as often as RATE_LIMITS[group] says; then answer 429 with Retry-After.

    For class-based views: `@method_decorator(limited("form", methods=("POST",)), name="dispatch")`.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            usage = get_usage(request, group=group, key=client_key, rate=_rate, method=list(methods), increment=True)
            if usage is not None and usage["should_limit"]:
                return too_many_requests(request, seconds=max(1, usage["time_left"]))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def too_many_requests(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """The answer to one call too many: a page, or JSON to who asked for JSON."""
    response: HttpResponse
    if "application/json" in request.headers.get("Accept", ""):
        response = JsonResponse({"error": _("请求太频繁，请稍后再试。")}, status=429)
    else:
        response = render(request, "429.html", {"retry_after": seconds}, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
