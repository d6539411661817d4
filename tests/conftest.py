"""What every test may use."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import TransactionTestCase


def shared_data() -> Path:
    """The folder of real statute texts, questions and essays beside the checkout."""
    return Path(os.environ.get("XIANGYUE_SHARED_DATA") or Path(settings.BASE_DIR).parent / "shared" / "data")


def missing(reason: str) -> None:
    """Skip a test that lacks something; under CI that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}, and under CI it must be there")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def laws_folder() -> Path:
    """The real statute texts."""
    folder = shared_data() / "laws"
    if not folder.is_dir():
        missing("the statute texts are not beside the checkout")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _append_only_tables_are_emptied_between_tests() -> Iterator[None]:
    """Tests with real transactions empty all tables after them; on SQLite by DELETE, which the ledgers refuse."""
    teardown = TransactionTestCase._fixture_teardown

    def without_triggers(case: TransactionTestCase) -> None:
        if connection.vendor != "sqlite":
            return teardown(case)
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
        teardown(case)
        with connection.cursor() as cursor:
            for _name, sql in triggers:
                cursor.execute(sql)
        return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", without_triggers)
        yield


@pytest.fixture(autouse=True)
def _empty_caches() -> None:
    """What one test left in memory (the paths of its sites, its counters) is nothing to the next."""
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture(autouse=True)
def _needs_postgresql(request: pytest.FixtureRequest) -> None:
    """Tests marked `postgresql` run in the pass whose database it is."""
    if request.node.get_closest_marker("postgresql") is None or connection.vendor == "postgresql":
        return
    if os.environ.get("TEST_POSTGRESQL_URL"):
        pytest.skip("runs in the pass on PostgreSQL")
    missing("no PostgreSQL")
