"""Did you mean: the same query with the one or two characters put right that were mistyped.

What is typed by sound goes wrong by sound (抚养废), what is copied by eye or drawn by finger goes wrong by look
(劳动仲栽). Such a mistake shows in the index: the pairs of characters round it stand in no document or next to none.
The character that was meant is one that is confused with it and makes pairs, and stretches of three, that documents
have. There is no dictionary: what the index holds, and the words of the synonyms, are the words that there are.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import log

from . import synonyms
from .analysis import fold_with_offsets, folded_terms, is_han, runs, without_question_words
from .confusions import SAME_SOUND, confusions
from .coverage import Coverage, coverage
from .engines import get_engine
from .engines.base import Engine, Request
from .results import Results

MAX_CHARS = 20
"""Longer queries are whole sentences: one strange pair in them is no reason to doubt their writer."""
MAX_PLACES = 6
"""With more doubtful characters than this it is not a slip, but words that no document has."""
MAX_CONFIRMED = 8
"""Candidates whose context is looked up, the likeliest first."""
SOUNDS_TRIED = 25
"""Characters of the same sound that are tried where two neighbours are wrong, the most frequent first."""

RARE = 2
"""A pair in no more documents than this may be a mistake."""
WEAK = 0.03
"""So may a pair that stands in so small a part of the documents that chance would give it: a seam, not a word."""
CERTAIN = 25
"""Documents that a pair must be in to be taken for a word with nothing else to confirm it."""
TIED, LOOSELY_TIED = 1.0, 0.3
"""How many times oftener than by chance the characters of a word stand together, at least: where there are only two,
and where others confirm them."""
GAIN = 2.0
"""The logarithm of how many times better known all new pairs are together than the old ones, at least."""
FOUND = 3
"""Documents that hold the corrected stretch, at least."""
TIMES, TIMES_WRITTEN = 20, 100
"""What is meant is found at least so many times as often as what was typed, and as what was typed and is found too."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A run of Han with other characters at some places, and how likely it is."""

    text: str
    places: tuple[int, ...]
    score: float
    cost: float


