"""Indices behind their alias: built beside the one in use, put in its place in one step, kept once for rollback."""

import re
from datetime import UTC, datetime

from search.engines.base import SearchUnavailable

from . import mapping
from .client import Cluster

GREEN_WITHIN = 120
"""Seconds that a new index may take to make its copies before it serves without them."""
MERGED_WITHIN = 3600.0
"""Seconds that merging a new index may take; 10 GB take minutes."""
SEGMENT = 4 * 2**30
"""Bytes of the largest segment that a new index is merged to; below the five of Elasticsearch's own merges."""
MANAGE_TIMEOUT = 60.0


class Indices:
    """The indices of one site in a cluster: `<alias>-<version>-<time>`."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.alias = cluster.options.index
        self.previous_alias = f"{self.alias}-previous"
        self._own = re.compile(rf"{re.escape(self.alias)}-[0-9a-f]{{8}}-\d+")
        self._client = cluster.patient

    def create(self) -> str:
        """A new, empty index that nothing leads to yet; its name."""
        built_at = datetime.now(UTC)
        name = f"{self.alias}-{mapping.version(self.cluster.options.dimensions)}-{built_at:%Y%m%d%H%M%S%f}"
        body = mapping.index_body(self.cluster.options, built_at)
        with self.cluster.translated():
            self._client(MANAGE_TIMEOUT).indices.create(index=name, **body)
        return name

    def prepare(self, name: str) -> None:
        """Let an index that is full make its copies and be looked at; waits for both, within limits."""
        client = self._client(GREEN_WITHIN + MANAGE_TIMEOUT)
        merging = client.options(request_timeout=MERGED_WITHIN)
        with self.cluster.translated():
            client.indices.refresh(index=name)
            # Filling leaves many small segments: together they are a fifth smaller and are searched faster.
            size = client.indices.stats(index=name, metric="store")["_all"]["primaries"]["store"]["size_in_bytes"]
            merging.indices.forcemerge(index=name, max_num_segments=1 + size // self.cluster.options.shards // SEGMENT)
            client.indices.put_settings(index=name, settings=mapping.serving_settings(self.cluster.options))
            client.cluster.health(index=name, wait_for_status="green", timeout=f"{GREEN_WITHIN}s")

    def serve(self, name: str) -> None:
        """Move the alias to this index in one step. The one it leaves becomes the previous one; older ones go."""
        current, previous = self.current(), self._behind(self.previous_alias)
        actions = [{"add": {"index": name, "alias": self.alias}}]
        if current is not None:
            actions.append({"remove": {"index": current, "alias": self.alias}})
            actions.append({"add": {"index": current, "alias": self.previous_alias}})
        if current is not None and previous is not None:
            actions.append({"remove": {"index": previous, "alias": self.previous_alias}})
        with self.cluster.translated():
            self._client(MANAGE_TIMEOUT).indices.update_aliases(actions=actions)
        self.prune()

    def roll_back(self) -> str:
        """Let the previous index serve again, and keep the present one as the previous. The name of it.

        Raises SearchUnavailable when there is none.
        """
        previous = self._behind(self.previous_alias)
        if previous is None:
            raise SearchUnavailable(f"{self.cluster.where} keeps no index from before the last rebuild.")
        self.serve(previous)
        return previous

    def current(self) -> str | None:
        """The index that serves."""
        return self._behind(self.alias)

    def serving(self) -> bool:
        """Whether an index serves."""
        return self.cluster.ask(lambda client: bool(client.indices.exists_alias(name=self.alias)))

    def drop(self, name: str) -> None:
        """Delete an index, if it is there."""
        with self.cluster.translated():
            self._client(MANAGE_TIMEOUT).indices.delete(index=name, ignore_unavailable=True)

    def prune(self) -> None:
        """Delete what neither serves nor is kept: replaced twice, or left half-built by a process that died.

        Only to be called by who holds the turn to rebuild.
        """
        kept = {self.current(), self._behind(self.previous_alias)}
        for name in self.names():
            if name not in kept:
                self.drop(name)

    def names(self) -> list[str]:
        """All indices of this site, the oldest first."""
        pattern = f"{self.alias}-*"
        with self.cluster.translated():
            found = self._client(MANAGE_TIMEOUT).indices.get_settings(index=pattern, name="index.creation_date")
        # The pattern also meets the indices of a site whose alias begins like ours.
        return sorted((name for name in found if self._own.fullmatch(name)), key=lambda name: name.rpartition("-")[2])

    def _behind(self, alias: str) -> str | None:
        with self.cluster.translated():
            client = self._client(MANAGE_TIMEOUT)
            if not client.indices.exists_alias(name=alias):
                return None
            return next(iter(client.indices.get_alias(name=alias)))
