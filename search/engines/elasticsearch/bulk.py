"""Changes on their way to the cluster: in batches of bounded size, patient with it, strict with each document."""

import json
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from elastic_transport import TransportError
from elasticsearch import ApiError

from search.documents import Document
from search.engines.base import SearchUnavailable
from search.engines.vectors import Vectors

from .client import TRANSIENT, Cluster, is_transient
from .mapping import encode

BATCH_BYTES = 4 * 1024 * 1024
BATCH_DOCUMENTS = 1000
TIMEOUT = 30.0
"""Seconds that one batch may take."""

_CONFLICT = re.compile(r"current version \[(\d+)\]")


class Superseded(Exception):  # noqa: N818 -- what happened, as `EngineBusy` is
    """The index holds a document of a later turn than ours: somebody wrote since, or a clock once ran ahead."""

    def __init__(self, number: int) -> None:
        """`number` is the highest one met."""
        super().__init__(f"the index holds a document of turn {number}")
        self.number = number


@dataclass(frozen=True, slots=True)
class Operation:
    """One document to store, or one to delete when there is no body."""

    key: str
    number: int
    body: bytes | None = None

    def lines(self) -> list[bytes]:
        """The one or two lines of a bulk request."""
        action = "delete" if self.body is None else "index"
        # As new or newer: sending a batch again after a timeout changes nothing, and refuses nothing.
        head = {action: {"_id": self.key, "version": self.number, "version_type": "external_gte"}}
        line = json.dumps(head, ensure_ascii=False).encode()
        return [line] if self.body is None else [line, self.body]

    @property
    def size(self) -> int:
        """Bytes, near enough."""
        return len(self.key) + 100 + len(self.body or b"")


