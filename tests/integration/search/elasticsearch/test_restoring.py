"""A database restored from a real backup, older than the index that belongs to it."""

import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from search import outbox
from search.engines import get_engine
from search.models import OutboxEntry, SynonymGroup
from tests.conftest import missing

from .delivering import delete, differing, save

pytestmark = pytest.mark.django_db(transaction=True)

AHEAD = timedelta(hours=1)


def server_command(name: str) -> list[str]:
    """One of PostgreSQL's own commands with the address of this test's database."""
    found = shutil.which(name) or next(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), "")
    if not found:
        missing(f"no {name}")
    at = connection.settings_dict
    given = {"--host": at["HOST"], "--port": at["PORT"], "--username": at["USER"], "--dbname": at["NAME"]}
    return [found, *(f"{option}={value}" for option, value in given.items() if value)]


def back_up(file: Path) -> None:
    """Save the database as docs/operations.md says."""
    if connection.vendor == "postgresql":
        subprocess.run([*server_command("pg_dump"), "--format=custom", f"--file={file}"], check=True)
        return
    connection.ensure_connection()
    with sqlite3.connect(file) as copy:
        connection.connection.backup(copy)
    copy.close()


def restore(file: Path) -> None:
    """Put the database back to what it was: rows, outbox, numbers of turns and sequences."""
    if connection.vendor == "postgresql":
        connections.close_all()
        options = ["--clean", "--if-exists", "--single-transaction", "--exit-on-error"]
        subprocess.run([*server_command("pg_restore"), *options, str(file)], check=True)
        return
    with sqlite3.connect(file) as copy:
        copy.backup(connection.connection)
    copy.close()


@pytest.fixture(params=["elasticsearch", "embedded"])
def site(request: pytest.FixtureRequest, engine, settings):
    """The site's engine, on an empty index."""
    settings.SEARCH_ENGINE = request.param
    if request.param == "embedded":
        with get_engine().rebuilding() as new, new.swapping():
            pass
    return get_engine()


def live_through_days_that_will_be_lost(rows: list[SynonymGroup]) -> None:
    """Edits that the index learns of and the restored database does not: one of each kind, and one undone."""
    save("改", "备份之后改的")
    delete(rows[1])
    with transaction.atomic():
        SynonymGroup.objects.filter(pk=rows[2].pk).update(active=False)
        outbox.record("word", [rows[2].pk])
    save("添", "备份之后加的")
    save("反", "改过去")
    save("反", "又改回来")
    outbox.deliver()


@pytest.fixture
def restored(site, words, tmp_path) -> Callable[[], dict[str, str]]:
    """Back up, live on, restore; what differs then, by key."""

    def run() -> dict[str, str]:
        rows = [save(name, "备份之前的") for name in ("改", "删", "停")]
        save("反", "又改回来")
        rows += [save(f"不变{number}") for number in range(20)]
        outbox.deliver()
        # A change that waits when the backup is made is in it, and waits again after the restore.
        with outbox.held():
            rows.append(save("等", "备份时还没送达"))
        expected = {words.key(row.pk): row.words for row in rows[:3]}
        back_up(tmp_path / "backup")
        outbox.deliver()
        live_through_days_that_will_be_lost(rows)
        assert differing() == []
        expected[words.key(SynonymGroup.objects.get(words="添").pk)] = "添"
        restore(tmp_path / "backup")
        assert OutboxEntry.objects.filter(delivered_at=None).count() == 1
        return expected

    return run


def test_an_index_newer_than_the_restored_database_is_mended_document_by_document(site, words, restored):
    expected = restored()
    assert sorted(differing()) == sorted(expected)
    with pytest.raises(CommandError, match="differs from the database in 4 documents"):
        call_command("verify_search", verbosity=0)
    call_command("verify_search", repair=True, verbosity=0)
    assert differing() == []
    stored = site.documents(expected)
    bodies = {document.title: document.body for document in stored.values()}
    assert bodies == {"改": "备份之前的", "删": "备份之前的", "停": "备份之前的"}
    assert len(list(site.keys())) == SynonymGroup.objects.count()


def test_what_is_edited_after_the_restore_is_delivered(site, words, restored):
    lost = next(key for key, name in restored().items() if name == "添")
    # The database gives numbers of lost rows to new ones.
    again = save("新", "恢复之后加的")
    assert words.key(again.pk) == lost
    save("改", "恢复之后改的")
    outbox.deliver()
    call_command("verify_search", repair=True, verbosity=0)
    assert differing() == []
    assert site.documents([lost])[lost].body == "恢复之后加的"


def test_lost_days_whose_clock_ran_ahead_hold_no_repair_up(site, words, restored, monkeypatch):
    real = time.time_ns
    with monkeypatch.context() as patch:
        patch.setattr("time.time_ns", lambda: real() + round(AHEAD.total_seconds() * 1e9))
        restored()
    call_command("verify_search", repair=True, verbosity=0)
    assert differing() == []
    row = save("改", "恢复之后改的")
    outbox.deliver()
    assert site.documents([words.key(row.pk)])[words.key(row.pk)].body == "恢复之后改的"


@pytest.mark.parametrize("site", ["elasticsearch"], indirect=True)
def test_the_status_says_that_the_index_is_ahead_until_it_is_mended(site, words, restored):
    restored()
    assert site.is_ahead()
    assert "verify_search --repair" in site.status().message
    call_command("verify_search", repair=True, verbosity=0)
    assert not site.is_ahead()
    assert "verify_search" not in site.status().message
