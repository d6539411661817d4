"""One protocol, several engines: what the rest of the search asks of whatever keeps the index.

An engine stores documents as the analysis made them into terms and answers requests that are terms already. It knows
nothing of Chinese, of users or of HTML. Everything above this package talks to `get_engine()` and to the classes in
`search.engines.base` alone, so that a second engine passes the same tests as the first.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from .base import Engine
from .fallback import FallbackEngine

ENGINES = {
    "embedded": "search.engines.embedded.EmbeddedEngine",
    "elasticsearch": "search.engines.elasticsearch.ElasticsearchEngine",
}
"""Name (the setting SEARCH_ENGINE) and class of each engine."""

_engines: dict[tuple[str, str], Engine] = {}


def get_engine(name: str | None = None) -> Engine:
    """The engine of that name, or the one that the settings name; the same object each time in one process.

    Without a name, where the setting SEARCH_FALLBACK names a second engine, that one answers while the first is away.
    Raises ImproperlyConfigured when there is no engine of that name.
    """
    first, second = settings.SEARCH_ENGINE, settings.SEARCH_FALLBACK
    if name is not None or second in ("", first):
        return _known(name or first, lambda: _make(name or first))
    return _known(f"{first} or {second}", lambda: FallbackEngine(get_engine(first), get_engine(second)))


def _known(name: str, make: Callable[[], Engine]) -> Engine:
    key = (name, str(settings.SEARCH_INDEX_DIR))
    if key not in _engines:
        _engines[key] = make()
    return _engines[key]


def _make(name: str) -> Engine:
    if name not in ENGINES:
        raise ImproperlyConfigured(
            f"A search engine is named {name!r}; it must be one of {', '.join(sorted(ENGINES))}."
        )
    engine: Engine = import_string(ENGINES[name])()
    return engine
