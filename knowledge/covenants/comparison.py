"""Two texts of a covenant side by side: clauses that stayed, changed, came and went, and the words that differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from .models.clauses import Chapter, Clause

_ALIKE = 0.5
"""Clauses that share so much are one clause that was changed; below it, one went and another came."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a clause that both texts have, or one alone."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One clause of the older text beside one of the newer; either may be missing."""

    old: Clause | None
    new: Clause | None
    old_pieces: list[Piece]
    new_pieces: list[Piece]

    @property
    def kind(self) -> str:
        """same, changed, added or removed."""
        if self.old is None or self.new is None:
            return "removed" if self.new is None else "added"
        return "same" if self.old.text == self.new.text else "changed"


def compare(old: Sequence[Chapter], new: Sequence[Chapter]) -> list[Row]:
    """The clauses of two texts, aligned in their order."""
    before, after = _clauses(old), _clauses(new)
    matcher = SequenceMatcher(None, [one.text for one in before], [one.text for one in after], autojunk=False)
    rows: list[Row] = []
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            pairs = zip(before[old_from:old_to], after[new_from:new_to], strict=True)
            rows += [_row(left, right) for left, right in pairs]
        else:
            rows += _aligned(before[old_from:old_to], after[new_from:new_to])
    return rows


def _clauses(chapters: Sequence[Chapter]) -> list[Clause]:
    return [clause for chapter in chapters for clause in chapter.clauses]


def _aligned(old: Sequence[Clause], new: Sequence[Clause]) -> Iterator[Row]:
    """Clauses that are not the same: each of the new ones beside the first of the old ones that is like it."""
    left = list(old)
    for clause in new:
        like = next((one for one in left if _likeness(one, clause) >= _ALIKE), None)
        if like is None:
            yield _row(None, clause)
            continue
        position = left.index(like)
        yield from (_row(gone, None) for gone in left[:position])
        del left[: position + 1]
        yield _row(like, clause)
    yield from (_row(gone, None) for gone in left)


def _likeness(old: Clause, new: Clause) -> float:
    if old.id and old.id == new.id:
        return 1.0
    return SequenceMatcher(None, old.text, new.text, autojunk=False).ratio()


def _row(old: Clause | None, new: Clause | None) -> Row:
    before, after = old.text if old else "", new.text if new else ""
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return Row(
        old,
        new,
        [Piece(before[a:b], kind != "equal") for kind, a, b, _c, _d in opcodes if b > a],
        [Piece(after[c:d], kind != "equal") for kind, _a, _b, c, d in opcodes if d > c],
    )
