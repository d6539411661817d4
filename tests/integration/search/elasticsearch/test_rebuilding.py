"""A new index beside the old one, and the step from one to the other."""

import threading

import pytest
from elasticsearch import Elasticsearch

from search.engines.base import EngineBusy, Request, SearchUnavailable, Term
from search.engines.elasticsearch import ElasticsearchEngine, mapping

from .conftest import sample

pytestmark = pytest.mark.django_db

ANY = Request(terms=(Term("离婚"),))


def build(engine, *numbers):
    with engine.rebuilding() as new:
        for number in numbers:
            new.add(sample(number))
        with new.swapping():
            pass


def keys(engine):
    return list(engine.keys())


class Reader(threading.Thread):
    """Somebody who looks for one document all the time."""

    def __init__(self, engine: ElasticsearchEngine) -> None:
        super().__init__()
        # A client of its own, as another process has.
        self.engine = ElasticsearchEngine(engine.options)
        self.looked, self.missed, self.failures = 0, 0, []
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.is_set():
            try:
                found = {candidate.key for candidate in self.engine.search(ANY).candidates}
                stored = self.engine.documents(["sample:1"])
            except SearchUnavailable as reason:
                self.failures.append(str(reason))
                continue
            self.looked += 1
            self.missed += "sample:1" not in found or "sample:1" not in stored

    def __enter__(self) -> "Reader":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self.join()


def test_readers_see_no_gap_while_the_index_is_rebuilt(engine):
    build(engine, 1)
    with Reader(engine) as reader:
        for _ in range(4):
            build(engine, 1, 2)
    assert reader.looked > 10
    assert (reader.missed, reader.failures) == (0, [])


def test_the_last_changes_are_in_the_new_index_when_it_begins_to_serve(engine):
    build(engine, 1, 2)
    with engine.rebuilding() as new:
        new.add(sample(1, title="读到时的旧标题"))
        new.add(sample(2))
        with new.swapping() as writer:
            writer.add(sample(1, title="后来的新标题"))
            writer.delete("sample:2")
            writer.add(sample(3))
    assert keys(engine) == ["sample:1", "sample:3"]
    assert engine.documents(["sample:1"])["sample:1"].title == "后来的新标题"


def test_nobody_writes_while_the_last_changes_are_taken(engine):
    with engine.rebuilding() as new, new.swapping():
        # Another thread: a turn keeps off everybody but the session that holds it.
        result = in_thread(lambda: write_one(engine))
    assert isinstance(result, EngineBusy)


def write_one(engine):
    with engine.writing(wait=0.1) as writer:
        writer.add(sample(9))


def in_thread(call):
    """What a call raised or returned in another thread, with a database session of its own."""
    from django.db import connection

    outcome = []

    def run():
        try:
            outcome.append(call())
        except Exception as error:  # noqa: BLE001
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return outcome[0]


def test_only_one_index_is_built_at_a_time(engine):
    def build_another():
        with engine.rebuilding():
            pass

    with engine.rebuilding():
        assert isinstance(in_thread(build_another), EngineBusy)


def test_an_index_that_was_not_finished_is_dropped_and_the_old_one_serves(engine):
    build(engine, 1)

    def half_an_index():
        with engine.rebuilding() as new:
            new.add(sample(2))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        half_an_index()
    assert keys(engine) == ["sample:1"]
    assert len(engine.indices.names()) == 2


def test_what_a_dead_process_left_half_built_goes_with_the_next_rebuild(engine):
    engine.indices.create()
    build(engine, 1)
    assert len(engine.indices.names()) == 2


def test_the_index_before_is_kept_and_serves_again_after_a_rollback(engine):
    build(engine, 1)
    build(engine, 2)
    assert keys(engine) == ["sample:2"]
    engine.roll_back()
    assert keys(engine) == ["sample:1"]
    engine.roll_back()
    assert keys(engine) == ["sample:2"]
    build(engine, 3)
    assert len(engine.indices.names()) == 2


def test_without_an_index_before_there_is_no_rollback(engine):
    with pytest.raises(SearchUnavailable, match="no index from before"):
        engine.roll_back()


def test_a_site_whose_name_begins_like_ours_keeps_its_indices(engine, options):
    client = Elasticsearch(options.urls[0])
    neighbour = f"{options.index}-north-{mapping.version()}-20260101000000"
    client.indices.create(index=neighbour)
    try:
        build(engine, 1)
        assert client.indices.exists(index=neighbour)
        assert neighbour not in engine.indices.names()
    finally:
        client.indices.delete(index=neighbour)


def test_an_index_of_another_version_is_told(engine, monkeypatch):
    assert "rebuild_search" not in engine.status().message
    monkeypatch.setattr(mapping, "version", lambda *_: "00000000")
    assert "made by another version: run manage.py rebuild_search" in engine.status().message


def test_every_key_is_listed_however_many_there_are(engine, monkeypatch):
    monkeypatch.setattr("search.engines.elasticsearch.engine.SCROLLED", 7)
    build(engine, *range(30))
    assert keys(engine) == sorted(f"sample:{number}" for number in range(30))
