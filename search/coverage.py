"""How much of a question a result holds: what tells an answer from a match of a word here and there."""

from collections.abc import Iterable
from dataclasses import dataclass

from . import synonyms
from .analysis import fold, whole_terms, without_question_words
from .results import Hit, Results, Segment

ANSWER, ENOUGH = 0.4, 5
"""A result may answer that holds this part of what was asked, or so many words of a long question."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many words were asked for, and how many of them each hit of the page holds."""

    asked: int
    held: tuple[int, ...]

    @property
    def answers(self) -> int:
        """How many hits of the page may answer the question."""
        enough = min(ENOUGH, self.asked * ANSWER)
        return sum(count >= enough for count in self.held) if self.asked else 0

    @property
    def complete(self) -> bool:
        """Whether a hit holds all that was asked for."""
        return bool(self.asked) and self.asked in self.held


def coverage(results: Results) -> Coverage:
    """How much of the question the titles and passages of the page hold.

    Counted in pairs of characters and whole other words; a lay word is held where one of its legal words is.
    """
    folded = fold(results.text)
    asked = whole_terms(without_question_words(folded)) or whole_terms(folded)
    meant = {part: expansion.words for expansion in synonyms.expansions(folded) for part in whole_terms(expansion.lay)}
    return Coverage(len(asked), tuple(_held(_text(hit), asked, meant) for hit in results.hits))


def _held(text: str, asked: list[str], meant: dict[str, tuple[str, ...]]) -> int:
    return sum(part in text or any(word in text for word in meant.get(part, ())) for part in asked)


def _text(hit: Hit) -> str:
    return fold("\n".join([_plain(hit.title), _plain(hit.passage), hit.summary, hit.heading, *hit.topics]))


def _plain(segments: Iterable[Segment]) -> str:
    return "".join(segment.text for segment in segments)
