"""The reviewer's check list: clauses whose words may fine, take away rights, or let points pay for a fine."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .models.clauses import Chapter, Clause
from .models.patterns import WordPattern

_PHRASES = re.compile(r"[^，、；。：！？\s]+")
_SENTENCES = re.compile(r"[^；。！？\n]+")
_CONDITION = "的者就则便"
"""A character that ends a condition: what is forbidden before it is what the words after it follow from."""
_DENIED = re.compile(
    rf"(?:(?:不得|不准|不许|不能|不可|不应|不再|不予|禁止|严禁|杜绝|反对|防止)[^{_CONDITION}]*|不[^{_CONDITION}]{{0,2}})$"
)
"""What stands before a word that it forbids: 不得以任何理由, 不 (不罚款), 不停水 (不停水断电)."""
_AMOUNT = re.compile(r"[\d一二两三四五六七八九十百千万]")
"""What stands after a fine that is meant: 不打扫罚款二十元."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A clause that a reviewer should look at, and why."""

    clause: Clause
    phrase: str
    pattern: WordPattern


def flags(chapters: Iterable[Chapter], patterns: Iterable[WordPattern]) -> list[Flag]:
    """All flags of a text, clause by clause, one for each pattern that fits."""
    known = [pattern for pattern in patterns if pattern.is_active]
    clauses = (clause for chapter in chapters for clause in chapter.clauses)
    return [flag for clause in clauses for flag in _of_clause(clause, known)]


def _of_clause(clause: Clause, patterns: Iterable[WordPattern]) -> Iterator[Flag]:
    sentences = [_PHRASES.findall(sentence) for sentence in _SENTENCES.findall(clause.text)]
    for pattern in patterns:
        found = next(filter(None, (_together(words, phrases) for phrases in sentences for words in pattern.groups)), "")
        if found:
            yield Flag(clause, found, pattern)


def _together(words: list[str], phrases: list[str]) -> str:
    """The phrase with the first of the words, where one sentence has all of them and forbids none."""
    if not all(any(_affirmed(word, phrase) for phrase in phrases) for word in words):
        return ""
    return next(phrase for phrase in phrases if _affirmed(words[0], phrase))


def _affirmed(word: str, phrase: str) -> bool:
    """Whether a phrase has the word and does not forbid it."""
    return any(_is_meant(phrase[: at.start()], phrase[at.end() :]) for at in re.finditer(re.escape(word), phrase))


def _is_meant(before: str, after: str) -> bool:
    denied = _DENIED.search(before)
    return denied is None or (not before.endswith("不") and _AMOUNT.match(after) is not None)
