"""Meaning beside words: a question is compared with each document as vectors of a small model that runs on the CPU.

The one door to it for the rest of the search. Without a model, or the packages that run it, everything here says so and
does nothing, and the search goes by terms. `texts` says what of a document is encoded, `model` turns texts to vectors,
`vectors` keeps them and finds the nearest, `encoding` keeps them in step with the engine.
"""

import logging
import os
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from django.conf import settings

from search.engines.base import Engine, SearchUnavailable

from .model import Encoder, ModelUnavailable, get_encoder

if TYPE_CHECKING:
    from .encoding import Background
    from .texts import Entry
    from .vectors import VectorIndex

__all__ = [
    "Meaning",
    "ModelUnavailable",
    "Near",
    "Status",
    "changed",
    "get_encoder",
    "get_index",
    "meaning",
    "rebuilt",
    "status",
]

logger = logging.getLogger(__name__)

# One thread for a product of a matrix and a vector: the threads of NumPy's library wait for each other by spinning, and
# beside other busy processes a question then takes fifty times as long. It is read when NumPy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

READY = 0.95
"""The part of the documents that must have vectors before questions are compared with them: with fewer, what happens
to be encoded already would stand before what is not."""


@dataclass(frozen=True, slots=True)
class Near:
    """A document and how near it is to a question."""

    entry: "Entry"
    cosine: float
    """That of its nearest text: 1 says the same, 0.4 has nothing to do with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Whether questions are understood by meaning, for `search_status` and the health page."""

    available: bool
    """Whether a model runs."""
    ready: bool = False
    """Whether searches use it: enough documents have vectors."""
    message: str = ""
    """Without a model, what is missing and what to do."""
    documents: int = 0
    encoded: int = 0
    size: int = 0
    """Bytes on disk."""
    fingerprint: str = ""


class Meaning:
    """A question, compared with every document."""

    def __init__(self, index: "VectorIndex", encoder: Encoder, question: str) -> None:
        self._view = index.view()
        self._cosines = self._view.cosines(encoder.encode([question])[0])

    def nearest(self, k: int, kinds: Collection[str] = ()) -> list[Near]:
        """The `k` nearest documents, of these kinds if any are named; the nearest first."""
        return [Near(entry, cosine) for entry, cosine in self._view.nearest(self._cosines, k, kinds)]

    def entry(self, key: str) -> "Entry | None":
        """What is known of a document that was found otherwise."""
        return self._view.entries.get(key)

    def group_size(self, group: int) -> int:
        """How many articles a law has."""
        return self._view.group_sizes[group]


def meaning(question: str) -> Meaning | None:
    """A question compared with all documents; None without a model, or before most documents are encoded."""
    try:
        index = get_index()
    except ModelUnavailable:
        return None
    return Meaning(index, get_encoder(), question) if index.view().coverage >= READY else None


def changed(engine: Engine, keys: Iterable[str]) -> None:
    """Documents were delivered to the engine or deleted from it: note it, and have their vectors made.

    Never raises: what is missed here, `encode_search` finds.
    """
    _noted(lambda index, encoding: encoding.follow(index, engine, keys), engine)


def rebuilt(engine: Engine) -> None:
    """The engine has a new index: note all its documents. Vectors of texts that are still there are kept.

    Never raises, as `changed`.
    """

    def note(index: "VectorIndex", encoding: ModuleType) -> None:
        encoding.relist(index, engine)
        index.prune()

    _noted(note, engine)


def _noted(note: Callable[["VectorIndex", ModuleType], object], engine: Engine) -> None:
    try:
        index, encode = get_index(), get_encoder().encode
    except ModelUnavailable:
        return
    from . import encoding

    try:
        note(index, encoding)
    except (SearchUnavailable, OSError) as reason:
        logger.warning("Vectors of changed documents wait for encode_search: %s", reason)
    else:
        _background(os.getpid()).wake(lambda: encoding.catch_up(index, engine, encode, most=encoding.BACKGROUND_LIMIT))


def get_index() -> "VectorIndex":
    """The vectors of the site's model. Raises ModelUnavailable."""
    encoder = get_encoder()
    return _index(Path(settings.SEARCH_VECTORS_DIR) / encoder.fingerprint, encoder.dimensions)


def status() -> Status:
    """The state of model and vectors; never raises."""
    try:
        encoder, index = get_encoder(), get_index()
    except ModelUnavailable as reason:
        return Status(available=False, message=str(reason))
    view = index.view()
    return Status(
        available=True,
        ready=view.coverage >= READY,
        documents=len(view.entries),
        encoded=len(view.entries) - len(index.missing()),
        size=index.size(),
        fingerprint=encoder.fingerprint,
    )


@lru_cache(maxsize=4)
def _index(folder: Path, dimensions: int) -> "VectorIndex":
    from .vectors import VectorIndex

    return VectorIndex(folder, dimensions)


@lru_cache(maxsize=1)
def _background(_process: int) -> "Background":
    """The thread of this process; a fork has none of its own yet."""
    from .encoding import Background

    return Background()
