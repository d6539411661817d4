"""The embedded engine."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from django.conf import settings
from tantivy import DocAddress, IndexWriter, Order, Query, Searcher

from search.documents import Document
from search.engines.base import Candidate, Engine, Request, Response, SearchUnavailable, Status
from search.engines.fields import FACETS
from search.engines.stored import decode

from . import requests
from .generations import Generation, Generations, damage_reported, new_index
from .locks import turn
from .schema import SCALE, WEIGHT, kind_code, schema, to_index
from .scoring import FieldWeights

DELIVERY_HEAP = 30_000_000
"""Bytes that a delivery gathers before it writes them to disk."""
REBUILD_HEAP = 250_000_000
"""The same for a rebuild: fewer and larger files."""
SWAP_WAIT = 120.0
"""Seconds that a rebuild waits for the delivery that is on its way."""
FACET_VALUES = 500
"""Values of one facet that are counted, the most frequent first."""


class EmbeddedEngine(Engine):
    """Keeps documents in a folder of the site's own data; every process of one machine may use it."""

    name = "embedded"

    def __init__(self, root: Path | None = None) -> None:
        """In the folder that the settings name, or in another. Touches no file."""
        self.root = Path(root or settings.SEARCH_INDEX_DIR)
        self.generations = Generations(self.root)

    def search(self, request: Request) -> Response:
        """The documents that match. Raises SearchUnavailable."""
        with self.generations.reading() as searcher:
            found = searcher.search(
                requests.query(request, FieldWeights(searcher)),
                limit=max(request.limit, 1),
                offset=request.offset,
                order_by_field="date" if request.newest_first else None,
                order=Order.Desc,
                weight_by_field=None if request.newest_first else WEIGHT,
            )
            hits = found.hits if request.limit > 0 else []
            scores = [0.0 if request.newest_first else score / SCALE for score, _ in hits]
            total: int = found.count  # type: ignore[attr-defined]  # missing in tantivy's stubs
            return Response(_candidates(searcher, [address for _, address in hits], scores), total)

    def facets(self, request: Request, names: Sequence[str]) -> dict[str, dict[str, int]]:
        """For each facet its values and how many matching documents have them. Raises SearchUnavailable."""
        if not names:
            return {}
        with self.generations.reading() as searcher:
            return _counted(searcher, requests.query(request, FieldWeights(searcher)), names)

    def documents(self, keys: Iterable[str]) -> dict[str, Document]:
        """The stored documents with these keys; one that is no longer there is left out. Raises SearchUnavailable."""
        wanted = list(dict.fromkeys(keys))
        if not wanted:
            return {}
        with self.generations.reading() as searcher:
            query = Query.term_set_query(schema(), "key", wanted)
            found = searcher.search(query, limit=len(wanted), count=False).hits
            documents = [_document(searcher, address) for _, address in found]
        by_key = {document.key: document for document in documents}
        return {key: by_key[key] for key in wanted if key in by_key}

    def frequencies(self, terms: Sequence[str]) -> tuple[list[int], int]:
        """In how many bodies each term stands, and how many documents there are. Raises SearchUnavailable."""
        with self.generations.reading() as searcher:
            return [searcher.doc_freq("body", term) for term in terms], searcher.num_docs

    def keys(self) -> Iterator[str]:
        """The keys of all stored documents, changes that were just written included. Raises SearchUnavailable."""
        with self.generations.reading() as searcher:
            found = searcher.search(Query.all_query(), limit=max(searcher.num_docs, 1), count=False).hits
            candidates = _candidates(searcher, [address for _, address in found], [0.0] * len(found))
        yield from sorted(candidate.key for candidate in candidates)

    @contextmanager
    def writing(self, *, wait: float = 0.0) -> Iterator["EmbeddedWriter"]:
        """The one writer over all processes. Waits so many seconds for its turn, then raises EngineBusy.

        Raises SearchUnavailable when there is no index to write to.
        """
        with turn(self.root / "writer.lock", wait=wait):
            generation = self.generations.current()
            with EmbeddedWriter(generation.path, _writer(generation, DELIVERY_HEAP)) as writer:
                yield writer

    @contextmanager
    def rebuilding(self) -> Iterator["NewGeneration"]:
        """A new index; dropped when the context ends without a swap. Raises EngineBusy when one is being built."""
        with turn(self.root / "rebuild.lock", wait=0.0):
            self.generations.prune()
            new = NewGeneration(self, self.generations.create())
            try:
                yield new
            finally:
                new.close()
                self.generations.prune()

    def roll_back(self) -> None:
        """Let the index before the last rebuild serve again, and keep the present one in its place."""
        with turn(self.root / "rebuild.lock", wait=0.0), turn(self.root / "writer.lock", wait=SWAP_WAIT):
            self.generations.serve(self.generations.previous())

    def status(self) -> Status:
        """The state of the index; never raises."""
        try:
            generation = self.generations.current()
            with self.generations.reading() as searcher:
                kinds = _counted(searcher, Query.all_query(), ["kinds"])["kinds"]
                documents = searcher.num_docs
        except SearchUnavailable as reason:
            return Status(available=False, message=str(reason), location=str(self.root))
        return Status(
            available=True,
            message="ok",
            documents=documents,
            by_kind=kinds,
            size=generation.size(),
            built_at=generation.built_at,
            location=str(generation.path),
        )

    def problem(self) -> str:
        """Why the index cannot be searched, if there is one and it cannot."""
        if not self.generations.exist():
            return ""
        try:
            self.generations.current()
        except SearchUnavailable as reason:
            return str(reason)
        return ""


