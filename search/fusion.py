"""Two lists of candidates made one: what shares terms with the question, and what is near to it in meaning.

Both scores are measured from the best of their kind, and a kind as a whole by how its best stands beside the best of
all: so the articles stand in the same order whether a resident looks at everything or at articles alone, and the
thousand titles of the guides, which are worded like questions, do not push every article away.
"""

from collections.abc import Iterator, Sequence

from .documents import sources
from .engines.base import Candidate
from .engines.vectors import Near

FOUND, NEAR = 700, 1000
"""How many of the best by terms, and how many of the nearest documents, are looked at."""
MEANING = 0.5
"""The part of the score that meaning has; the terms have the rest."""
MEANING_OF_ANSWERS = 0.8
"""The same for what answers in plain words: their characters are those of any talk, and tell less than an article's."""
TERMS_FLOOR = 0.25
"""The part of the best score of terms that counts nothing: some characters are shared with everything."""
COSINE_RANGE = 0.2
"""How far below the nearest of its kind a document may be and still have to do with the question."""
KIND_RANGE = 0.3
"""The same for the nearest of a kind beside the nearest of all, before the whole kind counts nothing by meaning."""
PRIOR = 0.1
"""How much cosine a prior of 2 is worth beside one of 1."""
STRONGEST_PRIOR = 2.0


class _Kind:
    """The candidates of one kind: their scores of terms and their cosines, by key."""

    def __init__(self, part: float) -> None:
        self.part = part
        """The part of the score that meaning has."""
        self.candidates: dict[str, Candidate] = {}
        self.gains: dict[str, float] = {}
        self.terms: dict[str, float] = {}
        self.cosines: dict[str, float] = {}

    def bests(self) -> tuple[float, float]:
        """The highest score of terms and the highest cosine; 0 where there is none."""
        return max(self.terms.values(), default=0.0), max(self.cosines.values(), default=0.0)

    def joined(self, level: float) -> Iterator[Candidate]:
        """The candidates with the sum of both parts, times the standing of the kind."""
        best_terms, best_cosine = self.bests()
        for key, one in self.candidates.items():
            terms = meaning = 0.0
            if key in self.terms:
                terms = (self.terms[key] / best_terms - TERMS_FLOOR) / (1 - TERMS_FLOOR)
            if key in self.cosines:
                meaning = 1 - (best_cosine - self.cosines[key]) / COSINE_RANGE
            gain = self.gains.get(key, 0.0)
            if key in self.terms or meaning > 0 or gain > 0:
                score = level * ((1 - self.part) * max(terms, 0.0) + self.part * max(meaning, 0.0) + gain)
                yield one.scored(score)


def _kinds(names: set[str]) -> dict[str, _Kind]:
    """For each name its kind. All that answers in plain words is one: a guide and a question are asked for alike."""
    known = sources()
    answering = _Kind(MEANING_OF_ANSWERS)
    return {name: answering if name in known and known[name].answers else _Kind(MEANING) for name in names}


def join(found: Sequence[Candidate], near: Sequence[Near], cited: Sequence[Candidate] = ()) -> list[Candidate]:
    """The candidates of all lists, each once, in no order; scores are between 0 and 1, and above by what is cited.

    `cited` are those that pages near to the question rest on; their scores are what they gain by it.
    """
    kinds = _kinds({one.kind for one in (*found, *cited)} | {one.kind for one in near})
    for candidate in found:
        kind = kinds[candidate.kind]
        kind.candidates[candidate.key] = candidate
        kind.terms[candidate.key] = candidate.score
    for one in near:
        kind = kinds[one.kind]
        kind.candidates.setdefault(one.key, Candidate(one.key, one.kind, 0.0, one.group, one.section))
        kind.cosines[one.key] = one.cosine + PRIOR * (min(one.prior, STRONGEST_PRIOR) - 1)
    for candidate in cited:
        kind = kinds[candidate.kind]
        kind.candidates.setdefault(candidate.key, candidate)
        kind.gains[candidate.key] = candidate.score
    distinct = list(dict.fromkeys(kinds.values()))
    bests = [kind.bests() for kind in distinct]
    best_terms = max((terms for terms, _ in bests), default=0.0) or 1.0
    best_cosine = max((cosine for _, cosine in bests), default=0.0)
    joined: list[Candidate] = []
    for kind, (terms, cosine) in zip(distinct, bests, strict=True):
        meaning = max(1 - (best_cosine - cosine) / KIND_RANGE, 0.0)
        joined += kind.joined((1 - MEANING) * terms / best_terms + MEANING * meaning)
    return joined
