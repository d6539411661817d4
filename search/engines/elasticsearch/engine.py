"""The distributed engine: a cluster of Elasticsearch servers, shared by all processes of the site."""

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from elasticsearch import ApiError

from search import semantic
from search.documents import Document
from search.engines.base import Engine, Request, Response, SearchUnavailable, Status, TurnOvertaken
from search.engines.vectors import Vectors

from . import mapping, requests
from .bulk import BulkWriter, Superseded
from .client import Cluster, Options
from .indices import Indices
from .turns import last_number, next_number, turn
from .vectors import ClusterVectors

T = TypeVar("T")

logger = logging.getLogger(__name__)

SHORT = 2.0
"""Seconds that a delivery inside a visitor's request may wait for the cluster."""
SWAP_WAIT = 120.0
"""Seconds that a rebuild waits for the delivery that is on its way."""
NEEDED = ("hits.total", "hits.hits._score", "hits.hits.fields", "aggregations", "error", "status")
"""What is read of the answer to a search; the rest is not sent."""
QUESTIONS = 16
"""How many questions a process has on their way at once; more wait."""
REMEMBERED, MOST_REMEMBERED = 600.0, 50_000
"""Seconds for which the frequency of a term is taken for what it was, and of how many terms: some ten megabytes."""
SCROLLED = 5000
"""Keys fetched at a time when all are read."""


@lru_cache(maxsize=1)
def _threads(_process: int) -> ThreadPoolExecutor:
    """What waits for answers in this process; a fork has none of its parent's threads."""
    return ThreadPoolExecutor(QUESTIONS, thread_name_prefix="elasticsearch")


