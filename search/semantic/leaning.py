"""How each text of a page leans towards what the page is about.

A step of a guide, read alone, is near to questions that the guide does not answer. So each text of a document with
several is compared as the sum of its own vector and that of the centre: the mean of the title, the other ways of
asking, and the short answer. Of a document with one text that changes nothing.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

CENTRE = 1.0
"""How much the centre counts beside the text itself."""


def leaned(vectors: NDArray[np.float32], heads: int) -> NDArray[np.float32]:
    """The vectors of a document's texts, the first `heads` of which make its centre, as questions meet them."""
    if len(vectors) < 2:
        return vectors
    vectors = unit(vectors)
    return unit(vectors + CENTRE * unit(vectors[:heads].sum(axis=0)))


class Leaning:
    """The same for cosines with texts, without keeping other vectors: from two numbers a text."""

    def __init__(
        self, records: NDArray[Any], rows: NDArray[np.intp], starts: NDArray[np.intp], heads: NDArray[np.intp]
    ) -> None:
        """`rows` of the table belong to documents that begin at `starts`; the first `heads` of each make its centre."""
        sizes = np.diff(np.append(starts, len(rows)))
        several = np.flatnonzero(sizes > 1)
        sizes, heads = sizes[several], heads[several]
        self._begin = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp) if len(several) else several
        self._document = np.repeat(np.arange(len(several)), sizes)
        within = np.arange(len(self._document)) - self._begin[self._document]
        self._places = starts[several][self._document] + within
        self._heads = within < heads[self._document]
        vectors = unit(records["vector"][rows[self._places]].astype(np.float32))
        centres = np.zeros((len(several), vectors.shape[1]), np.float32)
        np.add.at(centres, self._document[self._heads], vectors[self._heads])
        self._centre_lengths = np.linalg.norm(centres, axis=1)
        dots = np.einsum("ij,ij->i", vectors, unit(centres)[self._document])
        self._lengths = np.sqrt(1 + CENTRE**2 + 2 * CENTRE * dots)

    def lean(self, cosines: NDArray[np.float32]) -> None:
        """Change the cosines of a question with the texts, in the order of `rows`, in place."""
        if not len(self._places):
            return
        own = cosines[self._places]
        centres = np.add.reduceat(np.where(self._heads, own, 0), self._begin) / self._centre_lengths
        cosines[self._places] = (own + CENTRE * centres[self._document]) / self._lengths


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same directions at unit length."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)
