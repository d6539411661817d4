"""The one place where a query is built and run.

    text → parse → terms, synonyms → engine → candidates → what surrounds them → one page of hits, with passages

Where there is a model of meaning, what is near to the question joins what shares terms with it (see `fusion`).
"""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import ceil, log
from typing import Any

from . import ranking, semantic
from .documents import Document, sources
from .engines import get_engine
from .engines.base import Candidate, Engine, Request, Term
from .engines.fields import FACETS
from .finding import find
from .parsing import parse
from .passages import best_passage, highlighted, opening
from .results import FacetValue, Filters, Hit, Results

MAX_PER_PAGE = 100


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
        found = find(engine, parsed, terms, filters, meaning, newest=newest)
        telling = engine.later(partial(_telling, engine, terms))
        results.keys = tuple(candidate.key for candidate in found.candidates)
        results.total, results.older = len(results.keys), found.older
        results.page_count = ceil(results.total / per_page)
        shown = found.candidates[(page - 1) * per_page : page * per_page]
        documents = engine.later(partial(engine.documents, [candidate.key for candidate in shown]))
        results.facets = _facets(engine, found.pool, filters)
        results.hits = _hits(documents.result(), shown, telling.result())
    results.took = time.perf_counter() - started
    return results


def _telling(engine: Engine, terms: Sequence[Term]) -> dict[str, float]:
    """The terms to mark, typed ones and synonyms, and how much each tells: the rarer, the more."""
    counts, documents = engine.usual_frequencies([term.text for term in terms])
    return {
        term.text: term.weight * log(1 + documents / (1 + count)) for term, count in zip(terms, counts, strict=True)
    }


def _hits(
    documents: Mapping[str, Document], candidates: Sequence[Candidate], weights: Mapping[str, float]
) -> list[Hit]:
    """The hits of a page. What was deleted since it was found is left out."""
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
    others = [name for name in FACETS if name not in chosen]
    asked = [engine.later(partial(engine.facets, Request(keys=pool, filters=filters), others))]
    for name in chosen:
        none_chosen: dict[str, Any] = {name: ()}
        request = Request(keys=pool, filters=replace(filters, **none_chosen))
        asked.append(engine.later(partial(engine.facets, request, [name])))
    counts = {name: values for answer in asked for name, values in answer.result().items()}
    return {
        name: [
            FacetValue(value, count, selected=value in getattr(filters, name))
            for value, count in sorted(counts[name].items(), key=lambda item: (-item[1], item[0]))
        ]
        for name in FACETS
    }
