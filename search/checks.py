"""What is wrong with the search before anybody searches."""

from typing import Any

from django.core.checks import CheckMessage, Warning, register  # noqa: A004

from .engines import get_engine


@register("search")
def check_index(**kwargs: Any) -> list[CheckMessage]:
    """Warn of an index that is there and cannot be used: made by another version, or damaged.

    One that is not there yet is nothing to warn of at each command of a new installation.
    """
    problem = get_engine().problem()
    if not problem:
        return []
    return [Warning(problem, hint="The site answers searches with an apology until then.", id="search.W001")]
