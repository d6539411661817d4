"""Public pages of laws."""

from django.http import HttpRequest, HttpResponse


def law_list(request: HttpRequest) -> HttpResponse:
    """All laws, by kind and name."""
    return HttpResponse()


def law(request: HttpRequest, slug: str, day: str | None = None) -> HttpResponse:
    """A law."""
    return HttpResponse()


def division(request: HttpRequest, slug: str, key: str, day: str | None = None) -> HttpResponse:
    """A part or chapter of a law."""
    return HttpResponse()


def article(request: HttpRequest, slug: str, key: str, day: str | None = None) -> HttpResponse:
    """An article."""
    return HttpResponse()
