"""The passage of a text that answers a query best, and what to mark in it.

The terms of a query are folded; the text that is shown is not. Matches are found in the folded text and taken back to
the places that they came from.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .analysis import HAN, fold_with_offsets
from .results import Segment

LENGTH = 120
"""Characters of a passage; three lines on a phone."""
MAX_TEXT = 20_000
"""Characters of a text that are looked at."""
TELLING = 0.6
"""A single character is marked only if it tells so much beside the most telling one: 狗 is, 被 is not."""
ELLIPSIS = "…"

_WORD = re.compile(rf"[^\W_{HAN}]+")
_SENTENCE_END = re.compile(r"[。！？；!?;\n]+[”’」』）]*\s*")
_CLAUSE_END = re.compile(r"[，、：,:]\s*")


@dataclass(frozen=True, slots=True)
class Match:
    """A term of the query at a place of the original text."""

    start: int
    end: int
    term: str
    weight: float


def highlighted(text: str, weights: Mapping[str, float]) -> tuple[Segment, ...]:
    """The whole text, with what the query matched; `weights` are the query's terms and how much each tells."""
    return _segments(text, _stretches(_matches(text, weights)))


def best_passage(texts: Iterable[str], weights: Mapping[str, float], length: int = LENGTH) -> tuple[Segment, ...]:
    """The stretch of one of the texts that holds the most telling terms, cut at sentences; of equals the first.

    Nothing where no text holds any of the terms.
    """
    best: tuple[float, str, list[Match]] = (0.0, "", [])
    for whole in texts:
        text = whole[:MAX_TEXT]
        matches = _matches(text, weights)
        if matches and (score := _worth(matches)) > best[0]:
            best = (score, text, matches)
    _, text, matches = best
    if not matches:
        return ()
    start, end = _window(text, matches, length)
    inside = [
        (max(first, start) - start, min(last, end) - start)
        for first, last in _stretches(matches)
        if first < end and last > start
    ]
    # A passage is one line of text: paragraphs are joined.
    segments = _segments(text[start:end].rstrip().replace("\n", " "), inside)
    before = (Segment(ELLIPSIS),) if text[:start].strip() else ()
    after = (Segment(ELLIPSIS),) if text[end:].strip() else ()
    return before + segments + after


def opening(text: str, length: int = LENGTH) -> tuple[Segment, ...]:
    """The beginning of a text, for what answers without sharing a word with the query."""
    start = text.strip()
    if len(start) <= length:
        return (Segment(start.replace("\n", " ")),) if start else ()
    return (Segment(start[:length].rstrip().replace("\n", " ")), Segment(ELLIPSIS))


def _matches(text: str, weights: Mapping[str, float]) -> list[Match]:
    """Where the terms stand. Single characters only where nothing longer matches, and only the more telling ones."""
    folded, offsets = fold_with_offsets(text)
    found: list[Match] = []
    for place in range(len(folded) - 1):
        pair = folded[place : place + 2]
        if pair in weights:
            found.append(Match(offsets[place], offsets[place + 2], pair, weights[pair]))
    found += [
        Match(offsets[word.start()], offsets[word.end()], word[0], weights[word[0]])
        for word in _WORD.finditer(folded)
        if word[0] in weights
    ]
    if not found:
        single = {term: weight for term, weight in weights.items() if len(term) == 1}
        bar = max(single.values(), default=0.0) * TELLING
        found = [
            Match(offsets[place], offsets[place + 1], character, single[character])
            for place, character in enumerate(folded)
            if single.get(character, -1.0) >= bar
        ]
    return sorted(found, key=lambda match: match.start)


def _worth(matches: Iterable[Match]) -> float:
    """The weight of the distinct terms."""
    return sum({match.term: match.weight for match in matches}.values())


def _window(text: str, matches: list[Match], length: int) -> tuple[int, int]:
    """The stretch of at most so many characters with the most telling terms; it begins where a sentence does.

    A sentence that is too long is entered at a comma, or a little before its first match.
    """
    if len(text) <= length:
        return 0, len(text)
    sentences = [0, *(end.end() for end in _SENTENCE_END.finditer(text))]
    clauses = sorted({*sentences, *(end.end() for end in _CLAUSE_END.finditer(text))})
    best, window = -1.0, (0, length)
    starts = [match.start for match in matches]
    windows = dict.fromkeys(_around(text, match, sentences, clauses, length) for match in matches)
    for start, end in windows:
        inside = matches[bisect_left(starts, start) : bisect_right(starts, end)]
        worth = _worth(each for each in inside if each.end <= end)
        # A later beginning has to be worth more; a whole sentence is worth a little more than a part of one.
        if (worth := worth + (0.01 if start in sentences else 0)) > best + 1e-9:
            best, window = worth, (start, end)
    return window


def _around(text: str, match: Match, sentences: list[int], clauses: list[int], length: int) -> tuple[int, int]:
    """The stretch that a passage with this match would be."""
    start = _beginning(match, sentences, clauses, length)
    return start, _ending(text, start, length, at_least=match.end)


def _beginning(match: Match, sentences: list[int], clauses: list[int], length: int) -> int:
    """Where a passage with this match may begin."""
    for places in (sentences, clauses):
        start = places[bisect_right(places, match.start) - 1]
        if match.end - start <= length:
            return start
    return max(0, match.start - length // 4)


def _ending(text: str, start: int, length: int, at_least: int) -> int:
    """The end of the last sentence that fits, of the last clause, or of the last character; not before `at_least`."""
    latest = start + length
    if latest >= len(text):
        return len(text)
    for pattern in (_SENTENCE_END, _CLAUSE_END):
        ends = [end.end() for end in pattern.finditer(text, start, latest)]
        if ends and ends[-1] >= max(start + length * 0.6, at_least):
            return ends[-1]
    return latest


def _stretches(matches: Iterable[Match]) -> list[tuple[int, int]]:
    """Matches that touch or overlap, joined."""
    joined: list[tuple[int, int]] = []
    for match in matches:
        if joined and match.start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], match.end))
        else:
            joined.append((match.start, match.end))
    return joined


def _segments(text: str, stretches: Iterable[tuple[int, int]]) -> tuple[Segment, ...]:
    found: list[Segment] = []
    place = 0
    for start, end in stretches:
        if start > place:
            found.append(Segment(text[place:start]))
        if text[start:end]:
            found.append(Segment(text[start:end], matched=True))
        place = max(place, end)
    if place < len(text):
        found.append(Segment(text[place:]))
    return tuple(found)
