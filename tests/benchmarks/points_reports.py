"""The reports of points, measured in one run.

    python -m tests.benchmarks.points_reports [--only paper,batch,ranking] [--villages 30] [--lines 150000,1500000]

Prints the rows of docs/measurements.md: the publicity sheet of 300 households against the same table laid out by bare
WeasyPrint; a batch of villages with two processes against one after another, and the memory of its workers; the
publicity sheet's screen and its figures with a short and with a long ledger. Makes its own data in a temporary folder;
the ledgers in the database that TEST_POSTGRESQL_URL names, in databases of their own, else in SQLite.
"""

import argparse
import io
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5
HOUSEHOLDS = 300
_BARE = """
@page { size: A4; margin: 20mm 18mm 19mm;
  @bottom-right { content: "第 " counter(page) " 页，共 " counter(pages) " 页"; font: 9pt "Noto Serif CJK SC" } }
html { font: 10.5pt/1.5 "Noto Serif CJK SC" }
h1 { font-size: 2.1em; text-align: center }
table { width: 100%; border-spacing: 0; table-layout: fixed; font-size: .95em; line-height: 1.35;
  border-left: .6pt solid #000 }
tr { break-inside: avoid }
th, td { border: 0 solid #000; border-width: 0 .4pt .4pt 0; padding: 1.15mm 1.4mm; overflow-wrap: anywhere }
th { background: #eef1ee } .right { text-align: right } .center { text-align: center }
"""


def set_up(folder: str, database: str, settings: str) -> None:
    """A data folder and database of one's own."""
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    os.environ["DJANGO_SETTINGS_MODULE"], os.environ["DEBUG"] = f"config.settings.{settings}", "0"
    os.environ["XIANGYUE_DATA_DIR"] = folder
    os.environ["DATABASE_URL"] = database or f"sqlite:///{folder}/db.sqlite3"
    import django

    django.setup()


def fill(villages: int, households: int, months: int, lines: int) -> list[Any]:
    """Villages under one township; of each, households and so many lines, spread evenly over months before this one."""
    from accounts.models import User
    from knowledge.points.choices import Category
    from knowledge.points.models import Balance, Household, Item, LedgerLine, Period, Rules
    from knowledge.points.reports.spans import Span
    from registry.places.models import Kind, Place

    User.objects.create_superuser("official", "official@example.org", "correct horse battery")
    county = Place.add_root(code="990100", name="云溪县", kind=Kind.COUNTY)
    township = county.add_child(code="990100001", name="清溪镇", kind=Kind.TOWNSHIP)
    spans = [Span.of("month", date(2026, 9, 1))]
    while len(spans) < months:
        spans.append(spans[-1].before)
    surnames, given = "王李张刘陈杨黄赵", "国强建华秀英桂兰志明玉珍"
    places = []
    for number in range(villages):
        place = township.add_child(code=f"990100001{201 + number}", name=f"柳河{number + 1}村", kind=Kind.VILLAGE)
        Rules.objects.create(place=place)
        there = Household.objects.bulk_create(
            Household(
                village=place,
                place=place,
                code=f"{one + 1:04}",
                head=surnames[one % 8] + given[one % 12] + given[one // 12 % 12],
                consent_on=date(2026, 1, 1),
            )
            for one in range(households)
        )
        Balance.objects.bulk_create(Balance(household=one) for one in there)
        items = Item.objects.bulk_create(
            Item(place=place, category=category, name=f"{label}项目", points=2, valid_from=date(2000, 1, 1))
            for category, label in Category.choices
        )
        each = lines // villages // months
        for span in spans:
            period = Period.objects.create(place=place, first_day=span.first_day, last_day=span.last_day, lines=each)
            LedgerLine.objects.bulk_create(
                (_line(place, there, items, period, number) for number in range(each)), batch_size=2000
            )
        places.append(place)
    return places


def _line(place: Any, there: list[Any], items: list[Any], period: Any, number: int) -> Any:
    from knowledge.points.models import LedgerLine

    item = items[number * 7 % len(items)]
    return LedgerLine(
        place=place,
        household=there[number * 11 % len(there)],
        period=period,
        number=number + 1,
        kind="award",
        account=item.category,
        points=number % 5 + 1,
        title=item.name,
        happened_on=period.first_day,
        dated_on=period.first_day,
        item=item,
    )


def paper() -> Iterator[str]:
    """The sheet of 300 households, issued with number and QR code, against the bare table; in turns, median times."""
    import pypdf

    from accounts.models import User
    from knowledge.points.reports import paper, registry
    from knowledge.points.reports.spans import Span

    [place] = fill(1, HOUSEHOLDS, 1, 1500)
    by = User.objects.get(username="official")
    report, span = registry.get("publicity"), Span.parse("2026-09")
    figures = report.figures(place, span)

    def ours() -> bytes:
        return paper.issue(report=report, place=place, span=span, by=by).content()

    def bare() -> bytes:
        return _bare(figures)

    took: dict[Callable[[], bytes], list[float]] = {ours: [], bare: []}
    for make in (ours, bare):
        make()
    for _round in range(ROUNDS):
        for make, times in took.items():
            times.append(_timed(make))
    pages = {make: len(pypdf.PdfReader(io.BytesIO(make())).pages) for make in took}
    mine, theirs = statistics.median(took[ours]), statistics.median(took[bare])
    yield f"| publicity sheet, {HOUSEHOLDS} households, figures to stored file, {pages[ours]} pages | {mine:.2f} s |"
    yield f"| the same table by bare WeasyPrint, {pages[bare]} pages | {theirs:.2f} s |"
    yield f"| ratio | {mine / theirs:.2f} |"


def _bare(figures: Any) -> bytes:
    """The same rows, columns and fonts, tagged the same; no subtotals, signatures, headers."""
    from weasyprint import HTML

    table = figures.table
    cols = "".join(f'<col style="width:{field.share:.3f}%">' for field in table.fields)
    heads = "".join(f"<th scope=col>{field.heading}</th>" for field in table.fields)
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td class="{field.css}">{number if field.is_number else field.text(row)}</td>' for field in table.fields
        )
        + "</tr>"
        for number, row in enumerate(table.rows, start=1)
    )
    html = (
        f'<!DOCTYPE html><html lang="zh-CN"><head><title>{figures.title}</title><style>{_BARE}</style></head><body>'
        f"<h1>{figures.title}</h1><table><colgroup>{cols}</colgroup><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></body></html>"
    )
    content: bytes = HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")
    return content