class BulkWriter:
    """Sends changes of one turn to one index or alias.

    Memory is bounded: a batch that is full is sent while the next one is gathered by `add` and `delete`, which wait
    when `threads` batches are on their way. Leaving the context sends the rest and waits for all. It raises
    SearchUnavailable when the cluster took some of them not even after `patience` seconds (nothing more is sent
    then), and Superseded when it holds newer documents; in both cases what was sent may be sent again.
    """

    def __init__(
        self,
        cluster: Cluster,
        index: str,
        number: int,
        *,
        is_alias: bool,
        threads: int = 1,
        patience: float = 20.0,
        vectors: Callable[[Document], Vectors | None] = lambda _: None,
    ) -> None:
        """`vectors` knows those of a document, if there are any."""
        self._cluster, self._index, self._number, self._is_alias = cluster, index, number, is_alias
        self._patience, self._vectors = patience, vectors
        self._batch: list[Operation] = []
        self._bytes = 0
        self._refused: dict[str, str] = {}
        self._superseded = 0
        self._silent = False
        self._lock = threading.Lock()
        self._slots = threading.Semaphore(threads)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="search-bulk")
        self._failure: Exception | None = None
        self.count = 0
        """Changes taken so far."""

    @property
    def refused(self) -> dict[str, str]:
        """The documents that the cluster did not take, by key, and why; complete when the context has ended."""
        return self._refused

    def add(self, document: Document) -> None:
        """Store a document. Raises ValueError on one that cannot be stored."""
        self._take(Operation(document.key, self._number, encode(document, self._number, self._vectors(document))))

    def delete(self, key: str) -> None:
        """Forget a document, if it is there."""
        self._take(Operation(key, self._number))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.finish()
        else:
            self.abandon()

    def finish(self) -> None:
        """Send the rest and wait for all of it; leaving the context does the same."""
        self._dispatch()
        self._pool.shutdown(wait=True)
        self.check()
        if self._superseded:
            raise Superseded(self._superseded)

    def abandon(self) -> None:
        """Send nothing more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def check(self) -> None:
        """Raise what a batch on its way has met."""
        if self._failure is not None:
            raise self._failure

    def _take(self, operation: Operation) -> None:
        self._batch.append(operation)
        self._bytes += operation.size
        self.count += 1
        if self._bytes >= BATCH_BYTES or len(self._batch) >= BATCH_DOCUMENTS:
            self._dispatch()

    def _dispatch(self) -> None:
        batch, self._batch, self._bytes = self._batch, [], 0
        if batch and self._failure is None:
            self._slots.acquire()
            self._pool.submit(self._deliver, batch)

    def _deliver(self, batch: list[Operation]) -> None:
        try:
            if self._failure is None:
                self._send(batch)
        except Exception as failure:  # noqa: BLE001 -- raised again by `check`, in the thread that gathers
            self._failure = failure
        finally:
            self._slots.release()

    def _send(self, batch: Sequence[Operation]) -> None:
        deadline = time.monotonic() + self._patience
        for pause in _pauses():
            batch, problem = self._try(batch)
            if not batch:
                return
            if time.monotonic() + pause > deadline:
                if self._silent:
                    self._cluster.leave_alone()
                raise SearchUnavailable(f"{self._cluster.where} does not take changes now: {problem}")
            time.sleep(pause)

    def _try(self, batch: Sequence[Operation]) -> tuple[list[Operation], str]:
        """Send once. What may succeed later, and why it did not now."""
        # Encoded already; the client sends bytes as they are.
        lines: list[Any] = [line for operation in batch for line in operation.lines()]
        # Tried again by the loop above, which knows how long.
        client = self._cluster.client.options(request_timeout=min(TIMEOUT, self._patience), max_retries=0)
        try:
            answer = client.bulk(index=self._index, operations=lines, require_alias=self._is_alias)
        except (ApiError, TransportError) as error:
            self._silent = isinstance(error, TransportError)
            if is_transient(error):
                return list(batch), type(error).__name__
            if isinstance(error, ApiError) and error.status_code in (400, 413):
                return self._isolate(batch, error), "too large"
            with self._cluster.translated():
                raise
        self._silent = False
        return self._sort(batch, answer["items"]) if answer["errors"] else ([], "")

    def _isolate(self, batch: Sequence[Operation], error: ApiError) -> list[Operation]:
        """A request refused as a whole: halve it until the one document that is to blame stands alone."""
        if len(batch) == 1:
            self._refuse(batch[0].key, str(error))
            return []
        middle = len(batch) // 2
        return self._try(batch[:middle])[0] + self._try(batch[middle:])[0]

    def _sort(self, batch: Sequence[Operation], items: list[dict[str, Any]]) -> tuple[list[Operation], str]:
        """What became of each document: taken, refused for good, overtaken, or to be tried again."""
        again: list[Operation] = []
        problem = ""
        for operation, item in zip(batch, items, strict=True):
            result = next(iter(item.values()))
            error = result.get("error")
            if not error:
                continue
            if result["status"] == 409:
                self._overtaken(error["reason"])
            elif result["status"] in TRANSIENT:
                again.append(operation)
                problem = error["type"]
            elif error["type"] == "index_not_found_exception":
                raise self._cluster.missing()
            elif result["status"] in (401, 403):
                # No right to write, or no room on the disk: nothing that the document could help.
                raise SearchUnavailable(f"{self._cluster.where} takes no changes: {error['type']}: {error['reason']}")
            else:
                self._refuse(operation.key, f"{error['type']}: {error['reason']}")
        return again, problem

    def _overtaken(self, reason: str) -> None:
        found = _CONFLICT.search(reason)
        with self._lock:
            self._superseded = max(self._superseded, int(found[1]) if found else self._number + 1)

    def _refuse(self, key: str, reason: str) -> None:
        with self._lock:
            self._refused[key] = reason


def _pauses() -> Iterator[float]:
    """How long to wait before each further try: twice as long each time, and never in step with other processes."""
    pause = 0.1
    while True:
        yield pause * random.uniform(0.5, 1.5)  # noqa: S311 -- spreads load, keeps no secret
        pause = min(pause * 2, 5.0)
