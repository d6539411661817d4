"""The whole index built anew beside the one in use, which is searched and written to until the new one takes over."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from . import outbox, semantic, suggestions
from .documents import Document, Source, sources
from .engines import get_engine
from .engines.base import Engine, Rebuild
from .models import OutboxEntry

logger = logging.getLogger(__name__)

CLOCKS = timedelta(minutes=5)
"""How far the clocks of two servers may differ. A change that is written once more does no harm."""

Progress = Callable[[Iterable[Document], Source, int], Iterable[Document]]
"""Wraps the documents of a source, of which there are about so many, to show how far a rebuild is."""


@dataclass(slots=True)
class Report:
    """What a rebuild did."""

    documents: dict[str, int] = field(default_factory=dict)
    """How many of each source are in the new index."""
    errors: dict[str, str] = field(default_factory=dict)
    """What went wrong with single documents, by key; the index lacks these."""
    replayed: int = 0
    """Changes that were made in the meantime."""
    seconds: float = 0.0


def rebuild(*, engine: Engine | None = None, progress: Progress = lambda documents, *_: documents) -> Report:
    """Build a new index of everything and put it in the place of the old.

    Raises EngineBusy when another process does so already, SearchUnavailable when the engine cannot be reached.
    """
    engine = engine or get_engine()
    started = time.perf_counter()
    report = Report()
    # What waits now was committed before anything is read for the new index, which so has it anyway.
    since, known = timezone.now() - CLOCKS, outbox.waiting_lines()
    known_pks = {line.pk for line in known}
    with engine.rebuilding() as new:
        phrases = [
            document
            for source in sources().values()
            for document in _filled(new, source, report, progress)
            if document.suggest
        ]
        with new.swapping() as writer:
            suggestions.replace_all(phrases)
            later = [line for line in outbox.changed_since(since) if line.pk not in known_pks]
            errors = outbox.write_lines(writer, later)
            report.errors |= new.refused
        errors |= outbox.refusals(writer, later)
    # The index of an engine that only stands in for the site's own takes no change off the site's way.
    if engine.name == get_engine().name:
        outbox.mark_delivered(later, errors)
        outbox.mark_delivered(known, _errors_of(known, report.errors))
    if engine is get_engine():
        semantic.rebuilt(engine)
    report.replayed = len(later)
    report.seconds = time.perf_counter() - started
    return report


def _filled(new: Rebuild, source: Source, report: Report, progress: Progress) -> Iterator[Document]:
    """Write all documents of a source to the new index, and hand on those that were taken."""
    report.documents[source.name] = 0
    for document in progress(_readable(source, report), source, source.queryset().count()):
        try:
            new.add(document)
        except ValueError as error:
            logger.warning("Search document %s cannot be stored: %s", document.key, error)
            report.errors[document.key] = repr(error)
            continue
        report.documents[source.name] += 1
        yield document


def _readable(source: Source, report: Report) -> Iterator[Document]:
    """The documents of a source. When one cannot be made, the rest are made one by one."""
    made: set[str] = set()
    try:
        for document in source.documents():
            made.add(document.key)
            yield document
    except Exception:
        logger.exception("Search source %s: one document cannot be made; going on one by one", source.name)
    else:
        return
    for pk in list(source.queryset().values_list("pk", flat=True)):
        if (key := source.key(pk)) in made:
            continue
        try:
            yield from source.documents([pk])
        except Exception as error:
            logger.exception("Search document %s cannot be made", key)
            report.errors[key] = repr(error)


def _errors_of(lines: Iterable[OutboxEntry], errors: dict[str, str]) -> dict[int, str]:
    """The errors of documents by the lines that named them."""
    return {
        line.pk: errors[key]
        for line in lines
        if line.source in sources() and (key := sources()[line.source].key(line.object_pk)) in errors
    }
