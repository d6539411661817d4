"""File names in Chinese that every system can store."""

import re
from pathlib import PurePath

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_MAX_BYTES = 180
"""Below the 255 bytes of Linux file systems, with room for what a browser or an archive adds."""


def safe(name: str) -> str:
    """The name with nothing in it that Windows or Linux refuse, its extension kept, not too long."""
    path = PurePath(_FORBIDDEN.sub("_", name).strip(" ._"))
    suffix = path.suffix if len(path.suffix) <= 6 else ""
    stem = (path.name.removesuffix(suffix)).strip() or "文件"
    while len(stem.encode("utf-8", "replace")) > _MAX_BYTES:
        stem = stem[:-1]
    return stem.rstrip(" .") + suffix


def unique(name: str, taken: set[str]) -> str:
    """The name, or the name with a number when it is taken (letter case aside); noted as taken."""
    path = PurePath(safe(name))
    candidate, number = path.name, 1
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{path.stem}（{number}）{path.suffix}"
    taken.add(candidate.casefold())
    return candidate