class EmbeddedWriter:
    """Writes one batch of changes, which are seen all together when the context ends without an exception."""

    refused: Mapping[str, str] = MappingProxyType({})
    """Always empty: what cannot be stored is refused by `add`."""

    def __init__(self, path: Path, writer: IndexWriter) -> None:
        self._path, self._writer = path, writer
        self._changed = False

    def add(self, document: Document) -> None:
        """Store a document, in place of the one with the same key. Raises ValueError on one that cannot be stored."""
        row = to_index(document)
        self.delete(document.key)
        self._writer.add_document(row)

    def delete(self, key: str) -> None:
        """Forget the document with this key, if there is one."""
        self._writer.delete_documents_by_term("key", key)
        self._changed = True

    def append(self, document: Document) -> None:
        """Store a document whose key the index does not have yet: without looking for an older one."""
        self._writer.add_document(to_index(document))
        self._changed = True

    def __enter__(self) -> "EmbeddedWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with damage_reported(self._path):
            try:
                if kind is None and self._changed:
                    self._writer.commit()
            finally:
                # Gives Tantivy's own lock back; what was not committed is forgotten.
                self._writer.wait_merging_threads()


class NewGeneration:
    """An index that is filled beside the one in use, and takes its place."""

    refused: Mapping[str, str] = MappingProxyType({})

    def __init__(self, engine: EmbeddedEngine, path: Path) -> None:
        self._engine, self._path = engine, path
        self._index = new_index(path)
        self._writer: EmbeddedWriter | None = EmbeddedWriter(path, self._index.writer(REBUILD_HEAP, 1))

    def add(self, document: Document) -> None:
        """Store a document in the new index. Raises ValueError on one that cannot be stored."""
        if self._writer is None:
            raise ValueError("the new index is complete; what changes now goes to the writer of the swap")
        self._writer.append(document)

    @contextmanager
    def swapping(self) -> Iterator[EmbeddedWriter]:
        """Hold every other writer off, take the last changes, and put the new index in the place of the old."""
        if self._writer is not None:
            self._writer.__exit__(None)
            self._writer = None
        with turn(self._engine.root / "writer.lock", wait=SWAP_WAIT):
            with EmbeddedWriter(self._path, self._index.writer(DELIVERY_HEAP, 1)) as writer:
                yield writer
            self._engine.generations.finish(self._path)
            self._engine.generations.serve(self._path)

    def close(self) -> None:
        """Stop writing; an index that did not take its place is deleted as unfinished."""
        if self._writer is not None:
            self._writer.__exit__(InterruptedError)
            self._writer = None


def _writer(generation: Generation, heap: int) -> IndexWriter:
    with damage_reported(generation.path):
        return generation.index.writer(heap, 1)


def _candidates(searcher: Searcher, addresses: list[DocAddress], scores: list[float]) -> list[Candidate]:
    """The hits as the ranking takes them: from columns of numbers, without reading a stored document."""
    # All four are columns of integers, and have a value for each document.
    kinds, pks, groups, sections = (
        cast("list[int]", searcher.fast_field_values(name, addresses))
        for name in ("kind_code", "pk", "group", "section")
    )
    names = _kinds(searcher)
    return [
        Candidate(f"{names[kind]}:{pk}", names[kind], score, group, section)
        for kind, pk, score, group, section in zip(kinds, pks, scores, groups, sections, strict=True)
    ]


def _kinds(searcher: Searcher) -> dict[int, str]:
    """The kinds that the index holds, by their numbers."""
    return {kind_code(kind): kind for kind, _ in searcher.terms_with_prefix("kind", "")}


def _document(searcher: Searcher, address: DocAddress) -> Document:
    stored: Any = searcher.doc(address).get_first("document")
    return decode(bytes(stored))


def _counted(searcher: Searcher, query: Query, names: Sequence[str]) -> dict[str, dict[str, int]]:
    wanted = {name: {"terms": {"field": FACETS[name], "size": FACET_VALUES}} for name in names}
    found = searcher.aggregate(query, wanted)
    return {
        name: {bucket["key"]: int(bucket["doc_count"]) for bucket in found[name]["buckets"]} if name in found else {}
        for name in names
    }
