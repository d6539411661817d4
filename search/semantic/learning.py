"""Learning the correction of questions' vectors from questions whose answers are known, and what it is worth."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search import semantic
from search.engines.base import Engine
from search.evaluation import Judged
from search.parsing import parse

from .leaning import unit
from .projection import Projection, learn


def learned(engine: Engine, questions: Sequence[Judged]) -> Projection:
    """The projection that these questions teach; those with no answer in the index are left out.

    Raises ModelUnavailable, SearchUnavailable, and ValueError when no question is left.
    """
    encoder = semantic.get_encoder()
    documents = engine.documents({key for question in questions for key in question.keys})
    answers: dict[str, NDArray[np.float32]] = {}
    for key, document in documents.items():
        if (vectors := semantic.kept(document, dimensions=encoder.dimensions)) is not None:
            answers[key] = unit(np.array(vectors.rows, np.float32)).mean(axis=0)
    taught = [question for question in questions if question.keys & answers.keys()]
    if not taught:
        raise ValueError("no question has an answer with vectors")
    asked = encoder.encode([parse(question.text).words for question in taught])
    means = [np.mean([answers[key] for key in sorted(one.keys & answers.keys())], axis=0) for one in taught]
    return learn(asked, unit(np.array(means, np.float32)), encoder.fingerprint)


def folds(questions: Sequence[Judged], count: int) -> list[list[Judged]]:
    """The questions in so many parts, as even as may be, of which no two share an answer."""
    groups: list[tuple[set[str], list[Judged]]] = []
    for question in questions:
        keys, members = set(question.keys), [question]
        for group in [group for group in groups if group[0] & keys]:
            groups.remove(group)
            keys, members = keys | group[0], group[1] + members
        groups.append((keys, members))
    parts: list[list[Judged]] = [[] for _ in range(count)]
    for _keys, members in sorted(groups, key=lambda group: -len(group[1])):
        min(parts, key=len).extend(members)
    return [part for part in parts if part]
