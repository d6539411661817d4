"""Whether the process lives, and whether it can serve: for load balancers, containers and people."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from search.engines import get_engine


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; touches nothing else, so that a slow database gets no site restarted."""
    return HttpResponse("ok\n", content_type="text/plain")


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} migrations are not applied: run manage.py migrate" if waiting else ""


def _search() -> str:
    status = get_engine().status()
    return "" if status.available else status.message


# Name, check (an empty answer is well), and whether the site cannot serve without it.
_CHECKS: list[tuple[str, Callable[[], str], bool]] = [
    ("database", _database, True),
    ("migrations", _migrations, True),
    ("search", _search, False),
]


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served, else 503; in both cases what is well and what is not.

    A search that is away does not take the site out of service: every other page still works.
    """
    report: dict[str, str] = {}
    serving = True
    for name, check, needed in _CHECKS:
        try:
            problem = check()
        except DatabaseError as error:
            # The driver's own words may hold addresses and names; the log has them.
            problem = type(error).__name__
        report[name] = problem or "ok"
        if problem and needed:
            serving = False
            break
    return JsonResponse({"ready": serving, "checks": report}, status=200 if serving else 503)
