"""The folders of the index: each rebuild makes a new one, and a file beside them says which one is in use.

    search/CURRENT            the name of the folder in use; replaced at once, so that a reader sees the old or the new
    search/20260102-….d/      a generation: Tantivy's files, and about.json with the version and the day of the build

The generation before the one in use is kept, to go back to.
"""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from tantivy import Index, Searcher

from search.engines.base import SearchUnavailable

from .schema import schema, version

POINTER, ABOUT, SUFFIX = "CURRENT", "about.json", ".d"
REPAIR = "Run `manage.py rebuild_search`."

Stamp = tuple[int, int, int]
"""What changes when a file is replaced: its number, its size and the time of the change."""


@dataclass(slots=True)
class Generation:
    """One index, opened. Its searcher sees every commit of every process."""

    path: Path
    index: Index
    built_at: datetime
    _meta: Stamp

    def searcher(self) -> Searcher:
        """The state of the last commit."""
        stamp = _stamp(self.path / "meta.json")
        if stamp != self._meta:
            self.index.reload()
            self._meta = stamp
        return self.index.searcher()

    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self.path.iterdir() if file.is_file())


class Generations:
    """The folder of all generations, as one process sees it. Threads may share it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._opened: Generation | None = None
        self._seen: tuple[int, Stamp] | None = None

    def current(self) -> Generation:
        """The generation in use. Raises SearchUnavailable when there is none that can be read.

        One look at the pointer's date tells whether what was opened before is still in use.
        """
        try:
            # A process that was forked opens its own.
            seen = (os.getpid(), _stamp(self.root / POINTER))
        except FileNotFoundError:
            raise SearchUnavailable(f"There is no search index in {self.root}. {REPAIR}") from None
        if self._opened is None or self._seen != seen:
            opened = self._open()
            self._opened, self._seen = opened, seen
        return self._opened

    @contextmanager
    def reading(self) -> Iterator[Searcher]:
        """The state of the last commit. Raises SearchUnavailable, also when reading in it shows damage."""
        generation = self.current()
        try:
            searcher = generation.searcher()
        except FileNotFoundError:
            # Two rebuilds came in between, and what was in use is cleared away; or it is gone altogether.
            self._opened = None
            generation = self.current()
            searcher = generation.searcher()
        with damage_reported(generation.path):
            yield searcher

    def exist(self) -> bool:
        """Whether an index was ever put into use here."""
        return (self.root / POINTER).exists()

    def create(self) -> Path:
        """An empty folder for a new generation."""
        path = self.root / f"{timezone.now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(2)}{SUFFIX}"
        path.mkdir(parents=True)
        return path

    def finish(self, path: Path) -> None:
        """Write down what a generation is, when it is complete."""
        about = {"version": version(), "built_at": timezone.now().isoformat()}
        _write(path / ABOUT, json.dumps(about))

    def serve(self, path: Path) -> None:
        """Put a complete generation in the place of the one in use."""
        _write(self.root / POINTER, path.name)

    def previous(self) -> Path:
        """The complete generation that was in use before this one. Raises SearchUnavailable when there is none."""
        for path in self._replaced()[-1:]:
            return path
        raise SearchUnavailable(f"{self.root} keeps no index from before the last rebuild.")

    def _replaced(self) -> list[Path]:
        """The complete generations that are not in use, the oldest first."""
        used = _read(self.root / POINTER)
        complete = [path for path in self.root.glob(f"*{SUFFIX}") if (path / ABOUT).exists() and path.name != used]
        return sorted(complete, key=lambda path: path.name)

    def prune(self) -> None:
        """Delete what no reader will open: unfinished generations, and all finished ones but the last two.

        Only while no generation is being built.
        """
        kept = {_read(self.root / POINTER), *[path.name for path in self._replaced()[-1:]]}
        for path in self.root.glob(f"*{SUFFIX}"):
            if path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)

    def _open(self) -> Generation:
        name = ""
        while True:
            # The pointer may be replaced, and what it named be cleared away, between reading it and opening.
            before, name = name, _read(self.root / POINTER)
            try:
                return self._open_named(name)
            except SearchUnavailable:
                if name in (before, _read(self.root / POINTER)):
                    raise

    def _open_named(self, name: str) -> Generation:
        path = self.root / name
        about_text = _read(path / ABOUT)
        if not name or not about_text:
            raise SearchUnavailable(f"The search index in {self.root} is incomplete. {REPAIR}")
        with damage_reported(path):
            about = json.loads(about_text)
            built_at = datetime.fromisoformat(about["built_at"])
            if about["version"] != version():
                raise SearchUnavailable(f"The search index was built by another version of the site. {REPAIR}")
            meta = _stamp(path / "meta.json")
            index = Index.open(str(path))
            index.config_reader(reload_policy="manual")
            index.reload()
            return Generation(path, index, built_at, meta)


def new_index(path: Path) -> Index:
    """An empty index in this folder."""
    return Index(schema(), str(path), reuse=False)


@contextmanager
def damage_reported(path: Path) -> Iterator[None]:
    """Turn what the library raises on a damaged index into SearchUnavailable.

    A Rust panic arrives as an exception outside of Exception; it is told by its name, since the library exports none.
    """
    try:
        yield
    except SearchUnavailable:
        raise
    except (OSError, ValueError, KeyError, RuntimeError, SystemError) as error:
        raise SearchUnavailable(f"The search index in {path} cannot be read ({error}). {REPAIR}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise SearchUnavailable(f"The search index in {path} is damaged ({error}). {REPAIR}") from error


def _stamp(path: Path) -> Stamp:
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _write(path: Path, text: str) -> None:
    """Replace a file at once, and for good: after a power cut it is the old one or the new one."""
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
