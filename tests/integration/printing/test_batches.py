"""Batches: many documents in the background, one failure apart from the others."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from printing import batch_runner, batches
from printing.errors import PrintingError
from printing.models import Batch, BatchItem, IssuedDocument

from . import child, producers

pytestmark = pytest.mark.django_db
Status = BatchItem.Status
assert producers


def words(*texts: str) -> list[batches.Item]:
    return [batches.Item(text, "tests.text", {"words": text}) for text in texts]


def archive(batch: Batch) -> dict[str, bytes]:
    batch.refresh_from_db()
    with batch.archive.open("rb") as stored, zipfile.ZipFile(io.BytesIO(stored.read())) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def test_a_batch_ends_in_one_archive(clerk, django_capture_on_commit_callbacks):
    items = [*words("石桥村", "竹溪村", "石桥村"), batches.Item("湾里村", "tests.document", {"place": "湾里村"})]
    with django_capture_on_commit_callbacks(execute=True):
        batch = batches.start(title="九月积分公示", items=items, by=clerk)
    batch.refresh_from_db()
    assert batch.finished_at is not None
    assert batch.archive_name == "九月积分公示.zip"
    packed = archive(batch)
    assert list(packed) == ["石桥村.txt", "竹溪村.txt", "石桥村（2）.txt", "湾里村公示表.pdf"]
    document = IssuedDocument.objects.get()
    assert packed["湾里村公示表.pdf"] == document.content()
    assert batch.items.get(label="湾里村").document == document
    assert batches.progress(batch) == batches.Progress(total=4, done=4, failed=0, cancelled=0, running=0)


def test_names_in_the_archive_are_marked_as_unicode(clerk):
    batch = batches.start(title="名单", items=words("𠅤村"), by=clerk)
    batch_runner.run(batch.pk)
    batch.refresh_from_db()
    with batch.archive.open("rb") as stored, zipfile.ZipFile(stored) as packed:
        [entry] = packed.infolist()
        assert entry.filename == "𠅤村.txt"
        assert entry.flag_bits & 0x800


def test_one_failure_is_told_and_does_not_stop_the_rest(clerk, caplog):
    failing = [batches.Item(how, "tests.failing", {"how": how}) for how in ("told", "invalid", "other")]
    batch = batches.start(title="九月", items=[*words("甲"), *failing, *words("乙")], by=clerk)
    assert batch_runner.run(batch.pk) == 2
    errors = dict(batch.items.filter(status=Status.FAILED).values_list("label", "error"))
    assert errors["told"] == "石桥村本月没有积分"
    assert errors["invalid"] == "月份不对；没有这个村"
    assert "系统出错" in errors["other"]
    assert "secret" not in errors["other"]
    assert "secret detail" in caplog.text
    assert list(archive(batch)) == ["甲.txt", "乙.txt"]


def counted(*texts: str) -> list[batches.Item]:
    return [batches.Item(text, "tests.counted", {"words": text}) for text in texts]


def test_the_item_that_closes_a_batch_is_told_of_the_others(clerk):
    items = [*counted("石桥村"), batches.Item("坏", "tests.failing", {"how": "told"}), *words("甲")]
    batch = batches.start(title="九月", items=[*items, batches.Item("合计", "tests.closing")], by=clerk)
    assert batch_runner.run(batch.pk) == 3
    said = archive(batch)["合计.txt"].decode().splitlines()
    assert said == ["石桥村 done 3", "坏 failed None 石桥村本月没有积分", "甲 done None"]


def test_an_item_that_closes_a_batch_is_its_last(clerk):
    with pytest.raises(ValueError, match="is its last"):
        batches.start(title="九月", items=[batches.Item("合计", "tests.closing"), *words("甲")], by=clerk)
    assert not Batch.objects.exists()


def test_when_all_fails_there_is_no_archive(clerk):
    batch = batches.start(title="九月", items=[batches.Item("甲", "tests.failing", {"how": "told"})], by=clerk)
    assert batch_runner.run(batch.pk) == 0
    batch.refresh_from_db()
    assert batch.finished_at
    assert not batch.archive


def test_a_batch_before_it_began_is_cancelled_at_once(clerk):
    batch = batches.start(title="九月", items=words("甲", "乙"), by=clerk)
    batches.cancel(batch=batch)
    assert batch.finished_at is not None
    assert batch_runner.run(batch.pk) == 0
    assert batches.progress(batch).cancelled == 2


def test_a_batch_is_cancelled_while_it_runs(clerk, monkeypatch):
    batch = batches.start(title="九月", items=words("甲", "乙", "丙"), by=clerk)
    make = batch_runner.batch_worker.make

    def make_and_cancel(*args):
        made = make(*args)
        batches.cancel(batch=Batch.objects.get(pk=batch.pk))
        return made

    monkeypatch.setattr(batch_runner.batch_worker, "make", make_and_cancel)
    assert batch_runner.run(batch.pk) == 1
    progress = batches.progress(batch)
    assert (progress.done, progress.cancelled) == (1, 2)
    assert list(archive(batch)) == ["甲.txt"]


def test_what_a_worker_left_is_done_by_the_next_and_nothing_twice(clerk):
    batch = batches.start(title="九月", items=words("甲", "乙", "丙"), by=clerk)
    first, second, _third = batch.items.all()
    batch_runner._record(first, batch_runner.Made(content=b"first", filename="first.txt"))
    BatchItem.objects.filter(pk=second.pk).update(status=Status.RUNNING)
    long_ago = timezone.now() - timedelta(minutes=5)
    Batch.objects.filter(pk=batch.pk).update(started_at=long_ago, heartbeat_at=long_ago)
    batch_runner.resume()
    assert archive(batch) == {"first.txt": b"first", "乙.txt": "乙".encode(), "丙.txt": "丙".encode()}


def test_two_workers_do_not_run_the_same_batch(clerk):
    batch = batches.start(title="九月", items=words("甲"), by=clerk)
    Batch.objects.filter(pk=batch.pk).update(started_at=timezone.now(), heartbeat_at=timezone.now())
    assert batch_runner.run(batch.pk) == 0
    batch_runner.resume()
    assert batches.progress(batch).done == 0


def test_a_worker_told_to_end_leaves_the_rest(clerk, monkeypatch):
    batch = batches.start(title="九月", items=words("甲", "乙"), by=clerk)
    make = batch_runner.batch_worker.make

    def make_and_stop(*args):
        batch_runner.stopping.set()
        return make(*args)

    with monkeypatch.context() as patched:
        patched.setattr(batch_runner.batch_worker, "make", make_and_stop)
        assert batch_runner.run(batch.pk) == 1
    batch_runner.stopping.clear()
    batch.refresh_from_db()
    assert batch.finished_at is None
    batch_runner.resume()
    assert list(archive(batch)) == ["甲.txt", "乙.txt"]


def test_a_document_damaged_meanwhile_is_told(clerk):
    batch = batches.start(title="九月", items=[batches.Item("甲", "tests.document", {"place": "甲"})], by=clerk)
    batch_runner._run_here(batch, batch_runner.deque(batch.items.all()))
    Path(IssuedDocument.objects.get().file.path).write_bytes(b"x")
    batch_runner._finish(batch)
    item = batch.items.get()
    assert item.status == Status.FAILED
    assert "已损坏" in item.error


def test_nothing_or_an_unknown_producer_is_refused(clerk):
    with pytest.raises(PrintingError):
        batches.start(title="空", items=[], by=clerk)
    with pytest.raises(KeyError):
        batches.start(title="错", items=[batches.Item("甲", "tests.unknown")], by=clerk)
    assert not Batch.objects.exists()


def test_a_producer_is_registered_once():
    with pytest.raises(ValueError):
        batches.producer("tests.text")(lambda: None)


def test_the_database_wants_a_reason_and_a_result(clerk):
    batch = batches.start(title="九月", items=words("甲"), by=clerk)
    for half in ({"status": Status.FAILED}, {"status": Status.DONE}):
        with pytest.raises(IntegrityError), transaction.atomic():
            batch.items.update(**half)


class TestPages:
    """The back office's pages of batches."""

    @pytest.fixture
    def batch(self, clerk):
        items = [*words("甲"), batches.Item("石桥村", "tests.failing", {"how": "told"})]
        return batches.start(title="九月积分公示", items=items, by=clerk)

    @pytest.fixture
    def official(self, clerk, client):
        from django.contrib.auth.models import Permission

        clerk.user_permissions.add(Permission.objects.get(codename="access_admin"))
        client.force_login(clerk)
        return client

    def test_progress_failures_and_archive(self, official, batch):
        page = official.get(batch.get_absolute_url()).content.decode()
        assert "排队等待" in page
        assert reverse("printing_batches:cancel", args=[batch.pk]) in page
        assert 'http-equiv="refresh"' in page.split("<noscript>", 1)[1].split("</noscript>", 1)[0]
        assert official.get(reverse("printing_batches:download", args=[batch.pk])).status_code == 404
        batch_runner.run(batch.pk)
        answer = official.get(reverse("printing_batches:status", args=[batch.pk])).json()
        assert (answer["total"], answer["done"], answer["failed"], answer["is_over"]) == (2, 1, 1, True)
        page = official.get(batch.get_absolute_url()).content.decode()
        assert "石桥村本月没有积分" in page
        assert "http-equiv" not in page
        download = official.get(reverse("printing_batches:download", args=[batch.pk]))
        assert "%E4%B9%9D%E6%9C%88" in download["Content-Disposition"]
        assert zipfile.ZipFile(io.BytesIO(b"".join(download.streaming_content))).namelist() == ["甲.txt"]

    def test_cancelling(self, official, batch):
        address = reverse("printing_batches:cancel", args=[batch.pk])
        assert official.get(address).status_code == 405
        assert "已取消" in official.post(address, follow=True).content.decode()
        batch.refresh_from_db()
        assert batch.cancelled_at
        assert "已经结束" in official.post(address, follow=True).content.decode()

    def test_the_list_shows_ones_own(self, official, batch):
        other = get_user_model().objects.create_user(username="other", password="long-enough-4-tests")
        batches.start(title="别人的", items=words("乙"), by=other)
        page = official.get(reverse("printing_batches:index")).content.decode()
        assert "九月积分公示" in page
        assert "别人的" not in page

    @pytest.mark.parametrize("view", ["detail", "status", "download", "cancel"])
    def test_nobody_sees_the_batch_of_another(self, official, batch, view):
        Batch.objects.filter(pk=batch.pk).update(
            started_by=get_user_model().objects.create_user(username="other", password="long-enough-4-tests")
        )
        address = reverse(f"printing_batches:{view}", args=[batch.pk])
        assert (official.post if view == "cancel" else official.get)(address).status_code == 404
        batch.refresh_from_db()
        assert batch.cancelled_at is None

    def test_a_superuser_sees_all(self, client, batch):
        client.force_login(get_user_model().objects.create_superuser(username="root", password="long-enough-4-tests"))
        assert client.get(batch.get_absolute_url()).status_code == 200

    def test_strangers_are_sent_to_sign_in(self, client, batch):
        assert client.get(batch.get_absolute_url()).status_code == 302


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
class TestProcesses:
    """With real processes, which reach the test's database by its address. Starting one runs it, here."""

    @pytest.fixture(autouse=True)
    def _processes(self, settings, monkeypatch):
        settings.PRINTING_PROCESSES = 2
        settings.PRINTING_DOCUMENTS_PER_PROCESS = 2
        parameters = connection.get_connection_params()
        address = "postgres://{user}:{password}@{host}:{port}/{dbname}".format(
            **{"user": "", "password": "", "host": "", "port": 5432} | parameters
        )
        monkeypatch.setenv("DATABASE_URL", address)
        monkeypatch.setattr(batch_runner.batch_worker, "set_up", child.set_up)

    def test_processes_are_replaced(self, clerk):
        items = [batches.Item(str(n), "tests.process", {"number": n}) for n in range(9)]
        batch = batches.start(title="进程", items=items, by=clerk)
        assert batches.progress(batch).done == 9
        made = list(archive(batch).values())
        # Nine documents, four to a pool of two: three pools, in each of which one process may make them all.
        assert len(set(made)) >= 3
        assert max(made.count(one) for one in set(made)) <= 4

    def test_the_item_that_closes_a_batch_waits_for_the_others(self, clerk):
        items = [*counted("石桥村", "竹溪村", "湾里"), batches.Item("合计", "tests.closing")]
        batch = batches.start(title="进程", items=items, by=clerk)
        assert archive(batch)["合计.txt"].decode().splitlines() == ["石桥村 done 3", "竹溪村 done 3", "湾里 done 2"]

    def test_a_process_that_dies_takes_only_its_neighbours_along(self, clerk):
        crash = batches.Item("坏", "tests.failing", {"how": "crash"})
        batch = batches.start(title="进程", items=[*words("甲", "乙"), crash, *words("丙", "丁", "戊")], by=clerk)
        progress = batches.progress(batch)
        assert progress.done + progress.failed == 6
        assert 1 <= progress.failed <= 2
        assert "意外终止" in batch.items.get(label="坏").error
        assert batch.items.get(label="戊").status == Status.DONE
