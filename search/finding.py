"""Which documents a query finds, best first: by their terms, by what they mean, by their name.

Everything that does not wait for another answer is asked at once (`Engine.later`): a cluster works on it side by side.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from . import evidence, fusion, ranking, semantic
from .analysis import fold, folded_terms
from .engines import fields
from .engines.base import Candidate, Engine, Request, Response, Term
from .engines.vectors import Near
from .parsing import ParsedQuery
from .results import Filters

MAX_CANDIDATES = 500
"""How many of the best are looked at, counted, and leafed through; nobody reads further."""
RELEVANT = 0.25
"""What has less than this part of the best score of its kind matches by chance: a character here and there."""
RELEVANT_OVERALL = 0.08
"""The same beside the best of all kinds."""
MAX_NAMED = 5
"""Documents of exactly the query's name that are put first."""
ENOUGH = 0.8
"""The part of a full list that some kinds must hold, for the engine not to be asked for these kinds alone."""

AnyFound = TypeVar("AnyFound", Candidate, Near)


@dataclass(slots=True)
class Found:
    """What a query found, before a page of it is shown."""

    candidates: list[Candidate]
    """Best first, within the filters."""
    pool: tuple[str, ...]
    """The keys of what the query finds without the filters: what counts are kept over."""
    older: bool
    """Whether an index answered that may not know the latest changes."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What shares terms with a question and what is near to it, on its way from the engine."""

    words: Future[Response]
    near: Future[list[Near]] | None
    limit: int
    """How many were asked for that share terms."""

    def found(self) -> tuple[list[Candidate], list[Near]]:
        """Both lists."""
        return self.words.result().candidates, self.near.result() if self.near else []

    def tells_of(self, kinds: Sequence[str]) -> bool:
        """Whether the lists hold all that these kinds have, or nearly as much as a list may."""
        words, near = self.found()
        return _tell_of(kinds, words, self.limit) and _tell_of(kinds, near, fusion.NEAR)


def find(
    engine: Engine,
    parsed: ParsedQuery,
    terms: tuple[Term, ...],
    filters: Filters,
    meaning: semantic.Meaning | None,
    *,
    newest: bool,
) -> Found:
    """What a query finds; `terms` are its own and what synonyms add. Raises SearchUnavailable."""
    request = Request(
        terms=terms,
        needed=ranking.needed_terms(terms),
        phrases=tuple(map(_phrase, parsed.phrases)),
        excluded=tuple(map(_phrase, parsed.excluded)),
        limit=fusion.FOUND if meaning else MAX_CANDIDATES,
    )
    narrow = replace(request, filters=filters)
    asked = _ask(engine, request, meaning)
    # Candidates know their kind. Of whatever else was chosen the engine has to be asked.
    narrowed = _ask(engine, narrow, meaning) if replace(filters, kinds=()) else None
    gaining = engine.later(lambda: evidence.cited(engine, meaning) if meaning else {})
    naming = engine.later(partial(_named, engine, parsed, filters))
    gains = gaining.result()
    citing = engine.later(partial(evidence.fitting, engine, request, gains))
    if filters and narrowed is None and not asked.tells_of(filters.kinds):
        narrowed = _ask(engine, narrow, meaning)
    words, near = asked.found()
    bars = _bars(words)
    pool = _joined(words, near, citing.result(), bars)
    if narrowed:
        fitting = evidence.fitting(engine, narrow, gains)
        words, near = narrowed.found()
        chosen = _joined(words, near, fitting, _bars(words) | bars)
    else:
        chosen = _of(pool, filters.kinds)
    named = naming.result()
    ranked = _newest(engine, chosen) if newest else ranking.named_first(_ranked(chosen, parsed.words), named)
    keys = dict.fromkeys(candidate.key for candidate in (*pool, *named))
    return Found(ranked, tuple(keys), asked.words.result().older)


def _ask(engine: Engine, request: Request, meaning: semantic.Meaning | None) -> _Asked:
    words = engine.later(partial(engine.search, request))
    near = engine.later(partial(meaning.nearest, request, fusion.NEAR)) if meaning else None
    return _Asked(words, near, request.limit)


def _tell_of(kinds: Sequence[str], found: Sequence[AnyFound], limit: int) -> bool:
    return len(found) < limit or len(_of(found, kinds)) >= ENOUGH * limit


def _of(found: Sequence[AnyFound], kinds: Sequence[str]) -> list[AnyFound]:
    """Those of these kinds; all, if none is named."""
    return [one for one in found if one.kind in kinds] if kinds else list(found)


def _joined(
    words: list[Candidate], near: list[Near], cited: list[Candidate], bars: Mapping[str, float]
) -> list[Candidate]:
    """What was found by its terms and not by chance, with what is near to the question or cited for it."""
    relevant = [candidate for candidate in words if candidate.score >= bars[candidate.kind]]
    return fusion.join(relevant, near, cited) if near or cited else relevant


def _phrase(text: str) -> tuple[str, ...]:
    return tuple(folded_terms(fold(text)))


def _bars(candidates: Iterable[Candidate]) -> dict[str, float]:
    """For each kind the score below which a candidate matches by chance."""
    best: defaultdict[str, float] = defaultdict(float)
    for candidate in candidates:
        best[candidate.kind] = max(best[candidate.kind], candidate.score)
    overall = max(best.values(), default=0.0)
    return {kind: max(score * RELEVANT, overall * RELEVANT_OVERALL) for kind, score in best.items()}


def _named(engine: Engine, parsed: ParsedQuery, filters: Filters) -> list[Candidate]:
    """What is called exactly as the query, if it is nothing but words: 劳动法 is that law before all that quote it."""
    called = "" if parsed.phrases or parsed.excluded else fields.name(parsed.words)
    return engine.search(Request(called=called, filters=filters, limit=MAX_NAMED)).candidates if called else []


def _ranked(candidates: list[Candidate], words: str) -> list[Candidate]:
    """The candidates by their own score and their surroundings, what explains a topic lifted."""
    return ranking.in_order(ranking.lifted(ranking.agreeing(ranking.in_order(candidates)), words))


def _newest(engine: Engine, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates by date."""
    if not candidates:
        return []
    keys = tuple(candidate.key for candidate in candidates)
    return engine.search(Request(keys=keys, newest_first=True, limit=len(keys))).candidates
