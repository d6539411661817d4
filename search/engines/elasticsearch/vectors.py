"""Vectors beside the documents of a cluster: compared there, by its own nearest-neighbour search."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from search.engines.base import Request
from search.engines.vectors import Near

from . import requests

if TYPE_CHECKING:
    from .engine import ElasticsearchEngine


class ClusterVectors:
    """Of the documents of one engine."""

    def __init__(self, engine: "ElasticsearchEngine") -> None:
        self.engine = engine
        self.dimensions = engine.options.dimensions

    def nearest(self, vector: Sequence[float], model: str, request: Request, k: int) -> list[Near]:
        """The `k` nearest documents that meet the request's conditions. Raises SearchUnavailable."""
        answer = self.engine._search(requests.nearest_body(vector, model, request, k))
        return [requests.near(hit) for hit in answer.get("hits", {}).get("hits", ())]

    def counts(self, model: str) -> tuple[int, int]:
        """How many documents there are, and how many have vectors of this model. Raises SearchUnavailable."""
        answer = self.engine._search(requests.encoded_body(model))
        return answer["hits"]["total"]["value"], answer["aggregations"]["encoded"]["doc_count"]

    def lacking(self, model: str) -> Iterator[str]:
        """The keys of the documents without vectors of this model. Raises SearchUnavailable."""
        return self.engine.scan({"bool": {"must_not": [requests.encoded_by(model)]}})
