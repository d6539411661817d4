"""What is recorded with the data reaches the cluster: in order, at least once, whatever dies on the way."""

import os
import signal
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from search import comparison, engines, outbox
from search.engines.base import SearchUnavailable
from search.engines.elasticsearch import bulk
from search.models import OutboxEntry, SynonymGroup
from search.rebuilding import rebuild

from .conftest import site_engine
from .delivering import PATIENCE, delete, differing, nothing_waits, save, wait_until, worker_process
from .flaky import FlakyCluster, refusal


@pytest.mark.django_db
class TestInOneProcess:
    def test_a_change_is_delivered_after_the_commit(self, engine, words, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            row = save("分手")
        assert engine.documents([words.key(row.pk)])[words.key(row.pk)].title == "分手"
        with django_capture_on_commit_callbacks(execute=True):
            delete(row)
        assert list(engine.keys()) == []

    def test_what_was_rolled_back_is_not_delivered(self, engine, words):
        with transaction.atomic():
            save("分手")
            transaction.set_rollback(True)
        assert outbox.deliver().delivered == 0
        assert list(engine.keys()) == []

    def test_a_row_that_cannot_be_made_into_a_document_holds_nobody_up(self, engine, words):
        rows = [save(name) for name in ("一", "坏", "二")]
        assert outbox.deliver() == outbox.Delivery(delivered=2, failed=1, left=1)
        assert list(engine.keys()) == sorted(words.key(row.pk) for row in (rows[0], rows[2]))
        for _ in range(outbox.MAX_ATTEMPTS):
            outbox.deliver()
        assert outbox.deliver() == outbox.Delivery(delivered=0, failed=0, left=0)
        assert "cannot be made" in OutboxEntry.objects.get(object_pk=rows[1].pk).error

    def test_a_document_that_the_cluster_refuses_is_kept_with_the_reason(self, engine, words, monkeypatch):
        real = bulk.encode
        monkeypatch.setattr(
            bulk,
            "encode",
            lambda document, *rest: (
                real(document, *rest).replace(b'"stored"', b'"unknown":1,"stored"')
                if document.title == "二"
                else real(document, *rest)
            ),
        )
        rows = [save(name) for name in ("一", "二", "三")]
        assert outbox.deliver() == outbox.Delivery(delivered=2, failed=1, left=1)
        line = OutboxEntry.objects.get(object_pk=rows[1].pk)
        assert (line.delivered_at, line.attempts) == (None, 1)
        assert "strict_dynamic_mapping_exception" in line.error
        monkeypatch.undo()

    def test_many_changes_of_one_row_end_with_the_last(self, engine, words):
        for number in range(20):
            row = save("分手", f"第{number}版")
        assert outbox.deliver().delivered == 20
        assert engine.documents([words.key(row.pk)])[words.key(row.pk)].body == "第19版"

    def test_changes_made_during_a_rebuild_are_in_the_new_index(self, engine, words):
        first, second = save("一"), save("二")
        outbox.deliver()
        started = timezone.now()
        with engine.rebuilding() as new:
            for document in words.documents():
                new.add(document)
            save("一", "改过")
            delete(second)
            third = save("三")
            outbox.deliver()
            with new.swapping() as writer:
                outbox.write_lines(writer, outbox.changed_since(started))
        assert list(engine.keys()) == sorted([words.key(first.pk), words.key(third.pk)])
        assert engine.documents([words.key(first.pk)])[words.key(first.pk)].body == "改过"

    def test_a_new_index_for_the_engine_that_stands_in_takes_nothing_off_the_clusters_way(self, engine, words):
        row = save("一")
        rebuild(engine=engines.get_engine("embedded"))
        assert list(engines.get_engine("embedded").keys()) == [words.key(row.pk)]
        assert outbox.deliver().delivered == 1
        assert list(engine.keys()) == [words.key(row.pk)]

    def test_a_rebuild_delivers_what_waits(self, engine, words):
        row = save("一")
        rebuild()
        assert list(engine.keys()) == [words.key(row.pk)]
        assert outbox.deliver().delivered == 0

    def test_nothing_is_marked_as_delivered_that_the_cluster_did_not_take(self, engine, words, options, tmp_path):
        flaky = FlakyCluster(options.urls[0])
        flaky.before = lambda method, path, body: refusal(503) if path.endswith("/_bulk") else None
        try:
            with site_engine(replace(options, urls=(flaky.url,)), tmp_path / "flaky"):
                save("一")
                with pytest.raises(SearchUnavailable):
                    outbox.deliver(wait=0.5)
        finally:
            flaky.close()
        line = OutboxEntry.objects.get()
        assert (line.delivered_at, line.attempts) == (None, 0)
        assert outbox.deliver().delivered == 1

    def test_how_long_the_oldest_change_waits_is_told(self, engine, words):
        assert outbox.lag() == timedelta()
        save("一")
        OutboxEntry.objects.update(created_at=timezone.now() - timedelta(minutes=5))
        assert timedelta(minutes=5) <= outbox.lag() < timedelta(minutes=6)
        outbox.deliver()
        assert outbox.lag() == timedelta()


@pytest.mark.django_db
class TestAgainstTheDatabase:
    @pytest.fixture
    def rows(self, engine, words):
        rows = [save(str(number)) for number in range(6)]
        outbox.deliver()
        assert differing() == []
        return rows

    def test_every_kind_of_difference_is_found_and_mended(self, engine, words, rows):
        SynonymGroup.objects.filter(pk=rows[0].pk).update(expansions="没有记下的改动")
        SynonymGroup.objects.filter(pk=rows[1].pk).update(active=False)
        with engine.writing() as writer:
            writer.delete(words.key(rows[2].pk))
            writer.add(replace(words.document(rows[3]), key="word:99999999"))
            writer.add(replace(words.document(rows[3]), key="gone:1", kind="gone"))
        found = comparison.compare()
        assert found.different == [words.key(rows[0].pk)]
        assert found.missing == [words.key(rows[2].pk)]
        assert sorted(found.surplus) == sorted([words.key(rows[1].pk), "gone:1", "word:99999999"])
        assert comparison.repair(found) == 5
        assert differing() == []

    def test_what_is_on_its_way_is_no_difference(self, engine, words, rows):
        save("0", "刚刚改的")
        assert differing() == []

    def test_the_command_says_what_differs_and_fails_until_it_is_mended(self, engine, words, rows, capsys):
        SynonymGroup.objects.filter(pk=rows[0].pk).update(expansions="没有记下的改动")
        with pytest.raises(CommandError, match="1 documents"):
            call_command("verify_search")
        assert f"different: 1 ({words.key(rows[0].pk)})" in capsys.readouterr().out
        call_command("verify_search", repair=True)
        assert "The index equals the database." in capsys.readouterr().out


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
class TestWorkers:
    """Processes of their own, on the one database that they share."""

    def test_a_worker_killed_in_the_middle_of_a_batch_loses_nothing(
        self, engine, words, options, tmp_path, monkeypatch
    ):
        monkeypatch.setattr(bulk, "BATCH_DOCUMENTS", 20)
        with outbox.held():
            rows = [save(str(number)) for number in range(200)]
        flaky = FlakyCluster(options.urls[0])
        reached = threading.Event()

        def third_batch_hangs(method, path, body):
            if path.endswith("/_bulk") and len(flaky.bulks()) == 3:
                reached.set()
                time.sleep(1)

        flaky.before = third_batch_hangs
        try:
            with site_engine(replace(options, urls=(flaky.url,)), tmp_path / "flaky"), worker_process() as process:
                assert reached.wait(PATIENCE)
                os.kill(process.pid, signal.SIGKILL)
                process.join()
        finally:
            flaky.close()
        # A part has arrived, and nothing is marked: the next worker delivers all of it again.
        engine.cluster.client.indices.refresh(index=options.index)
        assert 40 <= len(engine.documents(words.key(row.pk) for row in rows)) < 200
        assert OutboxEntry.objects.filter(delivered_at=None).count() == 200
        delete(rows[0])
        with worker_process():
            wait_until(nothing_waits, "the second worker does not deliver")
        assert differing() == []
        assert len(list(engine.keys())) == 199

    def test_two_workers_at_once_deliver_everything(self, engine, words):
        with worker_process(), worker_process():
            for number in range(150):
                row = save(str(number % 40), f"第{number}版")
                if number % 7 == 0:
                    delete(row)
            wait_until(nothing_waits, "two workers do not deliver")
        assert not OutboxEntry.objects.exclude(error="").exists()
        assert differing() == []
