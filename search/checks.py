"""What is wrong with the search before anybody searches."""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004
from wagtail.models import get_page_models

from .engines import get_engine
from .pages import page_sources


@register("search")
def check_index(**kwargs: Any) -> list[CheckMessage]:
    """Warn of an index that is there and cannot be used: made by another version, or damaged.

    One that is not there yet is nothing to warn of at each command of a new installation.
    """
    problem = get_engine().problem()
    if not problem:
        return []
    return [Warning(problem, hint="The site answers searches with an apology until then.", id="search.W001")]


@register("search")
def check_page_types(**kwargs: Any) -> list[CheckMessage]:
    """Refuse a type of page that does not say whether it is searchable: silence would mean that nobody finds it."""
    searchable = {source.model for source in page_sources()}
    return [
        Error(
            f"{model._meta.label} does not say whether it is searchable.",
            hint="Register a PageSource for it in search_documents.py, or set `searchable = False` on the class.",
            obj=model,
            id="search.E001",
        )
        for model in get_page_models()
        if model.is_creatable and model not in searchable and getattr(model, "searchable", True)
    ]
