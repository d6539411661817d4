"""The one place where a query is built and run.

    text → parse → terms, synonyms → engine → candidates → what surrounds them → one page of hits, with passages

Where there is a model of meaning, what is near to the question joins what shares terms with it (see `fusion`).
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, log
from typing import Any

from . import evidence, fusion, ranking, semantic
from .analysis import fold, folded_terms
from .documents import Document, sources
from .engines import fields, get_engine
from .engines.base import Candidate, Engine, Request, Term
from .engines.fields import FACETS
from .parsing import ParsedQuery, parse
from .passages import best_passage, highlighted, opening
from .results import FacetValue, Filters, Hit, Results

MAX_CANDIDATES = 500
"""How many of the best are looked at, counted, and leafed through; nobody reads further."""
RELEVANT = 0.25
"""What has less than this part of the best score of its kind matches by chance: a character here and there."""
RELEVANT_OVERALL = 0.08
"""The same beside the best of all kinds."""
MAX_NAMED = 5
"""Documents of exactly the query's name that are put first."""
MAX_PER_PAGE = 100


@dataclass(slots=True)
class Found:
    """What a query found, before a page of it is shown."""

    candidates: list[Candidate]
    """Best first, within the filters."""
    pool: tuple[str, ...]
    """The keys of what the query finds without the filters: what counts are kept over."""
    older: bool
    """Whether an index answered that may not know the latest changes."""


def search(
    text: str,
    *,
    filters: Filters | None = None,
    page: int = 1,
    per_page: int = 10,
    sort: str = "relevance",
    engine: Engine | None = None,
    by_meaning: bool = True,
) -> Results:
    """One page of what answers a query, with counts by facet.

    `sort` is "relevance" or "newest"; any other means relevance. Pages count from 1; one beyond the last has no hits,
    and `page_count` says how many there are. `engine` is the site's unless another is given. Without
    `by_meaning` the terms alone decide, as they do where there is no model, and where the newest come first. Never
    raises for what was typed. Raises SearchUnavailable without an index.
    """
    started = time.perf_counter()
    filters = filters or Filters()
    parsed = parse(text)
    page, per_page = max(page, 1), min(max(per_page, 1), MAX_PER_PAGE)
    results = Results(text=parsed.text, page=page, cut=parsed.cut, phrases=parsed.phrases, excluded=parsed.excluded)
    if parsed:
        engine = engine or get_engine()
        terms = ranking.weighted_terms(parsed.words, parsed.terms)
        newest = sort == "newest"
        meaning = semantic.meaning(engine, parsed.words) if by_meaning and parsed.words and not newest else None
        found = _found(engine, parsed, terms, filters, meaning, newest=newest)
        results.keys = tuple(candidate.key for candidate in found.candidates)
        results.total, results.older = len(results.keys), found.older
        results.page_count = ceil(results.total / per_page)
        shown = found.candidates[(page - 1) * per_page : page * per_page]
        results.hits = _hits(engine, shown, _telling(engine, terms))
        results.facets = _facets(engine, found.pool, filters)
    results.took = time.perf_counter() - started
    return results


def _found(
    engine: Engine,
    parsed: ParsedQuery,
    terms: tuple[Term, ...],
    filters: Filters,
    meaning: semantic.Meaning | None,
    *,
    newest: bool,
) -> Found:
    request = Request(
        terms=terms,
        needed=ranking.needed_terms(terms),
        phrases=tuple(map(_phrase, parsed.phrases)),
        excluded=tuple(map(_phrase, parsed.excluded)),
        limit=fusion.FOUND if meaning else MAX_CANDIDATES,
    )
    response = engine.search(request)
    bars = _bars(response.candidates)
    gains = evidence.cited(engine, meaning) if meaning else {}
    pool = _joined(engine, request, _relevant(response.candidates, bars), meaning, gains)
    chosen = pool
    if filters:
        request = replace(request, filters=filters)
        narrowed = engine.search(request).candidates
        chosen = _joined(engine, request, _relevant(narrowed, _bars(narrowed) | bars), meaning, gains)
    named = _named(engine, parsed, filters)
    ranked = _newest(engine, chosen) if newest else ranking.named_first(_ranked(chosen, parsed.words), named)
    keys = dict.fromkeys(candidate.key for candidate in (*pool, *named))
    return Found(ranked, tuple(keys), response.older)


