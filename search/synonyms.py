"""Synonyms from the words of daily life to the words of the law: kept by editors, used when a query is run."""

import re
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from search.analysis import clean, fold
from search.engines import get_engine
from search.engines.base import SearchUnavailable
from search.models import SynonymGroup

MAX_WORD = 20
"""Characters of one word; longer ones are sentences, which no query repeats literally."""
MAX_WORDS = 20
"""Words on one side of a group."""
GENERAL = 0.1
"""A word is too general that stands in more than this part of all documents."""
RELOAD_SECONDS = 60.0
"""The table is read anew after this time even when nothing seems changed: clocks of two servers may differ."""

_SEPARATORS = re.compile(r"[、，,；;\r\n\t]+")


@dataclass(frozen=True, slots=True)
class Expansion:
    """A lay word found in a query, and the legal words that it stands for."""

    lay: str
    """The lay word, folded: `folded[start:end]` of the query."""
    start: int
    end: int
    words: tuple[str, ...]
    """The legal words, folded, in the order that the editor gave."""


def split(text: str) -> tuple[str, ...]:
    """The words of one side of a group as its editor wrote them: separated by 、 or a comma, each once."""
    words = (" ".join(word.split()) for word in _SEPARATORS.split(clean(text)))
    return tuple({fold(word): word for word in words if word}.values())


def join(words: Iterable[str]) -> str:
    """One side of a group as it is stored."""
    return "、".join(words)


def folded(text: str) -> tuple[str, ...]:
    """The words of one side of a group as queries are compared with them."""
    return tuple(fold(word) for word in split(text))


def checked(text: str) -> tuple[str, ...]:
    """The words of one side of a group. Raises ValidationError when there are none, too many or too long ones."""
    words = split(text)
    if not any(re.search(r"\w", word) for word in words):
        raise ValidationError(_("至少写一个词。"))
    if len(words) > MAX_WORDS:
        raise ValidationError(_("一组最多 %(most)s 个词，请分成几组。"), params={"most": MAX_WORDS})
    for word in words:
        if len(word) > MAX_WORD:
            raise ValidationError(
                _("“%(word)s…”太长：一个词最多 %(most)s 个字。"), params={"word": word[:8], "most": MAX_WORD}
            )
        if not re.search(r"\w", word):
            raise ValidationError(_("“%(word)s”不是词。"), params={"word": word})
    return words


def owners(words: Iterable[str], *, besides: int | None = None) -> dict[str, SynonymGroup]:
    """Which of these lay words stand in another active group already, and in which.

    `besides` is the primary key of the group that is being edited.
    """
    wanted = {fold(word): word for word in words}
    return {
        wanted[word]: group
        for group in SynonymGroup.objects.active()
        if group.pk != besides
        for word in folded(group.words)
        if word in wanted
    }


def containing(groups: Iterable[SynonymGroup], text: str) -> list[int]:
    """The primary keys of those of these groups that hold this text on either side, in either script."""
    wanted = fold(clean(text)).strip()
    return [group.pk for group in groups if wanted in fold(f"{group.words}、{group.expansions}")]


def general_words(group: SynonymGroup) -> list[str]:
    """Which words of a group stand in so many documents that searching for them finds nearly everything.

    Nothing while the index is away.
    """
    words = split(f"{group.words}、{group.expansions}")
    parts = [[fold(word)] if len(word) < 2 else [a + b for a, b in pairwise(fold(word))] for word in words]
    try:
        counts, documents = get_engine().frequencies([part for each in parts for part in each])
    except SearchUnavailable:
        return []
    found = iter(counts)
    rarest = [min(next(found) for _ in each) for each in parts]
    return [word for word, count in zip(words, rarest, strict=True) if count > GENERAL * documents]


class _Table:
    """All active groups, by the first character of their lay words."""

    def __init__(self, version: tuple[Any, ...]) -> None:
        self.version = version
        self.read_at = time.monotonic()
        expansions: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for words, legal in SynonymGroup.objects.active().order_by("pk").values_list("words", "expansions"):
            for word in folded(words):
                expansions[word] |= dict.fromkeys(folded(legal))
        self.by_first: defaultdict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
        for word, meant in expansions.items():
            self.by_first[word[0]].append((word, tuple(meant)))
        both_sides = {*expansions, *(word for legal_words in expansions.values() for word in legal_words)}
        self.pairs = frozenset(a + b for word in both_sides for a, b in pairwise(word))

    def matches(self, text: str) -> Iterable[Expansion]:
        """Every lay word at every place of a folded text, overlapping ones included."""
        for start, character in enumerate(text):
            for word, legal in self.by_first.get(character, ()):
                end = start + len(word)
                if text.startswith(word, start) and _whole(text, start, end):
                    yield Expansion(word, start, end, legal)


_table: _Table | None = None


def _current() -> _Table:
    """The table as the database has it now. One small query; all groups are read only after a change."""
    global _table
    version = SynonymGroup.objects.version()
    table = _table
    if table is None or table.version != version or time.monotonic() - table.read_at > RELOAD_SECONDS:
        table = _table = _Table(version)
    return table


def _whole(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` does not cut a Latin word or a number in two. Han has no such edges."""
    return not (_inside(text, start) or _inside(text, end))


def _inside(text: str, place: int) -> bool:
    """Whether a Latin word or a number goes on across this place."""
    around = text[place - 1 : place + 1] if place else ""
    return len(around) == 2 and around.isascii() and around.isalnum()


def expansions(text: str) -> list[Expansion]:
    """The lay words in a folded query and what they stand for, in the order of the query.

    Where lay words overlap, the longest counts alone: 公司不签合同 is not 不签 as well.
    """
    chosen: list[Expansion] = []
    for match in sorted(_current().matches(text), key=lambda match: (match.start - match.end, match.start)):
        if all(match.end <= other.start or other.end <= match.start for other in chosen):
            chosen.append(match)
    return sorted(chosen, key=lambda match: match.start)


def pairs() -> frozenset[str]:
    """All pairs of characters that stand side by side in a word of the active groups, folded."""
    return _current().pairs
