"""The connection to a cluster: made when it is first needed, bounded in time, patient only where that helps."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from elastic_transport import ConnectionTimeout, TransportError
from elasticsearch import ApiError, AuthenticationException, AuthorizationException, Elasticsearch, NotFoundError
from elasticsearch.serializer import OrjsonSerializer

from search.engines.base import SearchUnavailable

TRANSIENT = frozenset({429, 502, 503, 504})
"""Answers that say "not now": overloaded, electing a master, a shard on its way from one node to another."""
PAUSE = 3.0
"""Seconds that a process leaves a silent cluster alone, so that a dead one costs a timeout only now and then."""
DIMENSIONS = 512
"""Numbers of a vector, as bge-small-zh-v1.5 makes them."""
TIMEOUTS = 3
"""So many timeouts in a row are silence; fewer are slow searches."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Where the cluster is and how to speak to it; see the settings ELASTICSEARCH_*."""

    urls: tuple[str, ...]
    index: str
    """The alias that searches and deliveries go to, and the beginning of the indices' names."""
    api_key: str = ""
    ca_certs: str = ""
    shards: int = 1
    replicas: str = "0-1"
    """Copies of each shard beside the first: a number, or a range that follows the number of nodes."""
    dimensions: int = DIMENSIONS
    """Numbers of a vector, as the site's model makes them."""
    timeout: float = 2.0
    """Seconds that a search may take."""

    @classmethod
    def from_settings(cls) -> "Options":
        """The options that the site's settings give."""
        return cls(**settings.ELASTICSEARCH)


class Cluster:
    """A client of its own for each process, and what the cluster's refusals mean to the site."""

    def __init__(self, options: Options) -> None:
        """Touches no network."""
        self.options = options
        self._client: Elasticsearch | None = None
        self._lock = threading.Lock()
        self._quiet_until = 0.0
        self._timeouts = 0

    @property
    def client(self) -> Elasticsearch:
        """The client; its default timeout is that of a search."""
        with self._lock:
            if self._client is None:
                self._client = _make_client(self.options)
            return self._client

    def patient(self, seconds: float) -> Elasticsearch:
        """The same client with a longer timeout, for writing and for what an operator waits for."""
        return self.client.options(request_timeout=seconds)

    def ask(self, call: Callable[[Elasticsearch], T]) -> T:
        """The answer to a question that a visitor waits for. Raises SearchUnavailable, at once during a pause."""
        self.check_quiet()
        with self.translated():
            answer = call(self.client)
        self._timeouts = 0
        return answer

    def leave_alone(self) -> None:
        """Begin a pause."""
        self._quiet_until = time.monotonic() + PAUSE
        self._timeouts = 0

    def check_quiet(self) -> None:
        """Raise SearchUnavailable during a pause."""
        if time.monotonic() < self._quiet_until:
            raise SearchUnavailable(f"{self.where} did not answer a moment ago.")

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn what the client raises into SearchUnavailable, where it is the cluster's state and not our mistake."""
        try:
            yield
        except TransportError as error:
            self._note_silence(error)
            raise SearchUnavailable(f"{self.where} does not answer: {type(error).__name__}.") from error
        except ApiError as error:
            if (message := self._meaning(error)) is None:
                raise
            raise SearchUnavailable(message) from error

    def _note_silence(self, error: TransportError) -> None:
        self._timeouts += 1
        if not isinstance(error, ConnectionTimeout) or self._timeouts >= TIMEOUTS:
            self.leave_alone()

    @property
    def where(self) -> str:
        """The cluster, as operators know it; without the credentials that its addresses may hold."""
        return "Elasticsearch at " + ", ".join(url.rpartition("@")[2] for url in self.options.urls)

    def missing(self) -> SearchUnavailable:
        """What to raise where there is no index."""
        return SearchUnavailable(f"{self.where} holds no index {self.options.index!r}: run manage.py rebuild_search.")

    def _meaning(self, error: ApiError) -> str | None:
        """What this refusal means to an operator; None when the request itself was wrong."""
        if isinstance(error, NotFoundError):
            return str(self.missing())
        if isinstance(error, (AuthenticationException, AuthorizationException)):
            return f"{self.where} refuses these credentials: see ELASTICSEARCH_URL and ELASTICSEARCH_API_KEY."
        if error.status_code in TRANSIENT:
            return f"{self.where} cannot answer now ({error.status_code} {error.error})."
        return None


def is_transient(error: Exception) -> bool:
    """Whether the same request may succeed a little later."""
    if isinstance(error, ApiError):
        return error.status_code in TRANSIENT
    return isinstance(error, TransportError)


def _make_client(options: Options) -> Elasticsearch:
    arguments: dict[str, Any] = {
        "request_timeout": options.timeout,
        # Another node may know what this one does not. Every request of ours may be sent twice.
        "max_retries": max(2, len(options.urls)),
        "retry_on_timeout": len(options.urls) > 1,
        "retry_on_status": (502, 503, 504),
        "http_compress": False,
        "connections_per_node": 20,
        # A question's answers are two thousand small objects: read in a third of the time.
        "serializer": OrjsonSerializer(),
    }
    if options.api_key:
        arguments["api_key"] = options.api_key
    if options.ca_certs:
        arguments["ca_certs"] = options.ca_certs
    return Elasticsearch(list(options.urls), **arguments)
