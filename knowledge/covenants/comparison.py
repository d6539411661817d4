"""Two texts of a covenant side by side: passages that stayed, changed, came and went, and the words that differ.

All that a text's digest is made of is compared: no two texts that differ look the same here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from .models.clauses import Clause

if TYPE_CHECKING:
    from .models import CovenantText

_ALIKE = 0.5
"""Passages that share so much are one passage that was changed; below it, one went and another came."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The title, the preamble, the title of a chapter, or a clause with what it rests on."""

    label: str
    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage that both texts have, or one alone."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One passage of the older text beside one of the newer; either may be missing."""

    old: Passage | None
    new: Passage | None
    old_pieces: list[Piece]
    new_pieces: list[Piece]

    @property
    def kind(self) -> str:
        """same, changed, added or removed."""
        if self.old is None or self.new is None:
            return "removed" if self.new is None else "added"
        return "same" if self.old.text == self.new.text else "changed"


def compare(old: "CovenantText", new: "CovenantText") -> list[Row]:
    """The passages of two texts, aligned in their order."""
    before, after = list(_passages(old)), list(_passages(new))
    matcher = SequenceMatcher(None, [one.text for one in before], [one.text for one in after], autojunk=False)
    rows: list[Row] = []
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            pairs = zip(before[old_from:old_to], after[new_from:new_to], strict=True)
            rows += [_row(left, right) for left, right in pairs]
        else:
            rows += _aligned(before[old_from:old_to], after[new_from:new_to])
    return rows


def _passages(text: "CovenantText") -> Iterator[Passage]:
    yield Passage(_("标题"), text.title)
    if text.preamble:
        yield Passage(_("前言"), text.preamble)
    for chapter in text.numbered_chapters:
        yield Passage(chapter.label, chapter.title)
        yield from (Passage(clause.label, _with_cites(clause), clause.id) for clause in chapter.clauses)


def _with_cites(clause: Clause) -> str:
    if not clause.cites:
        return clause.text
    cited = "、".join(cite.citation for cite in clause.cites)
    return clause.text + _("（依据：%(articles)s）") % {"articles": cited}


def _aligned(old: Sequence[Passage], new: Sequence[Passage]) -> Iterator[Row]:
    """Passages that are not the same: each of the new ones beside the first of the old ones that is like it."""
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


def _likeness(old: Passage, new: Passage) -> float:
    if old.id and old.id == new.id:
        return 1.0
    return SequenceMatcher(None, old.text, new.text, autojunk=False).ratio()


def _row(old: Passage | None, new: Passage | None) -> Row:
    before, after = old.text if old else "", new.text if new else ""
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return Row(
        old,
        new,
        [Piece(before[a:b], kind != "equal") for kind, a, b, _c, _d in opcodes if b > a],
        [Piece(after[c:d], kind != "equal") for kind, _a, _b, c, d in opcodes if d > c],
    )
