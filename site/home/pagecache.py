"""Public pages, kept whole for visitors who are not signed in, and never shown stale.

A page is kept under the number of the content's version. Every change of content raises that number once its
transaction has committed, so all pages made before are out of reach at once, in every process and on every host.
Reading the number is one small query a request; everything else of a kept page costs nothing.
"""

import gzip
import hashlib
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, TypeGuard

from django.conf import settings
from django.core.cache import caches
from django.db import models, transaction
from django.db.models import F, signals
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseNotModified
from django.utils.cache import get_max_age, patch_vary_headers
from django.utils.http import parse_etags, quote_etag

from home.contentversion import KEEP_SECONDS, ContentVersion, current
from home.preferences import variant
from knowledge.laws.signals import laws_changed

_PRIVATE_PREFIXES = ("/admin/", "/-/", "/documents/", "/search/", "/static/", "/media/")

# Tables that change without any public page changing.
_SILENT_APPS = {"sessions", "axes", "contenttypes", "auth", "admin", "django_tasks_database", "migrations"}
_SILENT_MODELS = {
    "accounts.user",
    "accounts.appointment",
    "accounts.auditline",
    "accounts.deletionrequest",
    "home.contentversion",
    "organizations.decision",
    "organizations.filing",
    "organizations.filingfile",
    "organizations.founder",
    "organizations.manager",
    "organizations.member",
    "organizations.submission",
    "organizations.support",
    "printing.batch",
    "printing.batchitem",
    "printing.numberreservation",
    "printing.numberseries",
    "search.outboxentry",
    "search.unansweredquery",
    "search.suggestion",
    "search.synonymgroup",
    "search.synonymseed",
    "volunteers.certificate",
    "volunteers.decision",
    "volunteers.hourline",
    "volunteers.membership",
    "volunteers.volunteer",
    "volunteers.volunteerrules",
    "volunteers.volunteerskill",
    "wagtailcore.modellogentry",
    "wagtailcore.pagelogentry",
    "wagtailcore.referenceindex",
    "wagtailcore.revision",
    "wagtailcore.taskstate",
    "wagtailcore.workflowstate",
    "wagtailcore.comment",
    "wagtailcore.pagesubscription",
    "wagtailadmin.editingsession",
    "wagtailadmin.formstate",
    "wagtailadmin.admin",
    "wagtailusers.userprofile",
    "wagtailsearchpromotions.query",
    "wagtailsearchpromotions.querydailyhits",
    "wagtailsearchpromotions.searchpromotion",
    "wagtailsearch.indexentry",
    "wagtailsearch.sqliteftsindexentry",
}


class Kept(NamedTuple):
    """A page as it is kept: compressed, since nearly every browser takes it so."""

    body: bytes
    headers: dict[str, str]
    etag: str


_changes = threading.local()


def bump(**kwargs: Any) -> None:
    """Put every kept page out of reach once the current transaction has committed.

    Usable as the receiver of any signal; takes its arguments and needs none.
    """
    _changes.asked = getattr(_changes, "asked", 0) + 1
    transaction.on_commit(partial(_raise_version, _changes.asked))


def _raise_version(asked: int) -> None:
    """Raise the number once for all that a transaction changed: its first hook answers for the others."""
    if asked <= getattr(_changes, "answered", 0):
        return
    if not ContentVersion.objects.filter(pk=1).update(number=F("number") + 1):
        ContentVersion.objects.bulk_create([ContentVersion(pk=1, number=1)], ignore_conflicts=True)
    _changes.answered = _changes.asked


def bump_on_change(sender: type[models.Model], **kwargs: Any) -> None:
    """The receiver of Django's model signals: raises the version unless no public page shows this table."""
    # Models of a migration are made up for it: the version's own table may not be there yet.
    of_migration = sender.__module__ == "__fake__"
    silent = sender._meta.app_label in _SILENT_APPS or sender._meta.label_lower in _SILENT_MODELS
    if not (of_migration or silent):
        bump()


def connect() -> None:
    """Watch every table. Called once, when the app is ready."""
    for signal in (signals.post_save, signals.post_delete, signals.m2m_changed):
        signal.connect(bump_on_change, dispatch_uid="home.pagecache")
    laws_changed.connect(bump, dispatch_uid="home.pagecache")


def _may_be_kept(request: HttpRequest) -> bool:
    return (
        request.method in {"GET", "HEAD"}
        and not request.path.startswith(_PRIVATE_PREFIXES)
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        # Preview and the back office's own calls carry things of one person.
        and "HTTP_AUTHORIZATION" not in request.META
    )


def _key(request: HttpRequest) -> str:
    address = f"{request.scheme}://{request.get_host()}{request.get_full_path()}"
    digest = hashlib.blake2b(address.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"page:{current(request)}:{variant(request)}:{digest}"


def _keep(response: HttpResponse) -> Kept:
    etag = quote_etag(hashlib.blake2b(response.content, digest_size=12).hexdigest())
    headers = {name: value for name, value in response.items() if name.lower() not in {"vary", "content-length"}}
    return Kept(gzip.compress(response.content, compresslevel=6, mtime=0), headers, etag)


def _serve(kept: Kept, request: HttpRequest) -> HttpResponseBase:
    response: HttpResponse
    if kept.etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(kept.body, headers={**kept.headers, "Content-Encoding": "gzip"})
    else:
        response = HttpResponse(gzip.decompress(kept.body), headers=kept.headers)
    response["ETag"] = kept.etag
    # A browser may keep the page, and asks each time whether it still holds: an edit is seen at once.
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return response


def _keepable(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    """Whether a response is the same for everybody."""
    return (
        isinstance(response, HttpResponse)
        and response.status_code == 200
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and not response.has_header("Content-Disposition")
        and "private" not in response.get("Cache-Control", "")
        and "no-store" not in response.get("Cache-Control", "")
    )


class PageCacheMiddleware:
    """Serves public pages from memory while the content has not changed.

    Stands behind the middlewares that set security headers (they treat a kept page like any other) and in front of
    everything that makes a page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.store = caches["pages"]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.PAGE_CACHE or not _may_be_kept(request):
            return self.get_response(request)
        # The version is read before the page is made: a change in between makes this page unreachable, not stale.
        key = _key(request)
        kept: Kept | None = self.store.get(key)
        if kept is not None:
            return _serve(kept, request)
        response = self.get_response(request)
        if not _keepable(response):
            return response
        kept = _keep(response)
        # A page that says how long it holds (a lecture is about to begin) is kept no longer.
        self.store.set(key, kept, min(KEEP_SECONDS, get_max_age(response) or KEEP_SECONDS))
        return _serve(kept, request)