def _joined(
    engine: Engine,
    request: Request,
    found: list[Candidate],
    meaning: semantic.Meaning | None,
    gains: Mapping[str, float],
) -> list[Candidate]:
    """What was found by its terms, with what is near to the question or cited for it and meets the conditions."""
    if meaning is None:
        return found
    near = meaning.nearest(request, fusion.NEAR)
    return fusion.join(found, near, evidence.fitting(engine, request, gains))


def _phrase(text: str) -> tuple[str, ...]:
    return tuple(folded_terms(fold(text)))


def _bars(candidates: Iterable[Candidate]) -> dict[str, float]:
    """For each kind the score below which a candidate matches by chance."""
    best: defaultdict[str, float] = defaultdict(float)
    for candidate in candidates:
        best[candidate.kind] = max(best[candidate.kind], candidate.score)
    overall = max(best.values(), default=0.0)
    return {kind: max(score * RELEVANT, overall * RELEVANT_OVERALL) for kind, score in best.items()}


def _relevant(candidates: Iterable[Candidate], bars: Mapping[str, float]) -> list[Candidate]:
    return [candidate for candidate in candidates if candidate.score >= bars[candidate.kind]]


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


def _telling(engine: Engine, terms: Sequence[Term]) -> dict[str, float]:
    """The terms to mark, typed ones and synonyms, and how much each tells: the rarer, the more."""
    counts, documents = engine.frequencies([term.text for term in terms])
    return {
        term.text: term.weight * log(1 + documents / (1 + count)) for term, count in zip(terms, counts, strict=True)
    }


def _hits(engine: Engine, candidates: Sequence[Candidate], weights: Mapping[str, float]) -> list[Hit]:
    """The hits of a page. What was deleted since it was found is left out."""
    documents = engine.documents(candidate.key for candidate in candidates)
    hits = [
        _hit(documents[candidate.key], candidate, weights) for candidate in candidates if candidate.key in documents
    ]
    by_kind: defaultdict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_kind[hit.kind].append(hit)
    for kind, of_kind in by_kind.items():
        if (source := sources().get(kind)) is not None:
            extras = source.extras([hit.pk for hit in of_kind])
            for hit in of_kind:
                hit.extra = extras.get(hit.pk)
    return hits


def _hit(document: Document, candidate: Candidate, weights: Mapping[str, float]) -> Hit:
    # Who has answered in a sentence is shown with that sentence; of everything else, the place that answers best.
    shown = document.summary or document.body
    return Hit(
        key=document.key,
        kind=document.kind,
        title=highlighted(document.title, weights),
        url=document.url,
        score=candidate.score,
        label=document.label,
        heading=document.heading,
        summary=document.summary,
        passage=best_passage((shown,), weights) or opening(shown),
        topics=document.topics,
        law_kind=document.law_kind,
        place=document.place,
        date=document.date,
    )


def _facets(engine: Engine, pool: tuple[str, ...], filters: Filters) -> dict[str, list[FacetValue]]:
    """For each facet its values and counts: among what the other filters let through, whatever it chose itself."""
    if not pool:
        return {}
    chosen = [name for name in FACETS if getattr(filters, name)]
    counts = engine.facets(Request(keys=pool, filters=filters), [name for name in FACETS if name not in chosen])
    for name in chosen:
        none_chosen: dict[str, Any] = {name: ()}
        others = replace(filters, **none_chosen)
        counts |= engine.facets(Request(keys=pool, filters=others), [name])
    return {
        name: [
            FacetValue(value, count, selected=value in getattr(filters, name))
            for value, count in sorted(counts[name].items(), key=lambda item: (-item[1], item[0]))
        ]
        for name in FACETS
    }
