"""A small correction of the questions' vectors, learned from questions whose answers are known.

The model was made for sentences of one kind. Residents ask in one language and the law answers in another; which way
the one lies from the other is learned once, by ridge regression from the vector of a question to the mean of those of
the articles that answer it, and kept as the few directions that matter most. The vectors of documents stay as they are.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from .leaning import unit

Matrix = NDArray[np.float32]

RIDGE = 10.0
"""What holds the correction back: as much as ten questions that need none."""
STRENGTH = 0.5
"""The part of the learned correction that is made: all of it finds more articles, and puts fewer of them first."""
RANK = 64
"""How many directions are kept."""


@dataclass(frozen=True, slots=True)
class Projection:
    """A question's vector q becomes that of q + (q · inwards) · outwards, of unit length."""

    model: str
    """The fingerprint of the model whose vectors it was learned from."""
    inwards: Matrix
    """Shape (dimensions, rank)."""
    outwards: Matrix
    """Shape (rank, dimensions)."""

    def __call__(self, vectors: Matrix) -> Matrix:
        """The vectors of questions, one a row, corrected."""
        return unit(np.asarray(vectors + (vectors @ self.inwards) @ self.outwards, np.float32))

    def save(self, path: Path) -> None:
        """Keep it in half precision, which is more than was learned."""
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                model=np.array(self.model),
                inwards=self.inwards.astype(np.float16),
                outwards=self.outwards.astype(np.float16),
            )

    @classmethod
    def load(cls, path: Path) -> "Projection":
        """As `save` wrote it. Raises OSError, ValueError and KeyError on a file that is none."""
        with np.load(path, allow_pickle=False) as kept:
            return cls(str(kept["model"]), kept["inwards"].astype(np.float32), kept["outwards"].astype(np.float32))


def learn(questions: Matrix, answers: Matrix, model: str) -> Projection:
    """The correction that brings these questions nearer to their answers; rows of unit length, in the same order."""
    gram = questions.T @ questions + RIDGE * np.eye(questions.shape[1], dtype=np.float32)
    correction = STRENGTH * np.linalg.solve(gram, questions.T @ (answers - questions))
    left, weights, right = np.linalg.svd(correction.astype(np.float32), full_matrices=False)
    return Projection(model, left[:, :RANK] * weights[:RANK], right[:RANK])


_chosen: list[Projection | None] = []


@contextmanager
def using(projection: Projection | None) -> Iterator[None]:
    """Correct by this one, or not at all, instead of the one that is kept: to measure what it is worth."""
    _chosen.append(projection)
    try:
        yield
    finally:
        _chosen.pop()


def corrected(vector: Matrix, model: str) -> Matrix:
    """The vector of a question as documents are compared with it; unchanged where nothing was learned for its model."""
    projection = _chosen[-1] if _chosen else _kept(Path(settings.SEARCH_SEMANTIC_PROJECTION))
    if projection is None or projection.model != model:
        return vector
    return projection(vector[None])[0]


@lru_cache(maxsize=2)
def _kept(path: Path) -> Projection | None:
    return Projection.load(path) if path.is_file() else None
