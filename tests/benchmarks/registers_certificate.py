"""How long a certificate of volunteer hours takes: its figures, its pages, and the whole way from request to file.

    python tests/benchmarks/registers_certificate.py [lines]

Needs nothing but the settings: it fills a database in memory. Prints one row of docs/measurements.md.
"""

import io
import os
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdf

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
RUNS = 7


def main(lines: int) -> None:
    """Issue a certificate of so many lines a few times, and print the median."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XIANGYUE_DATA_DIR"] = folder
        import django

        django.setup()
        from django.test.utils import setup_databases, setup_test_environment

        setup_test_environment()
        setup_databases(verbosity=0, interactive=False)
        report = _report(lines)
        rendering, issuing = [], []
        for _run in range(RUNS):
            rendering.append(_timed(lambda: _render(report)))
            issuing.append(_timed(lambda: _issue(report)))
        content = _render(report)
        print(
            f"| certificate of {lines} lines, {len(pypdf.PdfReader(io.BytesIO(content)).pages)} pages, "
            f"{len(content) // 1024} KB | laid out {statistics.median(rendering):.0f} ms "
            f"| issued {statistics.median(issuing):.0f} ms |"
        )


def _report(lines: int) -> Any:
    from django.utils import timezone

    from accounts.models import User
    from registry.places.models import Kind, Place
    from registry.volunteers import actions, reports

    by = User.objects.create_user("official", display_name="李经办")
    place = Place.add_root(code="990100001201", name="柳河村", kind=Kind.VILLAGE)
    volunteer = actions.register_volunteer(
        name="张𠅤远",
        id_type="passport",
        id_number="E12345678",
        birth_date=date(1990, 3, 5),
        phone="13800001234",
        place=place,
        by=by,
    )
    activity = actions.create_activity(
        title="清理河道",
        field="environment",
        place=place,
        address="村口",
        about="清理河道",
        contact_name="李主任",
        contact_phone="13800005678",
        by=by,
    )
    morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    for day in range(1, lines + 1):
        starts_at = morning - timedelta(days=day)
        actions.record_hours(
            volunteer=volunteer,
            activity=activity,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            halves=4,
            by=by,
        )
    certificate = actions.request_certificate(volunteer=volunteer, place=place, by=by)
    return reports.certificate_report(certificate, handler="李经办")


def _render(report: Any) -> bytes:
    from printing import pdf

    paper = report.paper()
    context = paper["context"] | {"draft": True}
    return pdf.render(paper["template"], context, title=paper["title"], sheets=paper["sheets"])


def _issue(report: Any) -> Any:
    import printing.actions

    return printing.actions.issue(**report.paper(), by=None)


def _timed(run: Any) -> float:
    started = time.perf_counter()
    run()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
