"""One protocol, several engines: what the rest of the search asks of whatever keeps the index.

An engine stores documents as the analysis made them into terms and answers requests that are terms already. It knows
nothing of Chinese, of users or of HTML. Everything above this package talks to `get_engine()` and to the classes in
`search.engines.base` alone, so that a second engine passes the same tests as the first.
"""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from .base import Engine

ENGINES = {"embedded": "search.engines.embedded.EmbeddedEngine"}
"""Name (the setting SEARCH_ENGINE) and class of each engine."""

_engines: dict[tuple[str, str], Engine] = {}


def get_engine(name: str | None = None) -> Engine:
    """The engine of that name, or the one that the settings name; the same object each time in one process.

    Raises ImproperlyConfigured when there is no engine of that name.
    """
    name = name or settings.SEARCH_ENGINE
    key = (name, str(settings.SEARCH_INDEX_DIR))
    if key not in _engines:
        if name not in ENGINES:
            raise ImproperlyConfigured(f"SEARCH_ENGINE is {name!r}; it must be one of {', '.join(sorted(ENGINES))}.")
        _engines[key] = import_string(ENGINES[name])()
    return _engines[key]
