"""10,000 rows of volunteer hours from a spreadsheet: reading, checking, importing, and the same file again.

    XIANGYUE_DATA_DIR=… python -m tests.benchmarks.registers_import --rows 10000

Needs the demo's data (`make setup`). Everything happens in one transaction that is rolled back at the end.
"""

import argparse
import io
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import django

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from openpyxl import Workbook  # noqa: E402

from accounts.models import User  # noqa: E402
from registry.importing.reading import Sheet, read  # noqa: E402
from registry.volunteers.importers import HoursResource  # noqa: E402
from registry.volunteers.models import Activity, Volunteer  # noqa: E402

T = TypeVar("T")


def workbook(rows: int) -> bytes:
    """A sheet of hours: the demo's volunteers in turn, each day one more, years before anything of the demo."""
    volunteers = list(Volunteer.objects.all())
    activity = Activity.objects.filter(kind="service").first()
    assert activity is not None
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([str(column.heading) for column in HoursResource(by=None).columns.values()])
    first = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=4000)
    for number in range(rows):
        volunteer = volunteers[number % len(volunteers)]
        begins = first + timedelta(days=number // len(volunteers))
        ends = begins + timedelta(hours=2)
        moments = [f"{moment:%Y-%m-%d %H:%M}" for moment in (begins, ends)]
        sheet.append([volunteer.id_number, volunteer.name, activity.pk, *moments, 2, ""])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def timed(what: str, rows: int, run: Callable[[], T]) -> T:
    """Run it and print how long it took."""
    started = time.perf_counter()
    result = run()
    seconds = time.perf_counter() - started
    print(f"| {what} | {seconds:.1f} s | {rows / seconds:,.0f} rows a second |", flush=True)
    return result


def take(sheet: Sheet, by: Any, *, dry_run: bool) -> Counter[str]:
    """What became of the rows."""
    return Counter(outcome.kind for outcome in HoursResource(by=by).run(sheet, dry_run=dry_run))


def main() -> None:
    """Measure, print, undo."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--rows", type=int, default=10_000)
    rows = parser.parse_args().rows
    by = User.objects.filter(is_superuser=True).first()
    data = workbook(rows)
    headings = [str(column.heading) for column in HoursResource(by=by).columns.values()]
    print(f"{rows:,} rows, {len(data) / 2**20:.1f} MB, {connection.vendor}\n| | | |\n| --- | --- | --- |")
    with transaction.atomic():
        sheet = timed("reading", rows, lambda: read(data, name="hours.xlsx", headings=headings))
        print(timed("checking", rows, lambda: take(sheet, by, dry_run=True)))
        print(timed("importing", rows, lambda: take(sheet, by, dry_run=False)))
        print(timed("the same file again", rows, lambda: take(sheet, by, dry_run=True)))
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
