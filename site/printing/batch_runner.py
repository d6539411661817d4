"""Runs a batch: in separate processes that are recycled, one item's failure apart from the others.

Memory of a process that lays out pages grows (fonts, caches), so each makes PRINTING_DOCUMENTS_PER_PROCESS documents
and is replaced. The standard library's own recycling (`max_tasks_per_child`) can wait forever for a process that it did
not start, in Python 3.11 and 3.12, so whole pools are replaced instead (decision 42). The process that runs this alone
writes the state of items; the others make documents and hand back what they made.
"""

import multiprocessing
import sys
import threading
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import batch_worker
from .archive import write_archive
from .batch_worker import Made
from .batches import is_closing
from .models import Batch, BatchItem

HEARTBEAT = timedelta(seconds=5)
SILENT_AFTER = timedelta(seconds=60)
"""A batch whose worker has not shown itself for so long was left by it."""
Status = BatchItem.Status
stopping = threading.Event()
"""Set when this process was told to end: what is in hand is finished, the rest is left for the next worker."""


def run(batch_id: int) -> int:
    """Make what a batch still lacks, then its archive; the number of documents made now.

    Does nothing for a batch that has ended or that another worker is busy with.
    """
    batch = _claim(batch_id)
    if batch is None:
        return 0
    waiting = deque(batch.items.filter(status=Status.WAITING))
    made = 0
    while waiting and not stopping.is_set():
        made += _run_pool(batch, waiting) if settings.PRINTING_PROCESSES else _run_here(batch, waiting)
    if waiting:
        Batch.objects.filter(pk=batch.pk).update(heartbeat_at=None)
    else:
        _finish(batch)
    return made


def resume() -> None:
    """Go on with every batch that a worker began and left."""
    alone = models.Q(heartbeat_at=None) | models.Q(heartbeat_at__lt=timezone.now() - SILENT_AFTER)
    left = Batch.objects.unfinished().filter(alone, started_at__isnull=False)
    for pk in list(left.order_by("pk").values_list("pk", flat=True)):
        run(pk)


@transaction.atomic
def _claim(batch_id: int) -> Batch | None:
    """Take over a batch that nobody works on; what an earlier worker left half-done waits again."""
    batch = Batch.objects.select_for_update().filter(pk=batch_id, finished_at=None).first()
    if batch is None or (batch.heartbeat_at and batch.heartbeat_at > timezone.now() - SILENT_AFTER):
        return None
    batch.heartbeat_at = timezone.now()
    batch.started_at = batch.started_at or batch.heartbeat_at
    batch.save(update_fields=["heartbeat_at", "started_at"])
    left = Status.CANCELLED if batch.cancelled_at else Status.WAITING
    batch.items.filter(status=Status.RUNNING).update(status=left, started_at=None)
    return batch


def _run_here(batch: Batch, waiting: deque[BatchItem]) -> int:
    """One after another in this process: for tests, and where there is memory for one process only."""
    made = 0
    while waiting and not stopping.is_set():
        item = waiting.popleft()
        if _begin(batch, item):
            made += _record(item, batch_worker.make(item.producer, _arguments(item), 0))
    return made


def _run_pool(batch: Batch, waiting: deque[BatchItem]) -> int:
    """One generation of processes: as many documents as they may make before they are replaced."""
    processes = min(settings.PRINTING_PROCESSES, len(waiting))
    allowance = processes * settings.PRINTING_DOCUMENTS_PER_PROCESS
    running: dict[Future[Made], BatchItem] = {}
    made = 0
    with ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=batch_worker.set_up,
        initargs=(list(sys.path),),
    ) as pool:
        while running or (waiting and allowance and not stopping.is_set()):
            # No more than there are processes: a cancelled batch ends with what is being made.
            while waiting and allowance and len(running) < processes and not stopping.is_set():
                if running and is_closing(waiting[0]):
                    break
                item = waiting.popleft()
                if _begin(batch, item):
                    allowance -= 1
                    try:
                        running[_submit(pool, item)] = item
                    except BrokenProcessPool:
                        _back_to_wait(item, waiting)
                        return made + _broken(running)
            done, _pending = wait(running, timeout=HEARTBEAT.total_seconds(), return_when=FIRST_COMPLETED)
            Batch.objects.filter(pk=batch.pk).update(heartbeat_at=timezone.now())
            for future in done:
                try:
                    made += _record(running[future], future.result())
                except BrokenProcessPool:
                    return made + _broken(running)
                del running[future]
    return made


def _submit(pool: ProcessPoolExecutor, item: BatchItem) -> Future[Made]:
    return pool.submit(batch_worker.make, item.producer, _arguments(item), settings.PRINTING_DOCUMENT_SECONDS)


def _arguments(item: BatchItem) -> dict[str, Any]:
    return {**item.arguments, "batch": item.batch_id} if is_closing(item) else item.arguments


def _begin(batch: Batch, item: BatchItem) -> bool:
    """Mark an item as running; False when the batch was cancelled meanwhile."""
    now = timezone.now()
    Batch.objects.filter(pk=batch.pk).update(heartbeat_at=now)
    begun = BatchItem.objects.filter(pk=item.pk, status=Status.WAITING, batch__cancelled_at=None)
    return bool(begun.update(status=Status.RUNNING, started_at=now))


def _back_to_wait(item: BatchItem, waiting: deque[BatchItem]) -> None:
    BatchItem.objects.filter(pk=item.pk).update(status=Status.WAITING, started_at=None)
    waiting.appendleft(item)


def _broken(running: dict[Future[Made], BatchItem]) -> int:
    """A process died (memory, a crash of a library): whose document it was cannot be told, so all of them failed."""
    error = _("生成文件的进程意外终止，可能是内存不足。请单独重试这一份。")
    made = 0
    for future, item in running.items():
        finished = future.done() and future.exception() is None
        made += _record(item, future.result() if finished else Made(error=error))
    return made


@transaction.atomic
def _record(item: BatchItem, made: Made) -> int:
    """Keep what became of an item; 1 when it was made."""
    item.finished_at = timezone.now()
    item.status = Status.FAILED if made.error else Status.DONE
    item.error, item.filename, item.document_id = made.error, made.filename, made.document
    item.figures = made.figures
    if made.content and not made.error:
        item.file.save(f"batches/{item.batch_id}/{item.position:05d}", ContentFile(made.content), save=False)
    item.save(update_fields=["finished_at", "status", "error", "filename", "document", "figures", "file"])
    return int(not made.error)


def _finish(batch: Batch) -> None:
    """Pack what was made; a document whose stored file is damaged is told, and missing."""
    items = batch.items.filter(status=Status.DONE).select_related("document")
    packed = write_archive(batch, items)
    with transaction.atomic():
        for item, error in packed.damaged:
            BatchItem.objects.filter(pk=item.pk).update(status=Status.FAILED, error=error)
        batch.archive, batch.archive_name = packed.path, packed.filename
        batch.finished_at = timezone.now()
        batch.save(update_fields=["archive", "archive_name", "finished_at"])
    # They are in the archive now.
    for item in batch.items.exclude(file=""):
        item.file.storage.delete(str(item.file.name))
