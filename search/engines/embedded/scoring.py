"""What the library's BM25 has to be told of fields that many documents lack."""

from math import log

from tantivy import Searcher

from search.engines.fields import WEIGHTS

from .schema import FILLED

K1, B = 1.2, 0.75
"""BM25 as the library has it: how soon a repeated term ceases to add, and how much a field's length takes away.

S. Robertson, H. Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
"""


class FieldWeights:
    """How much a term counts in each field, at one state of the index.

    The library takes the mean length of a field and the rarity of a term in it over all documents, those included that
    lack the field. Of titles, which one document in twenty-five has, the mean is a twenty-fifth of what a title
    measures: each seems so long that its terms tell nothing. The weights give a field of mean length the score that it
    would have among its like, which is the one that Elasticsearch gives it.
    """

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._documents = searcher.num_docs
        # What was deleted is counted by term until files are merged.
        self._filled = {name: min(searcher.doc_freq(FILLED, name), self._documents) for name in WEIGHTS}

    def of(self, field: str, term: str) -> float:
        """The weight of the field for this term."""
        filled = self._filled[field]
        frequency = self._searcher.doc_freq(field, term) if 0 < filled < self._documents else 0
        if not frequency:
            return WEIGHTS[field]
        length = (1 + K1 * (1 - B + B * self._documents / filled)) / (1 + K1)
        return WEIGHTS[field] * length * _rarity(frequency, filled) / _rarity(frequency, self._documents)


def _rarity(frequency: int, documents: int) -> float:
    """The weight of a term that stands in so many of the documents."""
    return log(1 + (max(documents - frequency, 0) + 0.5) / (frequency + 0.5))
