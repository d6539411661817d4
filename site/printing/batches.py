"""Many documents at once: how apps say what makes one, and how users start, follow and cancel a batch.

The work is done by `printing.batch_runner`, called from a task of django-tasks by `manage.py run_batches`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .errors import PrintingError
from .models import Batch, BatchItem, IssuedDocument


@dataclass(frozen=True)
class Product:
    """What a producer made that is no issued document: a spreadsheet, a list to print."""

    content: bytes
    filename: str


@dataclass(frozen=True)
class WithFigures:
    """What a producer made, and what the item that closes the batch is told of it (only what JSON can hold)."""

    made: IssuedDocument | Product
    figures: Any


Producer = Callable[..., IssuedDocument | Product | WithFigures]


class ItemFailed(Exception):  # noqa: N818 - reads as what it tells
    """Raised by a producer: its text tells the user why there is no document."""


@dataclass(frozen=True)
class Item:
    """One document of a batch: what users call it, who makes it, from what (only what JSON can hold)."""

    label: str
    producer: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


_producers: dict[str, Producer] = {}
_closing: set[str] = set()


def producer(name: str, *, closing: bool = False) -> Callable[[Producer], Producer]:
    """Register what makes one document: `@producer("covenants.month_report")`.

    One that is `closing` makes the last item of a batch, of what became of the others: it begins when they have ended,
    and is given the key of the batch as `batch`.
    """

    def add(function: Producer) -> Producer:
        known = _producers.setdefault(name, function)
        if (known.__module__, known.__qualname__) != (function.__module__, function.__qualname__):
            raise ValueError(f"two producers are called {name}")
        if closing:
            _closing.add(name)
        return function

    return add


def get_producer(name: str) -> Producer:
    """The producer of that name. Raises KeyError."""
    return _producers[name]


def is_closing(item: Item | BatchItem) -> bool:
    """Whether an item waits for the others of its batch."""
    return item.producer in _closing


@transaction.atomic
def start(*, title: str, items: Iterable[Item], by: Any) -> Batch:
    """Record a batch and put it in the queue; it begins when the transaction around has committed.

    Raises PrintingError without items, KeyError for a producer that nobody registered, ValueError where an item that
    closes a batch is not its last.
    """
    asked = list(items)
    if not asked:
        raise PrintingError(_("没有可以打印的内容。"))
    for item in asked:
        get_producer(item.producer)
    if any(map(is_closing, asked[:-1])):
        raise ValueError("an item that closes a batch is its last")
    batch = Batch.objects.create(title=title, started_by=by)
    BatchItem.objects.bulk_create(
        BatchItem(
            batch=batch,
            position=position,
            label=item.label,
            producer=item.producer,
            arguments=dict(item.arguments),
        )
        for position, item in enumerate(asked, start=1)
    )
    enqueue(batch)
    return batch


def enqueue(batch: Batch) -> None:
    """Put a batch in the queue once the transaction has committed."""
    from .tasks import run_batch

    transaction.on_commit(lambda: run_batch.enqueue(batch.pk))


@transaction.atomic
def cancel(*, batch: Batch) -> None:
    """Begin no further document of a batch; those that are being made are finished. No effect on one that has ended."""
    changed = Batch.objects.filter(pk=batch.pk, finished_at=None, cancelled_at=None).update(cancelled_at=timezone.now())
    if changed:
        batch.items.filter(status=BatchItem.Status.WAITING).update(status=BatchItem.Status.CANCELLED)
        # One that no worker has begun has nothing left to do.
        Batch.objects.filter(pk=batch.pk, started_at=None).update(finished_at=timezone.now())
    batch.refresh_from_db()


@dataclass(frozen=True)
class Progress:
    """How far a batch is."""

    total: int
    done: int
    failed: int
    cancelled: int
    running: int

    @property
    def ended(self) -> int:
        """Items that nothing more will happen to."""
        return self.done + self.failed + self.cancelled


def progress(batch: Batch) -> Progress:
    """How far a batch is; one query."""
    counted = dict(batch.items.order_by().values_list("status").annotate(models.Count("pk")))
    status = BatchItem.Status
    return Progress(
        total=sum(counted.values()),
        done=counted.get(status.DONE, 0),
        failed=counted.get(status.FAILED, 0),
        cancelled=counted.get(status.CANCELLED, 0),
        running=counted.get(status.RUNNING, 0),
    )
