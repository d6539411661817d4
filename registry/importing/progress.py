"""How far an import has come: a small file, since the import's own transaction may lock the database."""

import json
import time
from pathlib import Path

from django.conf import settings

STALE = 60.0
"""Seconds without a word after which a process counts as dead."""
_EVERY = 0.5


def _path(run: int) -> Path:
    folder = Path(settings.DATA_DIR) / "progress"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"import-{run}.json"


class Progress:
    """Tells how far a run has come, twice a second at most."""

    def __init__(self, run: int) -> None:
        self._path = _path(run)
        self._next = 0.0

    def __call__(self, done: int, rows: int) -> None:
        """So many of so many rows."""
        if time.monotonic() < self._next and done != rows:
            return
        self._next = time.monotonic() + _EVERY
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps([done, rows]), encoding="utf-8")
        draft.replace(self._path)

    def end(self) -> None:
        """Nothing more to tell."""
        self._path.unlink(missing_ok=True)


def of(run: int) -> tuple[int, int]:
    """Rows done and rows in all; (0, 0) where nothing is told yet."""
    try:
        done, rows = json.loads(_path(run).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0, 0
    return done, rows


def is_stale(run: int) -> bool:
    """Whether nothing was told for so long that the process must be dead."""
    try:
        return time.time() - _path(run).stat().st_mtime > STALE
    except OSError:
        return True
