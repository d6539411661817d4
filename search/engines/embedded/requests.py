"""A request in terms as Tantivy's queries say it."""

from collections.abc import Sequence

from tantivy import FieldType, Occur, Query

from search.engines.base import Request, Term
from search.engines.fields import FACETS, WEIGHTS
from search.results import Filters

from .schema import schema
from .scoring import FieldWeights

_LAST_DAY = 2**40


def query(request: Request, weights: FieldWeights) -> Query:
    """The query of a request: every condition must hold, and the terms make the score, by these weights of fields."""
    clauses = [(Occur.Must, _unscored(condition)) for condition in _conditions(request)]
    if request.needed:
        clauses.append((Occur.Must, _unscored(_one_of(request.needed))))
    clauses += [(Occur.Must, _in_any_field(phrase, scored=True)) for phrase in request.phrases]
    clauses += [(Occur.MustNot, _in_any_field(phrase, scored=False)) for phrase in request.excluded]
    if request.terms:
        scored = [clause for term in request.terms for clause in _scored(term, weights)]
        # Where it is sure that a term matches, one level of clauses is the fastest form.
        if not clauses or request.needed:
            clauses += scored
        else:
            clauses.append((Occur.Must, Query.boolean_query(scored)))
    if not request.terms and not any(occur is Occur.Must for occur, _ in clauses):
        clauses.append((Occur.Must, _unscored(Query.all_query())))
    return Query.boolean_query(clauses)


def _scored(term: Term, weights: FieldWeights) -> list[tuple[Occur, Query]]:
    """A term in each field, by its own weight and the field's."""
    found = []
    for field in WEIGHTS:
        one = Query.term_query(schema(), field, term.text, "freq")
        boost = weights.of(field, term.text) * term.weight
        found.append((Occur.Should, one if boost == 1 else Query.boost_query(one, boost)))
    return found


def _one_of(terms: Sequence[str]) -> Query:
    """One of these terms in one of the fields."""
    return Query.boolean_query(
        [(Occur.Should, Query.term_query(schema(), field, term, "basic")) for field in WEIGHTS for term in terms]
    )


def _in_any_field(words: Sequence[str], *, scored: bool) -> Query:
    """These terms side by side in one of the fields."""
    found = []
    for field, weight in WEIGHTS.items():
        if len(words) == 1:
            one = Query.term_query(schema(), field, words[0], "freq")
        else:
            one = Query.phrase_query(schema(), field, list(words))
        found.append((Occur.Should, Query.boost_query(one, weight) if scored else one))
    return Query.boolean_query(found)


def _conditions(request: Request) -> list[Query]:
    """What must hold whatever the words: the filters, the keys, the name."""
    found = _filters(request.filters)
    if request.called:
        found.append(Query.term_query(schema(), "called", request.called, "basic"))
    if request.keys:
        found.append(Query.term_set_query(schema(), "key", list(request.keys)))
    return found


def _filters(filters: Filters) -> list[Query]:
    """Of each facet any value, and every facet."""
    found = [_any_of(field, values) for name, field in FACETS.items() if (values := getattr(filters, name))]
    if filters.since or filters.until:
        # What has no date is stored as day 0, which no filter by date lets through.
        first = filters.since.toordinal() if filters.since else 1
        last = filters.until.toordinal() if filters.until else _LAST_DAY
        found.append(Query.range_query(schema(), "date", FieldType.Integer, first, last))
    return found


def _any_of(field: str, values: Sequence[str]) -> Query:
    """A column with one of these values; one alone is asked for directly, which is faster."""
    if len(values) == 1:
        return Query.term_query(schema(), field, values[0], "basic")
    return Query.term_set_query(schema(), field, list(values))


def _unscored(condition: Query) -> Query:
    return Query.const_score_query(condition, 0.0)
