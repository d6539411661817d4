"""The embedded engine among several processes, and what it makes of a damaged index."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from search.engines.base import EngineBusy, SearchUnavailable
from search.engines.embedded import EmbeddedEngine, schema
from search.engines.embedded.generations import ABOUT, POINTER

from .making import asking, found, page

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedEngine:
    """An index with one page."""
    engine = EmbeddedEngine(tmp_path / "index")
    rebuild(engine)
    return engine


@pytest.fixture
def start(engine: EmbeddedEngine) -> Iterator[Start]:
    """Start another process on the same index, and wait until it says its first line."""
    running: list[subprocess.Popen[str]] = []

    def started(mode: str, *arguments: object, until: str = "") -> "subprocess.Popen[str]":
        root = Path(settings.BASE_DIR)
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.integration.search.engines.worker",
                mode,
                str(engine.root),
                *map(str, arguments),
            ],
            cwd=root,
            env=os.environ | {"PYTHONPATH": f"{root}:{root / 'site'}"},
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        if until:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == until
        return process

    yield started
    for process in running:
        process.kill()
        process.communicate()


def rebuild(engine: EmbeddedEngine, *numbers: int) -> None:
    with engine.rebuilding() as new:
        for number in numbers or (1,):
            new.add(page(number, body="押金"))
        with new.swapping():
            pass


def write(engine: EmbeddedEngine, number: int) -> None:
    with engine.writing(wait=30) as writer:
        writer.add(page(number, body="押金"))


def generations(engine: EmbeddedEngine) -> list[str]:
    return sorted(path.name for path in engine.root.glob("*.d"))


# --- several processes -----------------------------------------------------------------------------------------


def test_what_one_process_writes_another_finds_at_once(engine):
    other = EmbeddedEngine(engine.root)
    assert found(other, "押金") == ["page:1"]
    write(engine, 2)
    assert sorted(found(other, "押金")) == ["page:1", "page:2"]
    rebuild(engine, 3)
    assert found(other, "押金") == ["page:3"]


def test_two_writing_processes_lose_nothing(engine, start):
    processes = [start("write", 100, 8), start("write", 200, 8)]
    for process in processes:
        assert process.communicate(timeout=120)[0].strip() == "done"
    assert sorted(engine.keys()) == sorted(f"page:{n}" for n in [1, *range(100, 108), *range(200, 208)])


def test_a_killed_writer_gives_its_turn_back_and_what_it_wrote_is_not_there(engine, start):
    process = start("hold", until="holding")
    with pytest.raises(EngineBusy), engine.writing(wait=0):
        pass
    process.kill()
    process.wait()
    write(engine, 2)
    assert sorted(engine.keys()) == ["page:1", "page:2"]


def test_a_killed_rebuild_is_cleared_away_by_the_next(engine, start):
    process = start("rebuild", until="holding")
    with pytest.raises(EngineBusy), engine.rebuilding():
        pass
    process.kill()
    process.wait()
    assert len(generations(engine)) == 2
    assert found(engine, "押金") == ["page:1"]
    rebuild(engine, 5)
    assert found(engine, "押金") == ["page:5"]
    assert len(generations(engine)) == 2


def test_readers_never_see_a_moment_without_an_index(engine, start):
    process = start("read", until="reading")
    for number in range(2, 8):
        write(engine, number)
        rebuild(engine, 1, number)
    (engine.root / "stop").touch()
    searches = process.communicate(timeout=60)[0].strip()
    assert process.returncode == 0
    assert int(searches) > 0


def test_threads_share_an_engine(engine):
    failures: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                assert "page:1" in found(engine, "押金", limit=50)
        except BaseException as error:  # noqa: BLE001 -- told in the test's own thread
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(2, 7):
        write(engine, number)
        rebuild(engine, 1, number)
    stop.set()
    for reader in readers:
        reader.join(timeout=60)
    assert failures == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_opens_the_index_for_itself(start):
    assert start("fork").communicate(timeout=60)[0].split() == ["own", "page:1"]


# --- batches ---------------------------------------------------------------------------------------------------


def test_changes_are_seen_all_together_when_the_turn_ends(engine):
    with engine.writing() as writer:
        writer.add(page(2, body="押金"))
        writer.delete("page:1")
        assert found(engine, "押金") == ["page:1"]
    assert found(engine, "押金") == ["page:2"]


def test_a_turn_that_fails_changes_nothing(engine):
    def fail() -> None:
        with engine.writing() as writer:
            writer.delete("page:1")
            writer.add(page(2, body="押金"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert found(engine, "押金") == ["page:1"]


def test_the_generation_before_the_one_in_use_is_kept(engine):
    first = generations(engine)[0]
    rebuild(engine, 2)
    rebuild(engine, 3)
    kept = generations(engine)
    assert len(kept) == 2
    assert first not in kept
    # Going back is pointing at it.
    (engine.root / POINTER).write_text(kept[0])
    assert found(engine, "押金") == ["page:2"]


# --- damage ----------------------------------------------------------------------------------------------------


def current(engine: EmbeddedEngine) -> Path:
    return engine.root / (engine.root / POINTER).read_text().strip()


def remove_the_folder(path: Path) -> None:
    shutil.rmtree(path)


def remove_meta(path: Path) -> None:
    (path / "meta.json").unlink()


def garble_meta(path: Path) -> None:
    (path / "meta.json").write_text("{")


def remove_about(path: Path) -> None:
    (path / ABOUT).unlink()


def garble_about(path: Path) -> None:
    (path / ABOUT).write_text("nothing")


def empty_about(path: Path) -> None:
    (path / ABOUT).write_text("{}")


def empty_segments(path: Path) -> None:
    for file in path.glob("*.*"):
        if file.suffix in {".idx", ".term", ".store", ".fast", ".pos", ".fieldnorm"}:
            file.write_bytes(b"")


def garble_segments(path: Path) -> None:
    for file in path.glob("*.*"):
        if file.suffix in {".idx", ".term", ".store", ".fast", ".pos", ".fieldnorm"}:
            file.write_bytes(b"\xff" * file.stat().st_size)


def point_nowhere(path: Path) -> None:
    (path.parent / POINTER).write_text("nowhere.d")


def empty_pointer(path: Path) -> None:
    (path.parent / POINTER).write_bytes(b"")


def garble_pointer(path: Path) -> None:
    (path.parent / POINTER).write_bytes(b"\xff\xfe")


DAMAGES = [
    remove_the_folder,
    remove_meta,
    garble_meta,
    remove_about,
    garble_about,
    empty_about,
    empty_segments,
    garble_segments,
    point_nowhere,
    empty_pointer,
    garble_pointer,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_index_is_told_and_a_rebuild_repairs_it(engine, damage):
    damage(current(engine))
    fresh = EmbeddedEngine(engine.root)
    with pytest.raises(SearchUnavailable, match="rebuild_search"):
        fresh.search(asking("押金"))
    with pytest.raises(SearchUnavailable), fresh.writing() as writer:
        writer.add(page(2))
    status = fresh.status()
    assert not status.available
    assert "rebuild_search" in status.message
    rebuild(fresh, 1)
    assert found(fresh, "押金") == ["page:1"]
    assert fresh.status().available


def test_an_index_of_another_version_is_refused(engine):
    about = current(engine) / ABOUT
    about.write_text(json.dumps(json.loads(about.read_text()) | {"version": "of another time"}))
    fresh = EmbeddedEngine(engine.root)
    with pytest.raises(SearchUnavailable, match=r"another version.*rebuild_search"):
        fresh.search(asking("押金"))
    assert "another version" in fresh.problem()
    rebuild(fresh)
    assert fresh.problem() == ""


def test_the_version_follows_the_analysis(monkeypatch):
    before = schema.version()
    schema.version.cache_clear()
    monkeypatch.setattr(schema.analysis, "fingerprint", lambda: "another analysis")
    try:
        assert schema.version() != before
    finally:
        schema.version.cache_clear()


def test_an_index_that_was_never_built_is_no_problem_to_warn_of(tmp_path):
    engine = EmbeddedEngine(tmp_path / "none")
    assert engine.problem() == ""
    assert not engine.status().available
