"""A request in terms as Elasticsearch's query language says it, and its answers as the site reads them.

What is used is in every edition of the server: no plugin, no script, no module beyond the core.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zlib import crc32

from search.engines.base import Candidate, Request, Term
from search.engines.fields import FACETS, WEIGHTS
from search.engines.vectors import Near
from search.results import Filters

from .mapping import VECTOR_FIELDS

MAX_TERMS = 300
"""Of a longer query the heaviest terms are searched: 300 in each of three fields stay below the limit of 1,024."""
DEEPEST = 10_000
"""No cluster pages deeper."""
COUNTED = 1000
"""Matches are counted up to here: from then on what cannot come near the top is skipped, which is most of it."""
RESCORED = 4000
"""How many of the best are put in order by all words and the prior, at most."""
LEAST_RESCORED, RESCORED_EACH = 300, 8
"""The same for a short list: at least so many, and so many for each hit. All of them have to be gathered first."""

CANDIDATES = 1.2
"""How many more neighbours than wanted each shard looks at: the more, the fewer of the nearest are missed."""

FACET_VALUES = 500
"""Values of one facet that are counted, the most frequent first."""


def search_body(request: Request) -> dict[str, Any]:
    """The search for one page of candidates. They come with the values that rank and group them, without texts."""
    body = {
        "query": query(request),
        "from": request.offset,
        "size": max(0, min(request.limit, DEEPEST - request.offset)),
        "track_total_hits": COUNTED,
        "_source": False,
        "stored_fields": "_none_",
        "docvalue_fields": ["card"],
    }
    if request.newest_first:
        return body | {"sort": [{"date": {"order": "desc", "missing": "_last"}}, {"key": "asc"}], "track_scores": False}
    return body | {"rescore": _in_order(request)}


def facets_body(request: Request, names: Sequence[str]) -> dict[str, Any]:
    """The search that counts the values of these facets."""
    counts = {name: {"terms": {"field": FACETS[name], "size": FACET_VALUES}} for name in names}
    return {"query": query(request, scoring=False), "size": 0, "track_total_hits": False, "aggs": counts}


def count_body(term: str | None = None) -> dict[str, Any]:
    """The search that counts the documents, or those in whose body a term stands: read from the list of terms."""
    query = {"match_all": {}} if term is None else {"term": {"body": term}}
    return {"query": query, "size": 0, "track_total_hits": True}


def nearest_body(vector: Sequence[float], model: str, request: Request, k: int) -> dict[str, Any]:
    """The search for the documents of the nearest vectors, among those alone that meet the request's conditions."""
    conditions = query(replace(request, terms=(), needed=()), scoring=False)
    looked_at = min(int(k * CANDIDATES), DEEPEST)
    one_field = {"query_vector": list(vector), "k": k, "num_candidates": looked_at}
    fitting = {"bool": {"filter": [encoded_by(model), conditions]}}
    return {
        "knn": [{"field": field, "filter": fitting, **one_field} for field in VECTOR_FIELDS],
        "size": k,
        "track_total_hits": False,
        "_source": False,
        "stored_fields": "_none_",
        "docvalue_fields": ["card"],
    }


def encoded_body(model: str) -> dict[str, Any]:
    """The search that counts the documents, and those that have vectors of this model."""
    return {"size": 0, "track_total_hits": True, "aggs": {"encoded": {"filter": encoded_by(model)}}}


def encoded_by(model: str) -> dict[str, Any]:
    """The query for documents that have vectors of this model."""
    return {"term": {"encoded": model}}


def preference(request: Request) -> str:
    """Which copy of the index answers: for the same words the same, so that pages fit together."""
    return f"q{crc32(repr((request.terms, request.phrases)).encode()):x}"


def candidate(hit: Mapping[str, Any]) -> Candidate:
    """One hit as the ranking takes it."""
    key, group, section, _prior = hit["fields"]["card"][0].split(" ")
    return Candidate(key, key.partition(":")[0], hit["_score"] or 0.0, int(group), int(section))


def near(hit: Mapping[str, Any]) -> Near:
    """One neighbour as the fusion takes it."""
    key, group, section, prior = hit["fields"]["card"][0].split(" ")
    # Elasticsearch scores a cosine between 0 and 1.
    cosine = 2 * hit["_score"] - 1
    return Near(key, key.partition(":")[0], int(group), int(section), float(prior), cosine)


