"""What laws, divisions and articles are called in addresses: ASCII, readable, stable."""

import re
from collections.abc import Iterable

from pypinyin import lazy_pinyin

from .names import usual_name, without_issuer, without_trial
from .numerals import parse_number

MAX_SLUG = 60
"""Slugs are cut here, between syllables: long enough to tell laws apart, short enough for an address bar."""
MAX_DIVISION_KEY = 24

_NOT_WORD = re.compile(r"[\W_]+")
_NUMBERED = re.compile(r"第(.+?)(分编|编|章|节|部分)(?:之(.+))?$")


def format_key(number: int, sub: int = 0) -> str:
    """The number of an article as it stands in an address: 1079, 133-1."""
    return f"{number}-{sub}" if sub else str(number)


def parse_key(key: str) -> tuple[int, int] | None:
    """Number and sub-number of an address 1079 or 133-1; None when it is not one of a numbered article."""
    match = re.fullmatch(r"0*([1-9]\d{0,3})(?:-0*(\d{1,2}))?", key)
    return (int(match[1]), int(match[2] or 0)) if match else None


def slug_of(title: str, names: Iterable[str] = ()) -> str:
    """The slug of a law: the pinyin of its usual name, or of the shortest name of an interpretation."""
    usual = without_trial(usual_name(title))
    base = usual
    if without_issuer(usual) != usual:
        base = min((name for name in names if len(name) >= 4), key=len, default=without_issuer(usual))
    return _pinyin(base, MAX_SLUG) or "law"


def division_key(label: str, title: str) -> str:
    """A heading in an address: zhang4 for 第四章, fuze for 附则."""
    match = _NUMBERED.match(label)
    if match and (number := parse_number(match[1])):
        sub = f"_{parse_number(match[3])}" if match[3] else ""
        return f"{_pinyin(match[2], MAX_DIVISION_KEY)}{number}{sub}"
    if number := parse_number(label.strip("（）()、 ")):
        return str(number)
    return _pinyin(label + title, MAX_DIVISION_KEY) or "bufen"


def free_key(key: str, taken: set[str]) -> str:
    """The key, or the first of key-2, key-3 … that is not taken; takes it."""
    free, count = key, 1
    while free in taken:
        count += 1
        free = f"{key}-{count}"
    taken.add(free)
    return free


def _pinyin(text: str, limit: int) -> str:
    joined = ""
    # What is not Chinese comes through as it is; of that, only what an address takes.
    for syllable in filter(str.isascii, lazy_pinyin(_NOT_WORD.sub("", text))):
        if len(joined) + len(syllable) > limit:
            break
        joined += syllable.lower()
    return joined
