"""What people ask: counted for the editors, never in the way of an answer, never with anybody's numbers in it.

A search only notes its query in memory. It is written after the response has been sent, in a few small
statements; a database that is busy or gone costs a line of the log and nothing else.
"""

import logging
import re
import unicodedata
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connections, router, transaction
from django.db.models import F
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits

from .analysis import clean
from .models import UnansweredQuery

logger = logging.getLogger(__name__)

MAX_CHARS = 120
FEW_ANSWERS = 1
"""A query with no more results than this that may answer it is shown to the editors."""
BUSY_MS = 500
"""How long a line of the log waits for another writer of an SQLite database."""

# Telephone, ID and bank card numbers, also in groups: 138 1234 5678, 3301-0219-9001-0112-3X.
_NUMBER = re.compile(r"\d(?:[ \-]?\d){5,}x?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One query as it will be written."""

    text: str
    answers: int


_noted: deque[Entry] = deque(maxlen=1000)


def masked(text: str) -> str:
    """The query as it may be stored: half-width, lower case, cut, with every long number left out."""
    plain = unicodedata.normalize("NFKC", clean(text)).lower()
    return " ".join(_NUMBER.sub("***", plain).split())[:MAX_CHARS]


def note(text: str, *, answers: int) -> None:
    """Remember a query and how many results may answer it, to be written when the response has been sent."""
    if (kept := masked(text)).strip("* "):
        _noted.append(Entry(kept, answers))


def write(**_: Any) -> int:
    """Write what was noted, and say how many lines that were. Receiver of `request_finished`; never raises."""
    written = 0
    while _noted:
        try:
            entry = _noted.popleft()
        except IndexError:  # another thread was quicker
            break
        try:
            with _impatient():
                _write(entry)
            written += 1
        except Exception:
            logger.warning("The query log lost a line", exc_info=True)
    return written


def forget() -> int:
    """Delete what was last asked more than SEARCH_QUERY_DAYS days ago, and Wagtail's old counts; how many queries."""
    oldest = timezone.now() - timedelta(days=settings.SEARCH_QUERY_DAYS)
    forgotten, _ = UnansweredQuery.objects.filter(last_asked_at__lt=oldest).delete()
    QueryDailyHits.garbage_collect()
    Query.garbage_collect()
    return forgotten


def _write(entry: Entry) -> None:
    _count(entry.text)
    if entry.answers > FEW_ANSWERS:
        return
    now = timezone.now()
    asked_again = UnansweredQuery.objects.filter(text=entry.text).update(
        times=F("times") + 1, results=entry.answers, last_asked_at=now
    )
    if not asked_again:
        row = UnansweredQuery(text=entry.text, times=1, results=entry.answers, first_asked_at=now, last_asked_at=now)
        UnansweredQuery.objects.bulk_create([row], ignore_conflicts=True)


def _count(text: str) -> None:
    """What Wagtail's `Query.get(text).add_hit()` does; in one statement for what was asked today already."""
    today = QueryDailyHits.objects.filter(query__query_string=text, date=timezone.now().date())
    if not today.update(hits=F("hits") + 1):
        with transaction.atomic():
            Query.get(text).add_hit()


@contextmanager
def _impatient() -> Iterator[None]:
    """Wait only shortly for a lock: a worker that waits for an import to end answers nobody."""
    connection = connections[router.db_for_write(Query)]
    if connection.vendor != "sqlite":
        yield
        return
    patience = connection.settings_dict["OPTIONS"].get("timeout", 5)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")
