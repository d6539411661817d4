"""What the site's own pages say answers a question: the articles that the pages nearest to it rest on.

An editor who writes 邻居家的狗咬人 has looked up which articles of the law hold. Where a resident's question means what
such a page answers, those articles answer it too, though they may share no word with it and be near to nothing.
"""

from collections.abc import Mapping
from dataclasses import replace

from .documents import sources
from .engines.base import Candidate, Engine, Request
from .results import Filters
from .semantic import Meaning

PAGES = 10
"""How many of the nearest pages are looked at."""
FROM = 0.55
"""The cosine from which a page has to do with the question."""
WEIGHT = 1.0
"""What the articles of a page gain, of a score that is 1 at most, for each unit of cosine above that."""


def cited(engine: Engine, meaning: Meaning) -> dict[str, float]:
    """The documents that the nearest pages rest on, by key, and what each gains by it. Raises SearchUnavailable."""
    kinds = tuple(name for name, source in sources().items() if source.cites)
    if not kinds:
        return {}
    near = meaning.nearest(Request(filters=Filters(kinds=kinds)), PAGES)
    gains = {one.key: WEIGHT * (one.cosine - FROM) for one in near if one.cosine > FROM}
    found: dict[str, float] = {}
    for key, page in engine.documents(gains).items():
        for one in page.cites:
            found[one] = max(found.get(one, 0.0), gains[key])
    return found


def fitting(engine: Engine, request: Request, gains: Mapping[str, float]) -> list[Candidate]:
    """Those of the documents that are there and meet the request's conditions, with what each gains as its score.

    Raises SearchUnavailable.
    """
    if not gains:
        return []
    keys = tuple(gains)
    found = engine.search(replace(request, terms=(), needed=(), keys=keys, limit=len(keys))).candidates
    return [one.scored(gains[one.key]) for one in found]