def batch(villages: int) -> Iterator[str]:
    """Publicity sheets of all villages, by one process and by two; the memory of the workers after each document."""
    from django.conf import settings
    from django.db import connections

    from accounts.models import User
    from knowledge.points.reports import batches, registry
    from knowledge.points.reports.spans import Span
    from printing import batch_runner
    from printing.batches import progress

    places = fill(villages, HOUSEHOLDS, 1, villages * 1500)
    report, span = registry.get("publicity"), Span.parse("2026-09")
    took, memory = {}, {}
    for processes in (1, 2):
        settings.PRINTING_PROCESSES = processes
        by = User.objects.get(username="official")
        begun = batches.start(report=report, place=places[0].get_parent(), span=span, suffix="pdf", by=by)
        connections.close_all()
        watch = _Watch()
        started = time.perf_counter()
        batch_runner.run(begun.pk)
        took[processes] = time.perf_counter() - started
        memory[processes] = watch.end()
        begun.refresh_from_db()
        assert begun.finished_at is not None
        assert progress(begun).done == villages + 1, list(begun.items.values_list("error", flat=True))
        # So that the second batch issues anew rather than hand out what the first issued.
        _withdraw_all(by)
    yield f"| batch of {villages} villages, one process | {took[1]:.1f} s |"
    yield f"| the same, two processes | {took[2]:.1f} s |"
    yield f"| times as fast | {took[1] / took[2]:.2f} |"
    for process, sizes in memory[1].items():
        thirds = [sizes[len(sizes) * part // 10] for part in (2, 5, 9)]
        yield f"| memory of worker {process} a fifth, half and nine tenths of its time | {thirds} MB |"


def _withdraw_all(by: Any) -> None:
    from printing import actions
    from printing.models import IssuedDocument

    for document in IssuedDocument.objects.valid():
        actions.revoke(document=document, reason="measured", by=by)


class _Watch:
    """Looks at the memory of this process's children twice a second, from a process of its own."""

    def __init__(self) -> None:
        self._out = Path(tempfile.mkstemp()[1])
        command = [sys.executable, __file__, "--watch", str(os.getpid()), str(self._out)]
        self._process = subprocess.Popen(command)

    def end(self) -> dict[str, list[int]]:
        """Megabytes by worker, those that lived long enough to print."""
        self._process.terminate()
        self._process.wait()
        found: dict[str, list[int]] = {}
        for line in self._out.read_text().splitlines():
            process, size = line.split()
            found.setdefault(process, []).append(int(size))
        self._out.unlink()
        return {process: sizes for process, sizes in found.items() if len(sizes) > 8 and max(sizes) > 200}


def watch(parent: str, target: str) -> None:
    """Write the memory of every child of a process until told to end."""
    with Path(target).open("a") as out:
        while True:
            for folder in Path("/proc").glob("[0-9]*"):
                try:
                    stat = (folder / "stat").read_text().rpartition(")")[2].split()
                    size = int((folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20
                except (OSError, IndexError):
                    continue
                if stat[1] == parent and folder.name != str(os.getpid()):
                    out.write(f"{folder.name} {size}\n")
            out.flush()
            time.sleep(0.5)


def ranking(lines: int) -> Iterator[str]:
    """The screen of the publicity sheet and the public page of a village: queries and time."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, setup_test_environment
    from django.urls import reverse

    setup_test_environment()
    started = time.perf_counter()
    # Ten times the lines are ten times the months, as a ledger grows: the villages and their households are the same.
    places = fill(12, HOUSEHOLDS, max(1, lines // 12 // 520), lines)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT COUNT(*) FROM points_ledgerline")
        [(count,)] = cursor.fetchall()
    filled = time.perf_counter() - started
    client, place = Client(), places[5].code
    from accounts.models import User

    client.force_login(User.objects.get(username="official"), "django.contrib.auth.backends.ModelBackend")
    pages = {
        "publicity sheet": f"{reverse('points_report', args=['publicity'])}?place={place}&span=2026-09",
        "honour list": f"{reverse('points_report', args=['honour-list'])}?place={place}&span=2026-09",
    }
    for name, address in pages.items():
        assert client.get(address).status_code == 200, address
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        queries = len(captured)
        took = [1000 * _timed(lambda address=address: client.get(address)) for _ in range(15)]
        yield (
            f"| {name} on screen, {count:,} lines ({connection.vendor}, filled in {filled:.0f} s) "
            f"| {queries} queries | {statistics.median(took):.0f} ms |"
        )


def _timed(run: Callable[[], Any]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _in_process(part: str, argument: int) -> None:
    """One part with settings and a database of its own, dropped at the end."""
    server = os.environ.get("TEST_POSTGRESQL_URL", "")
    name = f"measured_{uuid4().hex[:8]}"
    with tempfile.TemporaryDirectory() as folder:
        uses_server = bool(server) and part != "paper"
        if uses_server:
            subprocess.run(["psql", server, "-qc", f"CREATE DATABASE {name}"], check=True)
        try:
            # Those of the tests give each process a folder of its own: the processes of a batch share one.
            settings = "development" if part == "batch" else "test"
            set_up(folder, f"{server.rpartition('/')[0]}/{name}" if uses_server else "", settings)
            from django.core.management import call_command
            from django.db import connections

            call_command("migrate", verbosity=0)
            rows = {"paper": lambda: paper(), "batch": lambda: batch(argument), "ranking": lambda: ranking(argument)}
            for row in rows[part]():
                print(row, flush=True)
            connections.close_all()
        finally:
            if uses_server:
                subprocess.run(["psql", server, "-qc", f"DROP DATABASE {name} WITH (FORCE)"], check=True)


def main() -> None:
    """Each part in a process of its own: none is warmed or burdened by another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="paper,batch,ranking")
    parser.add_argument("--villages", type=int, default=30)
    parser.add_argument("--lines", default="150000,1500000")
    options = parser.parse_args()
    parts = options.only.split(",")
    jobs = [("paper", 0)] if "paper" in parts else []
    jobs += [("batch", options.villages)] if "batch" in parts else []
    jobs += [("ranking", int(lines)) for lines in options.lines.split(",")] if "ranking" in parts else []
    for job in jobs:
        process = multiprocessing.get_context("spawn").Process(target=_in_process, args=job)
        process.start()
        process.join()
        if process.exitcode:
            sys.exit(process.exitcode)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--watch"]:
        watch(*sys.argv[2:])
    else:
        main()
