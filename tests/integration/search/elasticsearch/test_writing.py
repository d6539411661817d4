"""Changes on their way to a real cluster: taken back, refused, overtaken, too many at once."""

import json
from dataclasses import replace as changed

import pytest

from search.engines.base import EngineBusy, Request, SearchUnavailable, Term
from search.engines.elasticsearch import bulk
from search.engines.elasticsearch.bulk import BulkWriter, Superseded
from search.engines.elasticsearch.client import Cluster
from search.engines.elasticsearch.turns import last_number, next_number

from .conftest import sample, site_engine
from .flaky import FlakyCluster, refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def flaky(cluster_url):
    cluster = FlakyCluster(cluster_url)
    yield cluster
    cluster.close()


@pytest.fixture
def flaky_engine(engine, options, flaky, tmp_path):
    """The same index, through the server that refuses now and then."""
    with site_engine(changed(options, urls=(flaky.url,)), tmp_path / "other") as through:
        yield through


def stored(engine, *numbers):
    engine.cluster.client.indices.refresh(index=engine.options.index)
    return sorted(engine.documents(f"sample:{number}" for number in numbers))


def test_what_was_written_is_read_back_equal(engine):
    document = sample(1, names=("别名", "又名"), topics=("婚姻",), prior=1.15, summary="𠅤家的事\x0b")
    with engine.writing() as writer:
        writer.add(document)
    assert engine.documents([document.key]) == {document.key: changed(document, summary="𠅤家的事")}


def test_a_batch_that_the_cluster_cannot_take_now_is_sent_again(flaky_engine, flaky):
    refusals = iter([refusal(429), refusal(503, "unavailable_shards_exception")])
    flaky.before = lambda method, path, body: next(refusals, None) if path.endswith("/_bulk") else None
    with flaky_engine.writing(wait=10) as writer:
        writer.add(sample(1))
    assert len(flaky.bulks()) == 3
    assert stored(flaky_engine, 1) == ["sample:1"]
    assert writer.refused == {}


def test_only_the_documents_that_were_refused_for_now_are_sent_again(flaky_engine, flaky):
    def overloaded_for_one(method, path, body, reply):
        if not path.endswith("/_bulk") or len(flaky.bulks()) > 1:
            return reply
        answer = json.loads(reply)
        error = {"type": "es_rejected_execution_exception", "reason": "queue full"}
        answer["errors"], answer["items"][1]["index"] = True, {"_id": "sample:2", "status": 429, "error": error}
        return json.dumps(answer).encode()

    flaky.after = overloaded_for_one
    with flaky_engine.writing(wait=10) as writer:
        for number in (1, 2, 3):
            writer.add(sample(number))
    first, second = flaky.bulks()
    assert b'"sample:1"' in first
    assert b'"sample:2"' in second
    assert b'"sample:1"' not in second


def test_a_cluster_that_stays_overloaded_is_told_and_loses_nothing_by_trying_later(flaky_engine, flaky):
    flaky.before = lambda method, path, body: refusal(429) if path.endswith("/_bulk") else None
    with pytest.raises(SearchUnavailable, match="does not take changes now"), flaky_engine.writing() as writer:
        writer.add(sample(1))
    flaky.before = lambda *_: None
    with flaky_engine.writing() as writer:
        writer.add(sample(1))
    assert stored(flaky_engine, 1) == ["sample:1"]


def test_a_document_that_the_cluster_refuses_is_named_and_holds_nobody_up(engine, monkeypatch):
    # What a newer mapping could do to one document: a field that this index does not know.
    def with_unknown_field(document, *rest):
        body = json.loads(real(document, *rest))
        return json.dumps(body | {"unknown": 1} if document.key == "sample:2" else body).encode()

    real = bulk.encode
    monkeypatch.setattr(bulk, "encode", with_unknown_field)
    with engine.writing() as writer:
        for number in range(5):
            writer.add(sample(number))
    assert list(writer.refused) == ["sample:2"]
    assert "unknown" in writer.refused["sample:2"]
    assert stored(engine, *range(5)) == ["sample:0", "sample:1", "sample:3", "sample:4"]


def test_a_document_that_spoils_the_whole_request_is_found_and_the_others_are_stored(engine, monkeypatch):
    def without_id(operation):
        lines = real(operation)
        return [lines[0].replace(b"sample:13", b"x" * 600), lines[1]] if operation.key == "sample:13" else lines

    real = bulk.Operation.lines
    monkeypatch.setattr(bulk.Operation, "lines", without_id)
    with engine.writing() as writer:
        for number in range(40):
            writer.add(sample(number))
    assert list(writer.refused) == ["sample:13"]
    assert len(stored(engine, *range(40))) == 39