class Counts:
    """In how many documents characters and pairs of them stand. Each is asked for once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._words = synonyms.pairs()
        self._known: dict[str, int] = {}
        self.documents = 1

    def learn(self, terms: Iterable[str]) -> None:
        """Look up these pairs and their characters, all in one call."""
        wanted = dict.fromkeys(part for term in terms for part in (term, *term))
        if new := [term for term in wanted if term not in self._known]:
            found, self.documents = self.engine.frequencies(new)
            self._known |= dict(zip(new, found, strict=True))

    def __getitem__(self, term: str) -> int:
        """Documents with this term; a pair of a word of the synonyms is known without any."""
        if term not in self._known:
            self.learn([term])
        return max(self._known[term], CERTAIN if term in self._words else 0)

    def tie(self, pair: str) -> float:
        """How many times oftener than by chance the two characters stand side by side."""
        by_chance = self[pair[0]] * self[pair[1]] / max(self.documents, 1)
        return max(self[pair] / max(by_chance, 1.0), TIED if pair in self._words else 0.0)

    def phrase(self, text: str) -> int:
        """In how many documents this stretch stands as it is."""
        return self.engine.search(Request(phrases=(tuple(folded_terms(text)),), limit=1)).total


def correction(results: Results, *, covered: Coverage | None = None) -> str:
    """The query as it was probably meant, or nothing. Raises SearchUnavailable.

    Only what more documents hold than hold the query as it was typed, and only when no result of the page holds all
    of it; `covered` is what they hold, where it is known already.
    """
    if len(results.text) > MAX_CHARS or results.phrases or results.excluded or (covered or coverage(results)).complete:
        return ""
    folded, offsets = fold_with_offsets(results.text)
    counts = Counts(get_engine())
    letters = list(results.text)
    start = 0
    for run in runs(without_question_words(folded)):
        start = folded.index(run, start)
        better = _corrected(run, counts) if len(run) > 1 and is_han(run[0]) else ""
        for place, character in enumerate(better):
            if character != run[place]:
                letters[offsets[start + place]] = character
        start += len(run)
    text = "".join(letters)
    return text if text != results.text else ""


def _corrected(run: str, counts: Counts) -> str:
    """The run as it was probably meant, or nothing. One mistake at a time; two at most."""
    better = _once(run, counts)
    return (_once(better, counts) or better) if better else ""


def _once(run: str, counts: Counts) -> str:
    counts.learn(_pairs(run))
    places = _suspects(run, counts)
    if not places or len(places) > MAX_PLACES:
        return ""
    for candidates in (_single(run, places, counts), _double(run, places, counts)):
        likeliest = sorted(candidates, key=lambda each: -each.score)[:MAX_CONFIRMED]
        if confirmed := [(score, each.text) for each in likeliest if (score := _confirmation(each, run, counts))]:
            return max(confirmed)[1]
    return ""


def _pairs(text: str) -> list[str]:
    return [first + second for first, second in pairwise(text)]


def _around(text: str, places: Sequence[int]) -> list[str]:
    """The pairs that the characters at these places are in."""
    return _pairs(text[max(0, places[0] - 1) : places[-1] + 2])


def _suspects(run: str, counts: Counts) -> list[int]:
    """The places of characters that stand in no stretch of three that any document has.

    Pairs alone would not do: 付养费 is made of pairs that stand in 支付养老金 and in 抚养费.
    """
    if len(run) == 2:
        return [0, 1] if counts[run] <= RARE or counts.tie(run) < WEAK else []
    if counts.phrase(run):
        return []
    strange = {start for start in range(len(run) - 2) if not _found(run[start : start + 3], counts)}
    last = len(run) - 3
    return [place for place in range(len(run)) if strange.issuperset(range(max(0, place - 2), min(place, last) + 1))]


def _found(stretch: str, counts: Counts) -> int:
    """In how many documents a stretch stands; asked only when all its pairs stand in some."""
    return counts.phrase(stretch) if all(counts[pair] for pair in _pairs(stretch)) else 0


def _single(run: str, places: Sequence[int], counts: Counts) -> Iterator[Candidate]:
    """The run with another character at one of these places."""
    tried = [
        (run[:place] + other + run[place + 1 :], (place,), cost)
        for place in places
        for other, cost in confusions(run[place]).items()
    ]
    return _likely(run, counts, tried)


def _double(run: str, places: Sequence[int], counts: Counts) -> Iterator[Candidate]:
    """The run with two neighbours replaced by what sounds the same: 老董 for 劳动."""
    tried = [
        (run[:first] + one + two + run[first + 2 :], (first, first + 1), SAME_SOUND)
        for first in places
        if first + 1 in places
        for one, two in product(_same_sound(run[first], counts), _same_sound(run[first + 1], counts))
    ]
    counts.learn(text[first : first + 2] for text, (first, _), _ in tried)
    return _likely(run, counts, [each for each in tried if counts[each[0][each[1][0] :][:2]] >= CERTAIN])


def _same_sound(character: str, counts: Counts) -> list[str]:
    sounds = [other for other, cost in confusions(character).items() if cost == SAME_SOUND]
    counts.learn(sounds)
    return sorted(sounds, key=lambda other: -counts[other])[:SOUNDS_TRIED]


def _likely(run: str, counts: Counts, tried: Sequence[tuple[str, tuple[int, ...], float]]) -> Iterator[Candidate]:
    """Those that make a word, and are altogether much better known than what they replace."""
    counts.learn(pair for text, places, _ in tried for pair in _around(text, places))
    for text, places, cost in tried:
        new, old = _around(text, places), _around(run, places)
        gain = sum(log(counts[pair] + 0.5) for pair in new) - sum(log(counts[pair] + 0.5) for pair in old)
        ties = [counts.tie(pair) for pair in new]
        if len(run) == 2:
            times = TIMES if counts[run] <= RARE else TIMES_WRITTEN
            plain = counts[text] >= CERTAIN and ties[0] >= TIED and gain >= log(times)
        else:
            plain = min(counts[pair] for pair in new) > 0 and max(ties) >= LOOSELY_TIED and gain >= GAIN
        if plain:
            tied = sum(log(tie + 0.01) for tie in ties)
            yield Candidate(text, places, (gain + tied) / len(new) - cost, cost)


def _confirmation(candidate: Candidate, run: str, counts: Counts) -> float:
    """How well documents confirm the new characters together with what is round them; 0 when they do not.

    In a run of two there is nothing round them, and the pair speaks for itself.
    """
    if len(run) == 2:
        return max(candidate.score, 0.0)
    first, last = candidate.places[0], candidate.places[-1]
    starts = range(max(0, last - 2), min(first, len(run) - 3) + 1)
    found, start = max(((_found(candidate.text[start : start + 3], counts), start) for start in starts), default=(0, 0))
    if found < max(FOUND, TIMES * _found(run[start : start + 3], counts)):
        return 0.0
    return max(log(found) - candidate.cost, 0.01)