class ElasticsearchEngine(Engine):
    """Keeps documents in an index behind an alias. Makes no connection before it is asked something."""

    name = "elasticsearch"

    def __init__(self, options: Options | None = None) -> None:
        """With the site's settings, or with options of a test's own."""
        self.options = options or Options.from_settings()
        self.cluster = Cluster(self.options)
        self.indices = Indices(self.cluster)
        self.vectors = ClusterVectors(self)
        self._usual: dict[str, int] = {}
        self._usual_until = 0.0

    def later(self, call: Callable[[], T]) -> Future[T]:
        """In a thread of this process's own: the cluster works on several questions at once."""
        return _threads(os.getpid()).submit(call)

    def search(self, request: Request) -> Response:
        """The documents that match. Raises SearchUnavailable."""
        if request.offset >= requests.DEEPEST:
            return Response([], requests.COUNTED)
        answer = self._search(requests.search_body(request), preference=requests.preference(request))
        hits = answer["hits"]
        return Response([requests.candidate(hit) for hit in hits.get("hits", ())], hits["total"]["value"])

    def facets(self, request: Request, names: Sequence[str]) -> dict[str, dict[str, int]]:
        """For each facet its values and how many matching documents have them. Raises SearchUnavailable."""
        found = self._search(requests.facets_body(request, names)).get("aggregations", {})
        return {
            name: {bucket["key"]: bucket["doc_count"] for bucket in found[name]["buckets"]} if name in found else {}
            for name in names
        }

    def documents(self, keys: Iterable[str]) -> dict[str, Document]:
        """The stored documents with these keys; one that is no longer there is left out. Raises SearchUnavailable."""
        wanted = list(dict.fromkeys(keys))
        if not wanted:
            return {}
        found = self.cluster.ask(lambda client: client.mget(index=self.options.index, ids=wanted))["docs"]
        for item in found:
            self._check(item)
        return {item["_id"]: mapping.from_source(item["_source"]) for item in found if item["found"]}

    def frequencies(self, terms: Sequence[str]) -> tuple[list[int], int]:
        """In how many bodies each term stands, and how many documents there are. Raises SearchUnavailable."""
        total, *found = self._counts([requests.count_body(), *map(requests.count_body, terms)])
        return found, total

    def usual_frequencies(self, terms: Sequence[str]) -> tuple[list[int], int]:
        """As of ten minutes ago at most: most terms of a question stood in those before. Raises SearchUnavailable."""
        if time.monotonic() > self._usual_until or len(self._usual) > MOST_REMEMBERED:
            self._usual, self._usual_until = {}, time.monotonic() + REMEMBERED
        # The same to the end, though another thread may begin anew. No term is empty: there the total stands.
        usual = self._usual
        if new := [term for term in ("", *dict.fromkeys(terms)) if term not in usual]:
            counts, total = self.frequencies([term for term in new if term])
            usual |= zip(filter(None, new), counts, strict=True)
            usual[""] = total
        return [usual[term] for term in terms], usual[""]

    def _counts(self, bodies: Sequence[Mapping[str, Any]]) -> list[int]:
        """How many documents match each search, asked in one request."""
        header = {"allow_partial_search_results": False}
        searches = [line for body in bodies for line in (header, body)]
        needed = [f"responses.{name}" for name in ("hits.total.value", "error", "status")]
        answers = self.cluster.ask(
            lambda client: client.msearch(index=self.options.index, searches=searches, filter_path=needed)
        )["responses"]
        for answer in answers:
            self._check(answer)
        return [answer["hits"]["total"]["value"] for answer in answers]

    def _check(self, answer: Mapping[str, Any]) -> None:
        """Whether one of several answers in one is an answer. Raises SearchUnavailable."""
        if "error" in answer:
            if answer["error"]["type"] == "index_not_found_exception":
                raise self.cluster.missing()
            raise SearchUnavailable(f"{self.cluster.where} cannot answer: {answer['error']['type']}.")

    def keys(self) -> Iterator[str]:
        """The keys of all stored documents, as of now, in their order. Raises SearchUnavailable."""
        return self.scan({"match_all": {}})

    def scan(self, query: Mapping[str, Any]) -> Iterator[str]:
        """The keys of all documents that a query of Elasticsearch's own matches. Raises SearchUnavailable."""
        client = self.cluster.patient(60)
        with self.cluster.translated():
            client.indices.refresh(index=self.options.index)
            point = client.open_point_in_time(index=self.options.index, keep_alive="5m")["id"]
        try:
            after: list[Any] | None = None
            while True:
                with self.cluster.translated():
                    answer = client.search(
                        pit={"id": point, "keep_alive": "5m"},
                        query=query,
                        size=SCROLLED,
                        sort=[{"key": "asc"}],
                        search_after=after,
                        source=False,
                        stored_fields="_none_",
                        track_total_hits=False,
                    )
                hits = answer["hits"]["hits"]
                if not hits:
                    return
                after = hits[-1]["sort"]
                yield from (hit["sort"][0] for hit in hits)
        finally:
            with self.cluster.translated():
                client.close_point_in_time(id=point)

    @contextmanager
    def writing(self, *, wait: float = 0.0) -> Iterator[BulkWriter]:
        """The one writer over all processes. Waits so many seconds for its turn, then raises EngineBusy.

        Raises SearchUnavailable when there is no index, or no cluster, to write to.
        """
        # Whoever waits long for a turn may wait as long for the cluster; a visitor's request does neither.
        patience = max(wait, SHORT)
        self.cluster.check_quiet()
        if not self.indices.serving():
            raise self.cluster.missing()
        with turn("write", wait=wait), self._numbered() as number:
            with self.writer(self.options.index, number, is_alias=True, patience=patience) as writer:
                yield writer
            if writer.count:
                # Whoever changed something looks at it next.
                with self.cluster.translated():
                    self.cluster.patient(patience).indices.refresh(index=self.options.index)

    @contextmanager
    def rebuilding(self) -> Iterator["NewIndex"]:
        """A new index; dropped when the context ends without a swap. Raises EngineBusy when one is being built."""
        with turn("rebuild", wait=0.0):
            self.indices.prune()
            new = NewIndex(self, self.indices.create(), next_number())
            try:
                yield new
            finally:
                new.close()

    def writer(self, index: str, number: int, **options: Any) -> BulkWriter:
        """Sends changes of one turn, with the vectors that are kept of their texts; `options` as of BulkWriter."""
        return BulkWriter(self.cluster, index, number, vectors=self._kept, **options)

    def _kept(self, document: Document) -> Vectors | None:
        return semantic.kept(document, dimensions=self.options.dimensions)

    def roll_back(self) -> None:
        """Let the index before the last rebuild serve again, and keep the present one in its place."""
        with turn("rebuild", wait=0.0), turn("write", wait=SWAP_WAIT):
            self.indices.roll_back()

    def highest_number(self) -> int:
        """The highest number of a turn that wrote a document which is still there; 0 in an empty index."""
        answer = self._search({"size": 0, "aggs": {"turn": {"max": {"field": "turn"}}}})
        return int(answer["aggregations"]["turn"]["value"] or 0)

    def is_ahead(self) -> bool:
        """Whether the index knows turns that this database does not: the database was restored from a backup."""
        return self.highest_number() > last_number()

    def status(self) -> Status:
        """The state of the index; never raises."""
        location = f"{self.cluster.where}, {self.options.index}"
        try:
            with self.cluster.translated():
                return self._status(location)
        except (SearchUnavailable, ApiError) as reason:
            return Status(available=False, message=str(reason), location=location)

    def _status(self, location: str) -> Status:
        client = self.cluster.client
        name = self.indices.current()
        if name is None:
            return Status(available=False, message=str(self.cluster.missing()), location=location)
        health = client.cluster.health(index=name)["status"]
        meta = client.indices.get_mapping(index=name)[name]["mappings"]["_meta"]
        built_at = datetime.fromisoformat(meta["built_at"])
        known: dict[str, Any] = {"location": f"{location} → {name}", "built_at": built_at}
        if health == "red":
            message = f"{self.cluster.where}: a part of the index is missing (red)."
            return Status(available=False, message=message, **known)
        by_kind = {"kinds": {"terms": {"field": "kind", "size": 100}}}
        kinds = self._search({"size": 0, "track_total_hits": True, "aggs": by_kind})
        size = client.indices.stats(index=name, metric="store")["indices"][name]["primaries"]["store"]["size_in_bytes"]
        message = health
        if meta["version"] != mapping.version(self.options.dimensions):
            message += "; made by another version: run manage.py rebuild_search"
        if self.is_ahead():
            message += "; newer than the database (a restored backup?): run manage.py verify_search --repair"
        return Status(
            available=True,
            message=message,
            documents=kinds["hits"]["total"]["value"],
            by_kind={bucket["key"]: bucket["doc_count"] for bucket in kinds["aggregations"]["kinds"]["buckets"]},
            size=size,
            **known,
        )

    def _search(self, body: dict[str, Any], *, preference: str | None = None) -> dict[str, Any]:
        """One search, whole or not at all: a part of the index that does not answer is no result."""
        return self.cluster.ask(
            lambda client: client.search(
                index=self.options.index,
                body=body,
                preference=preference,
                allow_partial_search_results=False,
                filter_path=NEEDED,
            )
        ).body

    @contextmanager
    def _numbered(self) -> Iterator[int]:
        """The number of this turn. Documents of later turns in the index end it: the next one gets a higher number."""
        try:
            yield next_number()
        except Superseded as reason:
            next_number(beyond=reason.number)
            raise TurnOvertaken(f"{reason}; the next delivery has a higher number") from reason