@pytest.mark.parametrize(
    "change",
    [
        {"prior": 0.0},
        {"prior": float("nan")},
        {"prior": float("inf")},
        {"key": "sample:" + "9" * 600},
        {"key": "sample:x"},
    ],
)
def test_a_document_that_no_index_takes_is_refused_where_it_is_handed_over(engine, change):
    with engine.writing() as writer:
        with pytest.raises(ValueError):
            writer.add(sample(1, **change))
        writer.add(sample(2))
    assert stored(engine, 1, 2) == ["sample:2"]


def test_an_index_on_a_full_disk_takes_nothing_and_no_document_is_blamed(engine):
    client = engine.cluster.client
    client.indices.put_settings(index=engine.options.index, settings={"blocks.read_only_allow_delete": True})
    with pytest.raises(SearchUnavailable, match=r"(takes no|not take) changes"), engine.writing() as writer:
        writer.add(sample(1))
    client.indices.put_settings(index=engine.options.index, settings={"blocks.read_only_allow_delete": None})
    with engine.writing() as writer:
        writer.add(sample(1))
    assert stored(engine, 1) == ["sample:1"]


def test_memory_is_bounded_by_batches(flaky_engine, flaky, monkeypatch):
    monkeypatch.setattr(bulk, "BATCH_BYTES", 20_000)
    with flaky_engine.writing(wait=10) as writer:
        for number in range(200):
            writer.add(sample(number))
            assert writer._bytes < 20_000
    sizes = [len(body) for body in flaky.bulks()]
    assert len(sizes) > 5
    assert max(sizes) < 25_000
    assert len(stored(flaky_engine, *range(200))) == 200


def write(engine, number, *documents, deleted=()):
    """What a process does that took its turn at this number and sends only now."""
    with BulkWriter(engine.cluster, engine.options.index, number, is_alias=True) as writer:
        for document in documents:
            writer.add(document)
        for key in deleted:
            writer.delete(key)


def test_an_older_turn_never_overwrites_a_newer_one(engine):
    older, newer = next_number(), next_number()
    write(engine, newer, sample(1, title="新"))
    with pytest.raises(Superseded) as overtaken:
        write(engine, older, sample(1, title="旧"), sample(2))
    assert overtaken.value.number == newer
    assert engine.documents(["sample:1"])["sample:1"].title == "新"


def test_an_older_turn_brings_no_deleted_document_back(engine):
    older, newer = next_number(), next_number()
    write(engine, newer, deleted=["sample:1"])
    with pytest.raises(Superseded):
        write(engine, older, sample(1))
    assert engine.documents(["sample:1"]) == {}


def test_the_same_turn_may_be_sent_twice(engine):
    number = next_number()
    for _ in range(2):
        write(engine, number, sample(1), deleted=["sample:2"])
    assert stored(engine, 1, 2) == ["sample:1"]


def test_a_turn_that_was_overtaken_is_followed_by_one_with_a_higher_number(engine):
    # A clock that once ran a year ahead.
    ahead = next_number() + 365 * 24 * 3600 * 1_000_000
    write(engine, ahead, sample(1, title="旧"))
    with pytest.raises(EngineBusy), engine.writing() as writer:
        writer.add(sample(1, title="新"))
    assert last_number() > ahead
    with engine.writing() as writer:
        writer.add(sample(1, title="新"))
    assert engine.documents(["sample:1"])["sample:1"].title == "新"


def test_numbers_only_grow_even_when_the_clock_goes_back(monkeypatch):
    first = next_number()
    monkeypatch.setattr("time.time_ns", lambda: 0)
    second = next_number()
    assert second > first
    assert next_number(beyond=second + 10) > second + 10


def test_without_an_index_nothing_is_written_and_none_is_made(options, tmp_path, db):
    with site_engine(options, tmp_path) as engine:
        with pytest.raises(SearchUnavailable, match="rebuild_search"), engine.writing() as writer:
            writer.add(sample(1))
        assert engine.indices.names() == []
        assert not engine.cluster.client.indices.exists(index=options.index)


def test_a_writer_that_gives_up_half_way_leaves_the_index_usable(engine):
    def half_a_batch():
        with engine.writing() as writer:
            writer.add(sample(1))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        half_a_batch()
    with engine.writing() as writer:
        writer.add(sample(2))
    assert engine.search(Request(terms=(Term("离婚"),))).total == 1


def test_a_client_is_made_when_it_is_first_needed(options):
    cluster = Cluster(changed(options, urls=("http://127.0.0.1:1",)))
    assert cluster._client is None
