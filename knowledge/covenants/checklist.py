"""The reviewer's check list: clauses whose words may fine, take away rights, or let points pay for a fine."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .models.clauses import Chapter, Clause
from .models.patterns import WordPattern

_PHRASES = re.compile(r"[^，、；。：！？\s]+")
_SENTENCES = re.compile(r"[^；。！？\n]+")
_DENIED = re.compile(r"^(?:也|都|绝|一律|坚决)?(?:不|禁止|严禁|杜绝|反对)")
"""A phrase that begins so forbids what it names."""


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
    affirmed = [
        [phrase for phrase in _PHRASES.findall(sentence) if not _DENIED.match(phrase)]
        for sentence in _SENTENCES.findall(clause.text)
    ]
    for pattern in patterns:
        found = next(filter(None, (_together(words, phrases) for phrases in affirmed for words in pattern.groups)), "")
        if found:
            yield Flag(clause, found, pattern)


def _together(words: list[str], phrases: list[str]) -> str:
    """The phrase with the first of the words, where one sentence has all of them."""
    if not all(any(word in phrase for phrase in phrases) for word in words):
        return ""
    return next(phrase for phrase in phrases if words[0] in phrase)
