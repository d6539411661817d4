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
from tests.elasticsearch_nodes import Node, free_port, memory_available

from .conftest import drop_all, sample, site_engine

pytestmark = [pytest.mark.elasticsearch, pytest.mark.django_db]

NEEDED = 4 * 2**30
"""Bytes: three servers with 512 MB of heap each need twice that, and the tests something too."""
DOCUMENTS = 3000
QUERIES_A_SECOND = 50
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
        for node in started:
            node.start(wait=False)
        for node in started:
            node.wait_until_it_answers()
        yield started
    finally:
        for node in started:
            node.remove()


@dataclass
class Traffic:
    """What went well and what did not."""

    searches: int = 0
    failed_searches: list[str] = field(default_factory=list)
    slowest: float = 0.0
    written: list[int] = field(default_factory=list)
    refused_turns: int = 0


def search_all_the_time(engine: ElasticsearchEngine, traffic: Traffic, stop: threading.Event) -> list[threading.Thread]:
    """Search fifty times a second, from ten threads, each at its own moments."""

    def run(first: float) -> None:
        due = time.monotonic() + first
        while not stop.is_set():
            time.sleep(max(0.0, due - time.monotonic()))
            due += 10 / QUERIES_A_SECOND
            began = time.monotonic()
            try:
                response = engine.search(Request(terms=(Term("离婚"), Term("抚养")), limit=10))
            except SearchUnavailable as reason:
                traffic.failed_searches.append(str(reason))
                continue
            traffic.searches += 1
            traffic.slowest = max(traffic.slowest, time.monotonic() - began)
            if len(response.candidates) != 10:
                traffic.failed_searches.append(f"{len(response.candidates)} hits")

    return [threading.Thread(target=run, args=(place / QUERIES_A_SECOND,)) for place in range(10)]


def write_all_the_time(engine: ElasticsearchEngine, traffic: Traffic, stop: threading.Event) -> threading.Thread:
    """Write one document after the other; one that was not taken is written again, as the outbox does."""

    def run() -> None:
        number = DOCUMENTS
        while not stop.is_set():
            turn = time.time_ns() // 1000
            try:
                with BulkWriter(engine.cluster, engine.options.index, turn, is_alias=True, patience=30) as writer:
                    writer.add(sample(number))
            except SearchUnavailable:
                traffic.refused_turns += 1
                continue
            assert writer.refused == {}
            traffic.written.append(number)
            number += 1
            time.sleep(0.02)

    return threading.Thread(target=run)


def green(node: Node) -> bool:
    client = Elasticsearch(node.url, request_timeout=130)
    health = client.cluster.health(wait_for_status="green", wait_for_nodes="3", timeout="120s")
    return health["status"] == "green" and health["number_of_nodes"] == 3


def test_a_node_dies_under_load_and_nothing_is_lost(nodes, tmp_path, capsys):
    options = Options(urls=tuple(node.url for node in nodes), index="test-three", shards=3, replicas="1", timeout=10.0)
    with site_engine(options, tmp_path) as engine:
        with engine.rebuilding() as new:
            for number in range(DOCUMENTS):
                new.add(sample(number))
            with new.swapping():
                pass
        assert green(nodes[0])
        traffic, stop = Traffic(), threading.Event()
        threads = [
            *search_all_the_time(engine, traffic, stop),
            # Another process has a client of its own.
            write_all_the_time(ElasticsearchEngine(options), traffic, stop),
        ]
        for thread in threads:
            thread.start()
        time.sleep(BEFORE)
        killed_at, before = time.monotonic(), (traffic.searches, len(traffic.written))
        nodes[1].kill()
        time.sleep(AFTER)
        stop.set()
        for thread in threads:
            thread.join()
        searched_after, written_after = traffic.searches - before[0], len(traffic.written) - before[1]
        nodes[1].start()
        assert green(nodes[0])
        with capsys.disabled():
            print(
                f"\n{traffic.searches} searches, {searched_after} of them after the kill, "
                f"{len(traffic.failed_searches)} failed, the slowest "
                f"{traffic.slowest:.2f} s; {len(traffic.written)} writes, {written_after} of them after the kill, "
                f"{traffic.refused_turns} sent again; green with three nodes {time.monotonic() - killed_at:.0f} s "
                f"after the kill"
            )
        assert traffic.failed_searches == []
        assert searched_after > 0
        assert written_after > 0
        stored = set(engine.keys())
        assert stored == {f"sample:{number}" for number in [*range(DOCUMENTS), *traffic.written]}
        drop_all(engine)
