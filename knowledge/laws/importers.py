"""A folder of statutes in Markdown into drafts of laws. Reads files, writes nothing."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import markdown
from .collation import LawDraft, SourceText, collate, differences

MAX_FILE_BYTES = 8 * 1024 * 1024
"""The longest statute has half a megabyte."""
NAVIGATION_FILES = {"_index.md"}

Progress = Callable[[Iterable[Any], str], Iterable[Any]]
"""Wraps the items of a long step, with the name of the step: shows how far it is."""


def no_progress(items: Iterable[Any], label: str) -> Iterable[Any]:
    """Show nothing."""
    return items


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """Something in a file that was not read, or not by the rules; `line` is 0 for the file as a whole."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


@dataclass(slots=True)
class Folder:
    """What a folder holds."""

    laws: list[LawDraft]
    files: int
    """How many statute files there are: read or refused, without navigation files."""
    navigation_files: int
    remarks: list[Remark] = field(default_factory=list)


class NotALawFolderError(Exception):
    """The folder is not there or holds no statutes."""


def read_folder(path: Path, progress: Progress = no_progress) -> Folder:
    """Read all statutes below a folder.

    Raises NotALawFolderError when there is no such folder, or nothing in it that reads like a statute.
    """
    if not path.is_dir():
        raise NotALawFolderError(f"没有这个文件夹：{path}")
    found = sorted(file for file in path.rglob("*.md") if not any(part.startswith(".") for part in file.parts[1:]))
    wanted = [file for file in found if file.name not in NAVIGATION_FILES]
    folder = Folder([], len(wanted), len(found) - len(wanted))
    texts = [text for file in progress(wanted, "读取") if (text := _read(file, path, folder.remarks))]
    if not texts:
        raise NotALawFolderError(f"文件夹里没有法律文本：{path}")
    folder.laws = collate(texts)
    folder.remarks += _remarks_on_copies(folder.laws)
    folder.remarks.sort()
    return folder


def _read(file: Path, root: Path, remarks: list[Remark]) -> SourceText | None:
    name = file.relative_to(root).as_posix()
    content = file.read_bytes()
    if len(content) > MAX_FILE_BYTES:
        remarks.append(Remark(name, 0, "文件过大，没有导入"))
        return None
    text = markdown.parse(_decode(content, name, remarks))
    if not text.title or not text.pieces:
        remarks.append(Remark(name, 0, "不是法律文本（没有标题或没有正文），没有导入"))
        return None
    remarks += [Remark(name, problem.line, problem.message) for problem in text.problems]
    return SourceText(name, hashlib.sha256(content).hexdigest(), text)


def _decode(content: bytes, name: str, remarks: list[Remark]) -> str:
    try:
        return content.decode("utf-8-sig").replace("\x00", "")
    except UnicodeDecodeError:
        remarks.append(Remark(name, 0, "不是 UTF-8 编码，已按 GB 18030 读，读不出的字已替换"))
        return content.decode("gb18030", errors="replace").replace("\x00", "")


def _remarks_on_copies(laws: list[LawDraft]) -> list[Remark]:
    remarks = []
    for law in laws:
        for edition in law.editions:
            for copy in edition.copies:
                remarks.append(Remark(copy.path, 0, f"与 {edition.newest.path} 是同一文本，采用后者"))
                remarks += [Remark(copy.path, p.line, p.message) for p in differences(edition, copy)]
    return remarks
