"""The vectors of all documents in two files that every process shares, and exact search over them.

`vectors` is a table of records (digest of the text, scale, 8-bit vector), mapped into memory; `listed` is a log with
a line for each document as it was last seen: which texts stand for it. Both only grow, under a lock, and a record or
line that a crash cut short is dropped by the next writer; a rewritten file takes the place of the old in one step. A
vector is kept by the hash of its text, so that a text is encoded once, whatever documents come and go.
"""

import fcntl
import json
import os
import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .leaning import Leaning
from .texts import DIGEST_BYTES, Entry, read_entry

BLOCK = 1024
"""Rows turned to floats at a time: what fits the processor's cache."""


class VectorIndex:
    """The vectors of one model. Safe for several threads and processes that read and write at once."""

    def __init__(self, folder: Path, dimensions: int) -> None:
        self.folder = folder
        self.record = np.dtype([("digest", f"V{DIGEST_BYTES}"), ("scale", "<f4"), ("vector", "i1", (dimensions,))])
        self._lock = threading.Lock()
        self._vectors = _Vectors(folder / "vectors", self.record)
        self._documents = _Documents(folder / "listed")
        self._digests: Digests | None = None
        self._view: View | None = None

    # --- reading ---

    def missing(self) -> list[str]:
        """The keys of the documents that still lack a vector."""
        view = self.view()
        entries = list(view.entries.values())
        known = view.digests.rows([digest for entry in entries for digest in entry.digests]) >= 0
        ends = np.cumsum([len(entry.digests) for entry in entries])
        return [
            entry.key
            for entry, end in zip(entries, ends, strict=True)
            if not known[end - len(entry.digests) : end].all()
        ]

    def lacking(self, digests: Iterable[bytes]) -> set[bytes]:
        """Those of the texts that have no vector yet."""
        wanted = list(dict.fromkeys(digests))
        return {digest for digest, row in zip(wanted, self._found(wanted)[1], strict=True) if row < 0}

    def kept(self, digests: Sequence[bytes]) -> "NDArray[np.int8] | None":
        """The vectors of these texts, a row for each, in no unit; None when one of them is not kept.

        Looks at no document: for who only passes vectors on.
        """
        records, rows = self._found(digests)
        return records["vector"][rows] if (rows >= 0).all() else None

    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self.folder.glob("*") if file.is_file())

    def view(self) -> "View":
        """All vectors and documents as the files have them now; two looks at the files when nothing changed."""
        with self._lock:
            if self._vectors.refresh() or self._digests is None:
                self._view, self._digests = None, Digests(self._vectors.records)
            if self._documents.refresh() or self._view is None:
                self._view = View(self._vectors.records, self._digests, dict(self._documents.entries))
            return self._view

    def _found(self, digests: Sequence[bytes]) -> tuple[NDArray[Any], NDArray[np.intp]]:
        """The table of vectors and where in it those of these texts are; -1 for what is not kept."""
        with self._lock:
            if self._vectors.refresh() or self._digests is None:
                self._view, self._digests = None, Digests(self._vectors.records)
            records, known = self._vectors.records, self._digests
        return records, known.rows(digests)

    # --- writing ---

    def note(self, entries: Iterable[Entry] = (), gone: Iterable[str] = ()) -> None:
        """These documents are as told now, and these are gone."""
        lines = [entry.line() for entry in entries] + [json.dumps([key]) for key in gone]
        if lines:
            with self._writing():
                self._documents.append(lines)

    def replace_documents(self, entries: Iterable[Entry]) -> None:
        """These are all documents there are."""
        with self._writing():
            self._documents.rewrite(entry.line() for entry in entries)

    def add(self, vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
        """Keep these vectors of unit length, by the digests of their texts."""
        if not vectors:
            return
        rows = np.stack(list(vectors.values()))
        scales = np.maximum(np.abs(rows).max(axis=1), 1e-12) / 127
        records = np.empty(len(rows), self.record)
        records["digest"] = [np.void(digest) for digest in vectors]
        records["scale"] = scales
        records["vector"] = np.rint(rows / scales[:, None])
        with self._writing():
            self._vectors.append(records.tobytes())

    def prune(self) -> int:
        """Drop the vectors that no document uses; how many. For after a rebuild: texts that were edited away."""
        with self._writing():
            view = self.view()
            used = list({digest for entry in view.entries.values() for digest in entry.digests})
            rows = view.digests.rows(used)
            keep = np.sort(rows[rows >= 0])
            dropped = len(view.records) - len(keep)
            if dropped:
                self._vectors.rewrite(view.records[keep].tobytes())
            return dropped

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One writer at a time, over all processes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class Digests:
    """Finds the rows of digests in a table: twelve bytes a row, where a dictionary takes two hundred."""

    def __init__(self, records: NDArray[Any]) -> None:
        # A digest is as good as random: its first half alone puts all of them in order.
        halves = _halves(np.ascontiguousarray(records["digest"]).tobytes())
        self._order = np.argsort(halves[:, 0], kind="stable").astype(np.uint32)
        self._sorted = halves[self._order, 0]
        self._records = records

    def rows(self, digests: Sequence[bytes]) -> NDArray[np.intp]:
        """The row of each digest, -1 for one that the table does not have."""
        if not len(self._order) or not len(digests):
            return np.full(len(digests), -1, np.intp)
        wanted = _halves(b"".join(digests))
        places = np.minimum(np.searchsorted(self._sorted, wanted[:, 0]), len(self._sorted) - 1)
        rows = self._order[places].astype(np.intp)
        found = _halves(np.ascontiguousarray(self._records["digest"][rows]).tobytes())
        return np.where((found == wanted).all(axis=1), rows, -1)


def _halves(digests: bytes) -> NDArray[np.uint64]:
    return np.frombuffer(digests, "<u8").reshape(-1, 2)


class View:
    """What one moment's files hold, arranged for search. Never changed after it was made."""

    def __init__(self, records: NDArray[Any], digests: "Digests", entries: dict[str, Entry]) -> None:
        self.records, self.digests = records, digests
        self.entries = entries

    @cached_property
    def _placed(self) -> tuple[list[str], NDArray[np.intp], NDArray[np.intp]]:
        """The documents that have vectors, their rows one after the other, and where each document's rows begin."""
        keys: list[str] = []
        rows: list[int] = []
        starts: list[int] = []
        digests = [digest for entry in self.entries.values() for digest in entry.digests]
        known = iter(self.digests.rows(digests).tolist())
        for entry in self.entries.values():
            found = list(islice(known, len(entry.digests)))
            if found and min(found) >= 0:
                keys.append(entry.key)
                starts.append(len(rows))
                rows += found
        return keys, np.array(rows, np.intp), np.array(starts, np.intp)

    @cached_property
    def _leaning(self) -> Leaning:
        keys, rows, starts = self._placed
        return Leaning(self.records, rows, starts, np.array([self.entries[key].heads for key in keys], np.intp))

    @property
    def keys(self) -> list[str]:
        """The documents that have vectors of all their texts."""
        return self._placed[0]

    @property
    def coverage(self) -> float:
        """Which part of the documents has vectors."""
        return len(self.keys) / len(self.entries) if self.entries else 0.0

    @cached_property
    def _places(self) -> dict[str, NDArray[np.intp]]:
        """By kind, where its documents stand in `keys`."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for place, key in enumerate(self.keys):
            places[self.entries[key].kind].append(place)
        return {kind: np.array(found, np.intp) for kind, found in places.items()}

    def cosines(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The cosine of each document's nearest text with a vector of unit length, in the order of `keys`."""
        keys, rows, starts = self._placed
        if not keys:
            return np.empty(0, np.float32)
        cosines = _cosines(self.records, vector)[rows]
        self._leaning.lean(cosines)
        return np.maximum.reduceat(cosines, starts)

    def nearest(self, cosines: NDArray[np.float32], k: int, kinds: Collection[str] = ()) -> list[tuple[Entry, float]]:
        """The `k` documents of the highest cosine, of these kinds if any are named; the nearest first."""
        places = np.arange(len(cosines))
        if kinds:
            places = np.concatenate([places[:0], *(self._places[kind] for kind in kinds if kind in self._places)])
        if len(places) > k:
            places = places[np.argpartition(cosines[places], len(places) - k)[len(places) - k :]]
        places = places[np.argsort(-cosines[places], kind="stable")]
        return [(self.entries[self.keys[place]], float(cosines[place])) for place in places]


def _cosines(records: NDArray[Any], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """The dot product of each record with a vector. Block by block: 8-bit rows have no fast product of their own."""
    vectors, scales = records["vector"], records["scale"]
    block = np.empty((BLOCK, vectors.shape[1]), np.float32)
    products = np.empty(len(records), np.float32)
    for start in range(0, len(records), BLOCK):
        part = vectors[start : start + BLOCK]
        floats = block[: len(part)]
        np.copyto(floats, part)
        np.dot(floats, vector, out=products[start : start + len(part)])
    return products * scales


class _File:
    """A file that grows at its end, or is replaced as a whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.inode = 0
        self.size = 0

    def look(self) -> tuple[int, int]:
        """Inode and size; zeros when there is no file."""
        try:
            state = self.path.stat()
        except FileNotFoundError:
            return 0, 0
        return state.st_ino, state.st_size

    def append_bytes(self, data: bytes, whole: int) -> None:
        """Write at the end, behind the first `whole` bytes: what a crash left beyond them is cut off."""
        with self.path.open("ab") as file:
            file.truncate(whole)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def rewrite_bytes(self, chunks: Iterable[bytes]) -> None:
        """Put a new file in the place of the old, in one step."""
        fresh = self.path.with_name(f"{self.path.name}.new")
        with fresh.open("wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)


class _Vectors(_File):
    """The table of vectors."""

    def __init__(self, path: Path, record: np.dtype[Any]) -> None:
        super().__init__(path)
        self.record = record
        self.records: NDArray[Any] = np.empty(0, record)

    def refresh(self) -> bool:
        """Map what is new; whether anything is."""
        if self.look() == (self.inode, self.size):
            return False
        self.inode, self.size, self.records = 0, 0, np.empty(0, self.record)
        with suppress(FileNotFoundError), self.path.open("rb") as file:
            state = os.fstat(file.fileno())
            self.inode, self.size = state.st_ino, state.st_size
            if count := self.size // self.record.itemsize:
                self.records = np.memmap(file, self.record, mode="r", shape=(count,))
        return True

    def append(self, data: bytes) -> None:
        _, size = self.look()
        self.append_bytes(data, size - size % self.record.itemsize)

    def rewrite(self, data: bytes) -> None:
        self.rewrite_bytes([data])


class _Documents(_File):
    """The log of documents."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.entries: dict[str, Entry] = {}

    def refresh(self) -> bool:
        """Read what is new; whether anything is. A line without an end is not read: it is being written."""
        if self.look() == (self.inode, self.size):
            return False
        data = b""
        with suppress(FileNotFoundError), self.path.open("rb") as file:
            state = os.fstat(file.fileno())
            if state.st_ino != self.inode or state.st_size < self.size:
                self.entries, self.inode, self.size = {}, state.st_ino, 0
            file.seek(self.size)
            data = file.read()
        whole = data.rfind(b"\n") + 1
        for line in data[:whole].splitlines():
            self._apply(line)
        self.size += whole
        return True

    def _apply(self, line: bytes) -> None:
        key, *rest = json.loads(line)
        if rest:
            self.entries[key] = read_entry([key, *rest])
        else:
            self.entries.pop(key, None)

    def append(self, lines: Sequence[str]) -> None:
        self.append_bytes("".join(f"{line}\n" for line in lines).encode(), self._whole())

    def rewrite(self, lines: Iterable[str]) -> None:
        self.rewrite_bytes(f"{line}\n".encode() for line in lines)

    def _whole(self) -> int:
        """How many bytes are whole lines."""
        _, size = self.look()
        if not size:
            return 0
        with self.path.open("rb") as file:
            back = 1
            while back <= size:
                file.seek(size - back)
                if file.read(1) == b"\n":
                    return size - back + 1
                back += 1
        return 0
