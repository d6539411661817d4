"""Three nodes, one copy of everything, and one node killed while people search and editors write."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from elasticsearch import Elasticsearch

from search.engines.base import Request, SearchUnavailable, Term
from search.engines.elasticsearch import ElasticsearchEngine, Options
from search.engines.elasticsearch.bulk import BulkWriter
from tests.conftest import missing
from tests.elasticsearch_nodes import Node, free_port, logs_on_failure, memory_available, start_together

from .conftest import sample, site_engine

pytestmark = [pytest.mark.nodes, pytest.mark.django_db]

NEEDED = 4 * 2**30
"""Bytes: three servers with 512 MB of heap each need twice that, and the tests something too."""
DOCUMENTS = 3000
QUERIES_A_SECOND = 50
CLIENTS = 10
WARM = 15.0
"""Seconds at most until fifty a second are reached: a server just started compiles itself while it answers."""
BEFORE, AFTER = 5.0, 20.0
"""Seconds of searching and writing before the node is killed, and after."""


@pytest.fixture
def nodes() -> Iterator[list[Node]]:
    """Three servers that know each other."""
    if memory_available() < NEEDED:
        missing("not enough memory for three nodes")
    names = ["one", "two", "three"]
    ports = [free_port() for _ in names]
    common = {
        "cluster.name": f"xiangyue-three-{ports[0]}",
        "discovery.seed_hosts": ", ".join(f"127.0.0.1:{port}" for port in ports),
        "cluster.initial_master_nodes": ", ".join(names),
    }
    started = [
        Node(name=name, settings={**common, "transport.port": str(port)})
        for name, port in zip(names, ports, strict=True)
    ]
    try:
        start_together(started)
        yield started
    finally:
        for node in started:
            node.remove()


@dataclass
class Traffic:
    """What went well and what did not."""

    searches: list[tuple[float, float]] = field(default_factory=list)
    """When each ended, and how many seconds it took."""
    failed_searches: list[str] = field(default_factory=list)
    written: list[tuple[float, int]] = field(default_factory=list)
    """When each document was taken, and its number."""
    sent_again: int = 0

    def told(self, since: float, until: float) -> str:
        """A line for the log about these moments."""
        took = [seconds for at, seconds in self.searches if since <= at < until]
        writes = sum(since <= at < until for at, _ in self.written)
        rate = len(took) / (until - since)
        slowest = max(took, default=0.0)
        return f"{len(took)} searches ({rate:.1f} a second, the slowest {slowest:.2f} s), {writes} writes"


def search_all_the_time(engine: ElasticsearchEngine, traffic: Traffic, stop: threading.Event) -> list[threading.Thread]:
    """Search fifty times a second, from ten threads, each at its own moments; who was held up catches up.

    With the last second alone, though: what a cold server owes is not asked of a warm one.
    """

    def run(first: float) -> None:
        due = time.monotonic() + first
        while not stop.wait(max(0.0, due - time.monotonic())):
            began = time.monotonic()
            due = max(due + CLIENTS / QUERIES_A_SECOND, began - 1)
            try:
                response = engine.search(Request(terms=(Term("离婚"), Term("抚养")), limit=10))
            except SearchUnavailable as reason:
                traffic.failed_searches.append(str(reason))
                continue
            traffic.searches.append((time.monotonic(), time.monotonic() - began))
            if len(response.candidates) != 10:
                traffic.failed_searches.append(f"{len(response.candidates)} hits")

    return [threading.Thread(target=run, args=(place / QUERIES_A_SECOND,)) for place in range(CLIENTS)]


def write_all_the_time(engine: ElasticsearchEngine, traffic: Traffic, stop: threading.Event) -> threading.Thread:
    """Write one document after the other; one that was not taken is written again, as the outbox does."""

    def run() -> None:
        number = DOCUMENTS
        while not stop.wait(0.02):
            turn = time.time_ns() // 1000
            try:
                with BulkWriter(engine.cluster, engine.options.index, turn, is_alias=True, patience=30) as writer:
                    writer.add(sample(number))
            except SearchUnavailable:
                traffic.sent_again += 1
                continue
            assert writer.refused == {}
            traffic.written.append((time.monotonic(), number))
            number += 1

    return threading.Thread(target=run)


def warm_up(traffic: Traffic) -> None:
    """Wait until the searches of the last second are as many as they should be."""
    deadline = time.monotonic() + WARM
    while time.monotonic() < deadline:
        time.sleep(1)
        since = time.monotonic() - 1
        if sum(at >= since for at, _ in traffic.searches) >= QUERIES_A_SECOND - 2:
            return


def green(node: Node) -> bool:
    client = Elasticsearch(node.url, request_timeout=130)
    health = client.cluster.health(wait_for_status="green", wait_for_nodes="3", timeout="120s")
    return health["status"] == "green" and health["number_of_nodes"] == 3


@pytest.fixture
def engine(nodes, tmp_path) -> Iterator[ElasticsearchEngine]:
    """The site's engine on the three nodes, with documents in three shards and a copy of each."""
    options = Options(urls=tuple(node.url for node in nodes), index="test-three", shards=3, replicas="1", timeout=10.0)
    with site_engine(options, tmp_path) as engine:
        with engine.rebuilding() as new:
            for number in range(DOCUMENTS):
                new.add(sample(number))
            with new.swapping():
                pass
        assert green(nodes[0])
        yield engine


def test_a_node_dies_under_load_and_nothing_is_lost(nodes, engine, log):
    traffic, stop = Traffic(), threading.Event()
    # The writer is another process in real life: it has a client of its own.
    writer = write_all_the_time(ElasticsearchEngine(engine.options), traffic, stop)
    threads = [*search_all_the_time(engine, traffic, stop), writer]
    with logs_on_failure(*nodes):
        for thread in threads:
            thread.start()
        try:
            warm_up(traffic)
            log("three nodes, one copy of everything; searches and writes begin to count")
            began = time.monotonic()
            time.sleep(BEFORE)
            killed = time.monotonic()
            nodes[1].kill()
            log(f"before the kill: {traffic.told(began, killed)}")
            time.sleep(AFTER)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        ended = time.monotonic()
        log(f"after the kill: {traffic.told(killed, ended)}")
        log(f"{len(traffic.failed_searches)} searches failed, {traffic.sent_again} writes were sent again")
        nodes[1].start()
        assert green(nodes[0])
        log(f"green with three nodes {time.monotonic() - ended:.0f} s after the node was started again")
        assert traffic.failed_searches == []
        assert any(at > killed for at, _ in traffic.searches)
        assert any(at > killed for at, _ in traffic.written)
        numbers = [*range(DOCUMENTS), *(number for _, number in traffic.written)]
        assert set(engine.keys()) == {f"sample:{number}" for number in numbers}
