"""Every route that the site answers, with the view behind it and what that is about."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

OUR_APPS = ("accounts", "home", "knowledge", "printing", "registry", "search")


@dataclass(frozen=True)
class Route:
    """An address pattern, its full name, and the view."""

    address: str
    name: str
    callback: Any

    def __str__(self) -> str:
        return f"{self.name or '(no name)'} at /{self.address}"

    @cached_property
    def view(self) -> Any:
        """The view's class, or the function."""
        inner = inspect.unwrap(self.callback)
        return getattr(self.callback, "view_class", None) or getattr(inner, "view_class", None) or inner

    @cached_property
    def model(self) -> type[models.Model] | None:
        """The model that the view was made for, where it says so."""
        given = getattr(self.callback, "view_initkwargs", None) or {}
        for name in ("model", "model_class"):
            found = given.get(name) or getattr(self.view, name, None)
            if inspect.isclass(found) and issubclass(found, models.Model):
                return found
        return None

    @property
    def is_ours(self) -> bool:
        """Whether one of our apps wrote the view, or its model."""
        modules = [str(getattr(self.view, "__module__", ""))]
        if self.model is not None:
            modules.append(self.model.__module__)
        return any(module.partition(".")[0] in OUR_APPS for module in modules)

    @property
    def is_scoped(self) -> bool:
        """Whether the view says that it shows only what its user may reach."""
        return getattr(self.view, "scoped", False) is True or getattr(self.callback, "scoped", False) is True

    @property
    def is_back_office(self) -> bool:
        """Whether it is below the back office's address."""
        return self.address.startswith("admin/")


def all_routes() -> list[Route]:
    """All of them."""
    return list(_walk(get_resolver(), "", ()))


def _walk(resolver: URLResolver, address: str, names: tuple[str, ...]) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield Route(address + str(pattern.pattern), ":".join((*names, pattern.name or "")), pattern.callback)
        else:
            inner = (*names, pattern.namespace) if pattern.namespace else names
            yield from _walk(pattern, address + str(pattern.pattern), inner)