class NewIndex:
    """An index that is filled beside the one in use, and takes its place."""

    def __init__(self, engine: ElasticsearchEngine, name: str, number: int) -> None:
        """`name` is that of an empty index; `number` is older than whatever the documents are read from."""
        self.engine, self.name = engine, name
        # Several batches on their way at once: until the swap each document comes once.
        self._writer = engine.writer(name, number, is_alias=False, threads=2, patience=300.0)

    @property
    def refused(self) -> dict[str, str]:
        """The documents that the cluster did not take, by key, and why; complete when the swap has begun."""
        return self._writer.refused

    def add(self, document: Document) -> None:
        """Store a document in the new index. Raises ValueError on one that cannot be stored."""
        self._writer.check()
        self._writer.add(document)

    @contextmanager
    def swapping(self) -> Iterator[BulkWriter]:
        """Hold every other writer off, take the last changes, and put the new index in the place of the old."""
        self._writer.finish()
        self.engine.indices.prepare(self.name)
        with turn("write", wait=SWAP_WAIT), self.engine._numbered() as number:
            with self.engine.writer(self.name, number, is_alias=False) as writer:
                yield writer
            with self.engine.cluster.translated():
                self.engine.cluster.patient(60).indices.refresh(index=self.name)
            self.engine.indices.serve(self.name)

    def close(self) -> None:
        """Drop the index unless it has taken its place."""
        self._writer.abandon()
        if self.engine.indices.current() != self.name:
            self.engine.indices.drop(self.name)
