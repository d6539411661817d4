"""Changes recorded with the data, delivered to the engine afterwards, never lost.

`record` writes one line for each changed row in the transaction that changes it: either both are there or neither.
After the commit the lines are delivered; what could not be (the engine is busy, is being repaired, the process died)
waits for the next delivery or for `manage.py deliver_search`. A line may be delivered twice, which does no harm:
delivery reads the rows as they are then, and holds the writer's turn while it reads and writes, so that an older
state never overwrites a newer one.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from asgiref.local import Local
from django.db import models, transaction
from django.utils import timezone

from . import semantic, suggestions
from .documents import Document, Source, sources
from .engines import get_engine
from .engines.base import EngineBusy, SearchUnavailable, Writer
from .models import OutboxEntry

logger = logging.getLogger(__name__)

INLINE_LIMIT = 200
"""How many lines a request delivers after its commit; a tenth of a second's work."""
INLINE_WAIT = 2.0
"""How many seconds a request waits for its turn to write before it leaves its lines to the next delivery."""
MAX_ATTEMPTS = 5
"""A line that failed so often waits for a person: `deliver_search --retry`."""
KEPT = timedelta(days=1)
"""How long delivered lines stay: longer than any rebuild takes, which replays them."""

_local = Local()


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one delivery did, in lines."""

    delivered: int = 0
    failed: int = 0
    left: int = 0
    """Still waiting, without those that failed too often."""


def record(source_name: str, pks: Iterable[int]) -> None:
    """Note that these rows of a source changed, came or went. Call it inside the transaction that changes them.

    After the commit up to INLINE_LIMIT of them are delivered at once; an engine that is down delays that, and never
    breaks the caller. Raises KeyError on an unknown source.
    """
    if source_name not in sources():
        raise KeyError(f"no search source is registered as {source_name!r}")
    lines = [OutboxEntry(source=source_name, object_pk=pk) for pk in dict.fromkeys(pks)]
    if not lines:
        return
    OutboxEntry.objects.bulk_create(lines, batch_size=1000)
    if getattr(_local, "held", 0):
        return
    # Several calls in one transaction are one delivery: the first callback takes all, the others find nothing.
    # Nobody tells of a transaction that was rolled back: its lines stay named here and are no longer in the table, or
    # their numbers have gone to others. So the newest are kept, which are this transaction's own.
    _local.recorded = [*_recorded(), *(line.pk for line in lines)][-INLINE_LIMIT:]
    transaction.on_commit(_deliver_recorded)


@contextmanager
def held() -> Iterator[None]:
    """Record without delivering at once: for imports that write many rows and end with a rebuild or a delivery."""
    _local.held = getattr(_local, "held", 0) + 1
    try:
        yield
    finally:
        _local.held -= 1


def deliver(
    *, limit: int | None = None, first: Sequence[int] = (), wait: float = 60.0, retry: bool = False
) -> Delivery:
    """Bring waiting lines to the engine: those named `first`, then the oldest, up to `limit` of them.

    With `retry` those too that failed MAX_ATTEMPTS times. Raises EngineBusy when another process writes for longer
    than `wait` seconds, SearchUnavailable when there is no index to write to; the lines wait then.
    """
    delivered = failed = 0
    waiting = _waiting(retry=retry)
    if waiting.exists():
        with get_engine().writing(wait=wait) as writer:
            lines = _pick(waiting, first, limit)
            errors = write_lines(writer, lines)
        errors |= refusals(writer, lines)
        # Marked only now that the engine has them for good. A crash between the two delivers them once more.
        delivered, failed = len(lines) - len(errors), len(errors)
        _mark(lines, errors)
        semantic.changed(get_engine(), _keys(lines))
        OutboxEntry.objects.filter(delivered_at__lt=timezone.now() - KEPT).delete()
    return Delivery(delivered, failed, _waiting(retry=False).count())


def write_lines(writer: Writer, lines: Iterable[OutboxEntry]) -> dict[int, str]:
    """Write the rows that these lines name, as they are now, and the phrases that the search box offers for them.

    A row that is not searchable any more is deleted from the index; a document that cannot be made or stored fails
    alone. Returns the errors of those that failed, by line.
    """
    by_source: defaultdict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        by_source[line.source][line.object_pk].append(line.pk)
    errors: dict[int, str] = {}
    for name, by_pk in by_source.items():
        # Of a source that is not registered (its app was removed) nothing can be searched, and nothing is lost.
        if (source := sources().get(name)) is not None:
            for pks in _chunks(list(by_pk)):
                for pk, error in _write_rows(writer, source, pks).items():
                    errors |= dict.fromkeys(by_pk[pk], error)
    return errors


def _keys(lines: Iterable[OutboxEntry]) -> list[str]:
    """The documents that lines name, each once."""
    known = sources()
    return list(dict.fromkeys(known[line.source].key(line.object_pk) for line in lines if line.source in known))


def refusals(writer: Writer, lines: Iterable[OutboxEntry]) -> dict[int, str]:
    """The errors of lines whose documents the engine refused after it had taken them, by line."""
    refused = writer.refused
    return {
        line.pk: refused[key]
        for line in lines
        if refused and line.source in sources() and (key := sources()[line.source].key(line.object_pk)) in refused
    }


def lag() -> timedelta:
    """How long the oldest change waits that has not failed too often; zero when nothing waits."""
    oldest = _waiting(retry=False).values_list("created_at", flat=True).first()
    return max(timezone.now() - oldest, timedelta()) if oldest else timedelta()


def waiting_lines() -> list[OutboxEntry]:
    """All lines that wait, those that failed too often included."""
    return list(_waiting(retry=True))


def changed_since(moment: datetime) -> "models.QuerySet[OutboxEntry]":
    """The lines of changes that an index may lack whose documents were read from this moment on."""
    return OutboxEntry.objects.filter(models.Q(delivered_at=None) | models.Q(delivered_at__gte=moment)).order_by("pk")


def mark_delivered(lines: Iterable[OutboxEntry], errors: dict[int, str]) -> None:
    """Note what became of lines that were written by a rebuild instead of `deliver`; `errors` by line."""
    _mark([line for line in lines if line.delivered_at is None], errors)


def problems(limit: int = 10) -> list[OutboxEntry]:
    """Lines that failed, the oldest first."""
    return list(_waiting(retry=True).filter(attempts__gt=0)[:limit])


def _recorded() -> list[int]:
    recorded: list[int] = getattr(_local, "recorded", [])
    return recorded


def _deliver_recorded() -> None:
    """Deliver what this thread recorded, after its commit. Never raises: the change itself is done."""
    first, _local.recorded = _recorded(), []
    if not first:
        return
    try:
        deliver(limit=INLINE_LIMIT, first=first, wait=INLINE_WAIT)
    except (EngineBusy, SearchUnavailable) as reason:
        logger.warning("Search changes wait in the outbox: %s", reason)
    except Exception:
        logger.exception("Search changes wait in the outbox")


def _waiting(*, retry: bool) -> "models.QuerySet[OutboxEntry]":
    waiting = OutboxEntry.objects.filter(delivered_at=None).order_by("pk")
    return waiting if retry else waiting.filter(attempts__lt=MAX_ATTEMPTS)


def _pick(waiting: "models.QuerySet[OutboxEntry]", first: Sequence[int], limit: int | None) -> list[OutboxEntry]:
    """Up to `limit` waiting lines, those named first at the head."""
    if limit is None:
        return list(waiting)
    lines = list(waiting.filter(pk__in=list(first)[-limit:]))
    return lines + list(waiting.exclude(pk__in=[line.pk for line in lines])[: limit - len(lines)])


def _chunks(pks: list[int], size: int = 500) -> Iterator[list[int]]:
    return (pks[start : start + size] for start in range(0, len(pks), size))


def _write_rows(writer: Writer, source: Source, pks: list[int]) -> dict[int, str]:
    """Write some rows of a source; the errors by primary key."""
    try:
        rows = {row.pk: row for row in source.queryset().filter(pk__in=pks)}
    except Exception as error:
        logger.exception("Search source %s cannot be read", source.name)
        return dict.fromkeys(pks, repr(error))
    errors: dict[int, str] = {}
    written: list[Document] = []
    for pk in pks:
        try:
            if pk in rows:
                document = source.document(rows[pk])
                writer.add(document)
                written.append(document)
            else:
                writer.delete(source.key(pk))
        except Exception as error:
            logger.exception("Search document %s cannot be written", source.key(pk))
            errors[pk] = repr(error)
    suggestions.update(written, gone=[source.key(pk) for pk in pks if pk not in rows])
    return errors


def _mark(lines: Sequence[OutboxEntry], errors: dict[int, str]) -> None:
    now = timezone.now()
    for done in _chunks([line.pk for line in lines if line.pk not in errors]):
        OutboxEntry.objects.filter(pk__in=done).update(delivered_at=now, error="")
    for line in lines:
        if error := errors.get(line.pk):
            OutboxEntry.objects.filter(pk=line.pk).update(attempts=models.F("attempts") + 1, error=error[:2000])
