"""What an engine answers that keeps the documents' vectors itself, and compares questions with them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from .base import Request


@dataclass(frozen=True, slots=True)
class Near:
    """A document and how near it is to a question."""

    key: str
    kind: str
    group: int
    """The number of its law and, in `section`, of the heading below which it stands; 0 for none."""
    section: int
    prior: float
    cosine: float
    """That of its nearest text: 1 says the same, 0.4 has nothing to do with it."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of all texts of a document, in no unit: only their directions count."""

    model: str
    """The fingerprint of the model that made them: vectors of two models must not be compared."""
    rows: tuple[list[int], ...]


class EngineVectors(Protocol):
    """The vectors beside the documents of an engine. Its writers send along what `search.semantic` keeps."""

    dimensions: int
    """Numbers of each vector; a model that makes others cannot be used with this engine."""

    def nearest(self, vector: Sequence[float], model: str, request: Request, k: int) -> list[Near]:
        """The `k` nearest of the documents that meet the request's conditions, whatever its terms; nearest first.

        Raises SearchUnavailable.
        """

    def counts(self, model: str) -> tuple[int, int]:
        """How many documents there are, and how many have vectors of this model. Raises SearchUnavailable."""

    def lacking(self, model: str) -> Iterator[str]:
        """The keys of the documents without vectors of this model. Raises SearchUnavailable."""
