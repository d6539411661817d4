"""What decides the order beyond the engine's score: few numbers, measured on real questions (docs/measurements.md)."""

from collections.abc import Iterable, Sequence

from . import synonyms
from .analysis import fold, folded_terms, is_han
from .documents import sources
from .engines.base import Candidate, Term

SYNONYM_WEIGHT = 0.5
"""How much a term counts that the editors' table adds, beside one that was typed."""
MAX_SYNONYM_TERMS = 60
"""Terms that synonyms add to one query."""

TOPIC_CHARS = 4
"""A query of no more Han characters is a topic (宅基地, 法律援助), not a question."""
TOPIC_LIFT = 1.5
"""How much more a guide or an answer counts for a topic: an article that repeats the word tells nothing about it."""

SECTION_AGREEMENT, LAW_AGREEMENT = 0.3, 0.2
"""How much of the score of the best article below the same heading, and in the same law, an article is given."""
AGREEING = 1000
"""How many of the best candidates are looked at for that."""


def weighted_terms(words: str, typed: Sequence[str]) -> tuple[Term, ...]:
    """The terms of a query: those that were typed, and what synonyms of the words add to them."""
    added: dict[str, None] = {}
    for expansion in synonyms.expansions(fold(words)):
        for word in expansion.words:
            added |= dict.fromkeys(folded_terms(word))
    for term in typed:
        added.pop(term, None)
    return (*map(Term, typed), *(Term(text, SYNONYM_WEIGHT) for text in list(added)[:MAX_SYNONYM_TERMS]))


def needed_terms(terms: Iterable[Term]) -> tuple[str, ...]:
    """The terms of which a document must hold one: whole words and pairs; a lone character of a word says nothing.

    Where a query has nothing but lone characters, any of them.
    """
    texts = [term.text for term in terms]
    return tuple(text for text in texts if len(text) > 1 or not is_han(text)) or tuple(texts)


def agreeing(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates in the order of their own score and that of their surroundings.

    Where one article of a chapter answers, its neighbours are likelier to answer too than a stray match elsewhere. The
    best of each chapter and law keeps its score; the others come nearer to it.
    """
    head = candidates[:AGREEING]
    by_section = _best(head, "section")
    by_group = _best(head, "group")
    whole = 1 + SECTION_AGREEMENT + LAW_AGREEMENT

    def supported(candidate: Candidate) -> Candidate:
        if not candidate.group:
            return candidate
        around = SECTION_AGREEMENT * by_section.get(candidate.section, candidate.score)
        around += LAW_AGREEMENT * by_group.get(candidate.group, candidate.score)
        return candidate.scored((candidate.score + around) / whole)

    return [*in_order(map(supported, head)), *candidates[AGREEING:]]


def lifted(candidates: Iterable[Candidate], words: str) -> list[Candidate]:
    """The candidates of a query that is a mere topic, with those that explain it lifted above those that mention it."""
    if sum(map(is_han, fold(words))) > TOPIC_CHARS:
        return list(candidates)
    answering = {name for name, source in sources().items() if source.answers}
    return [
        candidate.scored(candidate.score * TOPIC_LIFT) if candidate.kind in answering else candidate
        for candidate in candidates
    ]


def named_first(candidates: Sequence[Candidate], named: Sequence[Candidate]) -> list[Candidate]:
    """What is called exactly as the query before all else, in the order given."""
    keys = {candidate.key for candidate in named}
    highest = max((candidate.score for candidate in candidates), default=0.0)
    first = [candidate.scored(max(candidate.score, highest)) for candidate in named]
    return first + [candidate for candidate in candidates if candidate.key not in keys]


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """By score; equal scores by key, so that pages fit together whichever process answers."""
    return sorted(candidates, key=lambda candidate: (-candidate.score, candidate.key))


def _best(candidates: Iterable[Candidate], attribute: str) -> dict[int, float]:
    """The highest score of each group of candidates."""
    found: dict[int, float] = {}
    for candidate in candidates:
        number = getattr(candidate, attribute)
        if number and candidate.score > found.get(number, 0.0):
            found[number] = candidate.score
    return found
