"""Pinyin, loaded when it is first needed: the dictionary of readings takes half a second and tens of megabytes."""

import os
from functools import cache
from types import ModuleType

from .analysis import fold, runs


@cache
def _pypinyin() -> ModuleType:
    # Its tables are only read here; copying them first takes as long as loading them.
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    import pypinyin

    return pypinyin


def syllables(text: str) -> list[str]:
    """The pinyin of a text without tones, ü as v: 离婚证 → li, hun, zheng. A Latin word is one syllable."""
    lazy_pinyin = _pypinyin().lazy_pinyin
    return [syllable for run in runs(fold(text)) for syllable in lazy_pinyin(run)]


@cache
def readings(character: str) -> tuple[str, ...]:
    """All readings of a character in pinyin without tones, ü as v, the usual one first."""
    module = _pypinyin()
    found = module.pinyin(character, style=module.Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(found[0])) if found else ()
