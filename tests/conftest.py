"""What every test may use."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.cache import caches
from django.db import connection, transaction
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker


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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Tests with real transactions empty all tables after them: what the migrations had put there comes back.

    So any test may follow any other, whichever worker they are given to.
    """
    teardown = TransactionTestCase._fixture_teardown

    def emptied_and_restored(case: TransactionTestCase) -> None:
        triggers = _drop_triggers()
        teardown(case)
        with connection.cursor() as cursor:
            for sql in triggers:
                cursor.execute(sql)
        with transaction.atomic():
            for row in serializers.deserialize("json", initial):
                row.save()

    with django_db_blocker.unblock():
        # Content types and permissions are made anew when the tables are empty, under other numbers: hence by name.
        made_anew = {"contenttypes.ContentType", "auth.Permission"}
        models = serializers.sort_dependencies([(app, None) for app in apps.get_app_configs()], allow_cycles=True)
        rows = (row for model in models if model._meta.label not in made_anew for row in model._base_manager.all())
        initial = serializers.serialize("json", rows, use_natural_foreign_keys=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptied_and_restored)
        yield


def _drop_triggers() -> list[str]:
    """Tables are emptied by DELETE on SQLite, which the ledgers refuse; the statements that make the triggers again."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
    return [sql for _name, sql in triggers]


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
