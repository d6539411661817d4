"""The number of the content's version, which kept pages and parts of pages are filed under."""

from collections.abc import Callable
from typing import TypeVar, cast

from django.conf import settings
from django.core.cache import caches
from django.db import models
from django.http import HttpRequest

# Long enough to matter, short enough that what depends on the clock (a lecture begins) is right within minutes.
KEEP_SECONDS = 300

Value = TypeVar("Value")


class ContentVersion(models.Model):
    """One row: how often the public content has changed. Pages kept under an older number are never shown again."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        app_label = "home"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="home_one_content_version")]

    def __str__(self) -> str:
        return str(self.number)


def current(request: HttpRequest) -> int:
    """The version that this request is answered from; read once a request, before anything is made from content."""
    version: int | None = getattr(request, "_content_version", None)
    if version is None:
        version = ContentVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0
        request._content_version = version  # type: ignore[attr-defined]
    return version


def kept(request: HttpRequest, name: str, make: Callable[[], Value]) -> Value:
    """A part that every page shows, made once for each version of the content."""
    if not settings.PAGE_CACHE:
        return make()
    key = f"part:{name}:{request.get_host()}:{current(request)}"
    return cast("Value", caches["pages"].get_or_set(key, make, KEEP_SECONDS))
