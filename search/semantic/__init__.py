"""Meaning beside words: a question is compared with each document as vectors of a small model that runs on the CPU.

The one door to it for the rest of the search. Without a model, or the packages that run it, everything here says so and
does nothing, and the search goes by terms. `texts` says what of a document is encoded, `model` turns texts to vectors,
`projection` brings a question's nearer to those of its answers, `vectors` keeps the documents' by the texts' hashes,
`spaces` compares them with questions in files or in the engine, `encoding` makes what is lacking.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from search.documents import Document
from search.engines.base import Engine, Request, SearchUnavailable
from search.engines.vectors import Near, Vectors

from .model import ModelUnavailable, get_encoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .encoding import Background
    from .spaces import Space
    from .vectors import VectorIndex

__all__ = [
    "Meaning",
    "ModelUnavailable",
    "Near",
    "Status",
    "changed",
    "get_encoder",
    "get_index",
    "get_space",
    "kept",
    "meaning",
    "rebuilt",
    "status",
]

logger = logging.getLogger(__name__)

READY = 0.95
"""The part of the documents that must have vectors before questions are compared with them: with fewer, what happens
to be encoded already would stand before what is not."""


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
    """A question, compared with the documents of an engine. Threads may share it.

    It is encoded when it is first compared, so that the engine can look for its words meanwhile.
    """

    def __init__(self, space: "Space", question: str) -> None:
        self._space, self._question = space, question
        self._compared: Callable[[Request, int], list[Near]] | None = None
        self._encoding = threading.Lock()

    def nearest(self, request: Request, k: int) -> list[Near]:
        """The `k` nearest of the documents that meet the request's conditions, whatever its terms; nearest first.

        May be fewer where there are conditions. Raises SearchUnavailable.
        """
        with self._encoding:
            if self._compared is None:
                self._compared = self._space.compare(_vector(self._question))
        return self._compared(request, k)


def meaning(engine: Engine, question: str) -> Meaning | None:
    """A question compared with the documents of an engine; None without a model, or before most of them are encoded."""
    try:
        space = get_space(engine)
        documents, encoded = space.counts()
    except (ModelUnavailable, SearchUnavailable):
        return None
    if not documents or encoded < READY * documents:
        return None
    return Meaning(space, question)


def _vector(question: str) -> "NDArray[np.float32]":
    """What a question means, moved nearer to its answers."""
    from .projection import corrected

    encoder = get_encoder()
    return corrected(encoder.encode([question])[0], encoder.fingerprint)


def kept(document: Document, *, dimensions: int) -> Vectors | None:
    """The vectors of all texts of a document, for an engine that takes some of that size; None when one is not kept."""
    try:
        encoder, index = get_encoder(), get_index()
    except ModelUnavailable:
        return None
    if encoder.dimensions != dimensions:
        return None
    import numpy as np

    from .leaning import leaned
    from .texts import digest, heads, texts

    rows = index.kept(list(map(digest, texts(document))))
    if rows is None:
        return None
    if len(rows) > 1:
        found = leaned(rows.astype(np.float32), len(heads(document)))
        rows = np.rint(found / np.abs(found).max(axis=1, keepdims=True) * 127).astype(np.int8)
    return Vectors(encoder.fingerprint, tuple(rows.tolist()))


def changed(engine: Engine, keys: Iterable[str]) -> None:
    """Documents were delivered to the engine or deleted from it: note it, and have their vectors made.

    Never raises: what is missed here, `encode_search` finds.
    """
    wanted = list(keys)
    _noted(engine, lambda space: space.follow(wanted))


def rebuilt(engine: Engine) -> None:
    """The engine has a new index: note all its documents. Vectors of texts that are still there are kept.

    Never raises, as `changed`.
    """
    _noted(engine, lambda space: space.relist())


def _noted(engine: Engine, note: "Callable[[Space], None]") -> None:
    try:
        space, encode = get_space(engine), get_encoder().encode
    except ModelUnavailable:
        return
    from . import encoding

    try:
        note(space)
    except (SearchUnavailable, OSError) as reason:
        logger.warning("Vectors of changed documents wait for encode_search: %s", reason)
    else:
        _background(os.getpid()).wake(lambda: encoding.catch_up(space, engine, encode, most=encoding.BACKGROUND_LIMIT))


def get_space(engine: Engine) -> "Space":
    """Where the vectors of an engine's documents are compared. Raises ModelUnavailable."""
    encoder = get_encoder()
    if engine.vectors is not None and engine.vectors.dimensions != encoder.dimensions:
        raise ModelUnavailable(
            _("语义模型是 %(model)s 维，搜索引擎存 %(engine)s 维：设置 ELASTICSEARCH_DIMENSIONS 并重建索引。")
            % {"model": encoder.dimensions, "engine": engine.vectors.dimensions}
        )
    return _space(engine, get_index(), encoder.fingerprint)


def get_index() -> "VectorIndex":
    """The vectors that are kept of the site's model. Raises ModelUnavailable."""
    encoder = get_encoder()
    return _index(Path(settings.SEARCH_VECTORS_DIR) / encoder.fingerprint, encoder.dimensions)


def status(engine: Engine) -> Status:
    """The state of the model and of the vectors of an engine's documents; never raises."""
    try:
        encoder, space = get_encoder(), get_space(engine)
        documents, encoded = space.counts()
    except (ModelUnavailable, SearchUnavailable) as reason:
        return Status(available=False, message=str(reason))
    return Status(
        available=True,
        ready=documents > 0 and encoded >= READY * documents,
        documents=documents,
        encoded=encoded,
        size=space.kept.size(),
        fingerprint=encoder.fingerprint,
    )


@lru_cache(maxsize=8)
def _space(engine: Engine, kept: "VectorIndex", model: str) -> "Space":
    from .spaces import EngineSpace, LocalSpace

    if engine.vectors is None:
        return LocalSpace(kept, engine)
    return EngineSpace(kept, engine, engine.vectors, model)


@lru_cache(maxsize=4)
def _index(folder: Path, dimensions: int) -> "VectorIndex":
    from .vectors import VectorIndex

    return VectorIndex(folder, dimensions)


@lru_cache(maxsize=1)
def _background(_process: int) -> "Background":
    """The thread of this process; a fork has none of its own yet."""
    from .encoding import Background

    return Background()
