"""Which typed addresses lead nowhere, found without opening any."""

from collections.abc import Iterable
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.test import RequestFactory
from django.urls import Resolver404, ResolverMatch, resolve
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from knowledge.guides.models.base import Topic
from knowledge.laws.models import Article, Division, Edition

HARMLESS_SCHEMES = {"mailto", "tel", "sms"}


def broken_addresses(addresses: Iterable[str]) -> set[str]:
    """Those of the addresses that lead nowhere.

    An address on this site (a path, or an absolute one with one of the site's own host names) is looked up; one on
    another host is only checked for its form: 「www.court.gov.cn」 without a scheme would lead below our own page.
    """
    own_hosts = _own_hosts()
    checker = _Checker()
    return {address for address in addresses if not _is_sound(address, own_hosts, checker)}


def _is_sound(address: str, own_hosts: set[str], checker: "_Checker") -> bool:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    if parts.scheme in HARMLESS_SCHEMES:
        return bool(parts.path)
    if parts.scheme in ("http", "https"):
        return checker.is_there(parts) if parts.netloc.lower() in own_hosts else _is_host(parts)
    if parts.scheme or parts.netloc:
        return False
    return address.startswith("#") or (parts.path.startswith("/") and checker.is_there(parts))


def _is_host(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    return "." in host.strip(".") and " " not in host


def _own_hosts() -> set[str]:
    hosts = {urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc.lower()}
    for name, port in Site.objects.values_list("hostname", "port"):
        hosts |= {name.lower(), f"{name}:{port}".lower()}
    return hosts - {""}


class _Checker:
    """Looks up paths of this site; each path once, whatever query or anchor follows it."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}
        self._site = Site.objects.select_related("root_page").filter(is_default_site=True).first()

    def is_there(self, parts: SplitResult) -> bool:
        """Whether the site has something at this path."""
        path = unquote(parts.path) or "/"
        if path not in self._known:
            self._known[path] = self._look_up(path)
        return self._known[path]

    def _look_up(self, path: str) -> bool:
        try:
            match = resolve(path)
        except Resolver404:
            return False
        try:
            return self._has_content(match, path)
        except ObjectDoesNotExist:
            return False

    def _has_content(self, match: ResolverMatch, path: str) -> bool:
        if match.url_name == "wagtail_serve":
            return self._has_page(path)
        if match.app_names == ["laws"]:
            return _has_law(match)
        if match.view_name == "guides:topic":
            return Topic.objects.filter(slug=match.kwargs["slug"]).exists()
        return True

    def _has_page(self, path: str) -> bool:
        if Redirect.objects.filter(old_path=Redirect.normalise_path(path)).exists():
            return True
        if self._site is None:
            return False
        root = self._site.root_page
        if Page.objects.live().filter(url_path=root.url_path + path.lstrip("/")).exists():
            return True
        request = RequestFactory().get(path)
        try:
            root.specific.route(request, [piece for piece in path.split("/") if piece])
        except Http404:
            return False
        return True


def _has_law(match: ResolverMatch) -> bool:
    slug = match.kwargs.get("slug")
    if slug is None:
        return True
    editions = Edition.objects.filter(law__slug=slug)
    if day := match.kwargs.get("day"):
        editions = editions.filter(published_on=None if day == "undated" else day)
    else:
        editions = editions.current()
    if (key := match.kwargs.get("key")) is None:
        return editions.exists()
    rows = Division if match.url_name in ("division", "edition_division") else Article
    return rows.objects.filter(edition__in=editions, key=key).exists()