def query(request: Request, *, scoring: bool = True) -> dict[str, Any]:
    """The query of a request; without `scoring` the same matches at less work."""
    required = [_phrase(words) for words in request.phrases]
    finding, _ordering = _parts(request)
    if finding:
        required.append(_any_of(finding))
    conditions = _conditions(request)
    if request.needed and {term.text for term in finding} != set(request.needed):
        one_of = [{"terms": {field: list(request.needed[:MAX_TERMS])}} for field in WEIGHTS]
        conditions.append({"bool": {"should": one_of, "minimum_should_match": 1}})
    excluded = [_phrase(words) for words in request.excluded]
    if not scoring:
        conditions, required = conditions + required, []
    clauses = {"must": required, "filter": conditions, "must_not": excluded}
    stated = {name: found for name, found in clauses.items() if found}
    return {"bool": stated} if stated else {"match_all": {}}


def _conditions(request: Request) -> list[dict[str, Any]]:
    """What must hold whatever the words: the filters, the keys, the name."""
    named = [{"terms": {"key": list(request.keys)}}] if request.keys else []
    called = [{"term": {"called": request.called}}] if request.called else []
    return named + called + _filters(request.filters)


def _filters(wanted: Filters) -> list[dict[str, Any]]:
    """Of each facet any value, and every facet."""
    found: list[dict[str, Any]] = [
        {"terms": {field: list(values)}} for name, field in FACETS.items() if (values := getattr(wanted, name))
    ]
    limits = {"gte": wanted.since, "lte": wanted.until}
    if days := {name: day.isoformat() for name, day in limits.items() if day}:
        found.append({"range": {"date": days}})
    return found


def _any_of(terms: Sequence[Term]) -> dict[str, Any]:
    """Any of the terms in any field: the sum over fields and terms, each by its boost and weight."""
    heaviest = sorted(terms, key=lambda term: -term.weight)[:MAX_TERMS]
    # One flat list: what cannot come near the top is skipped in a disjunction, less so in one inside another, which a
    # boost around several terms would make of it.
    should = [
        {"term": {field: {"value": term.text, "boost": boost * term.weight}}}
        for term in heaviest
        for field, boost in WEIGHTS.items()
    ]
    return {"bool": {"should": should, "minimum_should_match": 1}}


def _phrase(words: Sequence[str]) -> dict[str, Any]:
    """These terms side by side in any one field."""
    text = " ".join(words)
    should = [{"match_phrase": {field: {"query": text, "boost": boost}}} for field, boost in WEIGHTS.items()]
    return {"bool": {"should": should, "minimum_should_match": 1}}


def _parts(request: Request) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """The terms that find documents, and those that only put in order what these found.

    Where one of the needed terms must match, the others need not be looked for: they are the lone characters, which
    stand in every second document, and to go through all of those takes three quarters of the time.
    """
    needed = set(request.needed)
    if not needed or not needed <= {term.text for term in request.terms}:
        return request.terms, ()
    finding = tuple(term for term in request.terms if term.text in needed)
    return finding, tuple(term for term in request.terms if term.text not in needed)


def _in_order(request: Request) -> list[dict[str, Any]]:
    """Add to the score of the best what the other terms say, and multiply it by their prior.

    Afterwards, and of the best alone: a factor inside the query would make Elasticsearch score every match, where it
    otherwise skips whatever cannot come near the top.
    """
    # By the length of the page, not by its number: pages of one list fit together.
    short = min(max(LEAST_RESCORED, RESCORED_EACH * request.limit), RESCORED)
    reach = request.offset + request.limit
    window = next((window for window in (short, RESCORED) if reach <= window), DEEPEST)
    prior = {"function_score": {"field_value_factor": {"field": "prior", "missing": 1}, "boost_mode": "replace"}}
    steps = [(prior, "multiply")]
    if ordering := _parts(request)[1]:
        steps.insert(0, (_any_of(ordering), "total"))
    return [
        {"window_size": window, "query": {"rescore_query": rescored, "score_mode": mode}} for rescored, mode in steps
    ]
