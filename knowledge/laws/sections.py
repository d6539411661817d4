"""What is done to a text once its lines are read: its sections numbered, its pieces named, its numbering checked."""

import re
import unicodedata
from collections.abc import Iterator

from .numerals import CHINESE_NUMERAL, parse_number
from .texts import Piece, Problem, Text

_SECTION = re.compile(rf"({CHINESE_NUMERAL}+)、\s*")
_DECIMAL_SECTION = re.compile(r"(\d{1,3})[.．、]\s*(?=\D)")


def cut_at_sections(text: Text) -> None:
    """Give the sections of a text without articles numbers of their own: 一、…; 1. …; or numbered headings."""
    for pattern, least in ((_SECTION, 1), (_DECIMAL_SECTION, 5)):
        found = list(_section_starts(text, pattern))
        in_order = [number for _, _, number in found] == list(range(1, len(found) + 1))
        if len(found) >= least and in_order and _cover_headings(text, {piece for piece, _, _ in found}):
            _split(text, pattern, {(piece, index): number for piece, index, number in found})
            return
    for piece in text.pieces:
        heading = text.headings[piece.heading] if piece.heading is not None else None
        if heading is None or heading.annex:
            continue
        value = parse_number(heading.label.rstrip("、"))
        if value and not any(p.kind == "section" and p.number == value for p in text.pieces):
            piece.kind, piece.number, piece.label = "section", value, heading.label


def _cover_headings(text: Text, numbered: set[int]) -> bool:
    """Whether the numbering goes through the whole text: there is a number below each heading."""
    return all(
        place in numbered
        for place, piece in enumerate(text.pieces)
        if piece.heading is not None and piece.kind != "annex"
    )


def _section_starts(text: Text, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, int]]:
    """(piece, paragraph, number) of each paragraph outside annexes that begins a numbered section."""
    for place, piece in enumerate(text.pieces):
        if piece.kind == "annex":
            continue
        for index, paragraph in enumerate(piece.paragraphs):
            if (match := pattern.match(unicodedata.normalize("NFKC", paragraph))) and (
                number := parse_number(match[1])
            ):
                yield place, index, number


def _split(text: Text, pattern: re.Pattern[str], starts: dict[tuple[int, int], int]) -> None:
    pieces: list[Piece] = []
    for place, piece in enumerate(text.pieces):
        current = Piece(piece.line, piece.kind, piece.label, heading=piece.heading)
        for index, (line, paragraph) in enumerate(zip(piece.lines, piece.paragraphs, strict=True)):
            if (number := starts.get((place, index))) is not None:
                if current.paragraphs:
                    pieces.append(current)
                label, rest = _cut_label(paragraph)
                current = Piece(line, "section", label, heading=piece.heading, number=number)
                paragraph = rest
            current.add(line, paragraph)
        pieces.append(current)
    text.pieces = pieces


def _cut_label(paragraph: str) -> tuple[str, str]:
    """The number of a section as written, 一、 or １．, and what follows it."""
    label = re.match(r"[^、.．]+[、.．]", paragraph)
    return (label[0], paragraph[label.end() :].lstrip()) if label else ("", paragraph)


def name_pieces(text: Text) -> None:
    """Say what the unnumbered pieces are: what comes before the first number is the preamble."""
    numbered = [place for place, piece in enumerate(text.pieces) if piece.number]
    for place, piece in enumerate(text.pieces):
        if piece.number:
            continue
        heading = text.headings[piece.heading] if piece.heading is not None else None
        if piece.kind == "annex":
            piece.label = heading.text if heading else "附件"
        elif numbered and place < numbered[0]:
            piece.kind, piece.label = "preamble", "序言"
        else:
            piece.label = heading.text if heading else "正文"
            if numbered:
                text.problems.append(Problem(piece.line, f"不在任何条内的文字，已作为“{piece.label}”保留"))


def check_numbers(text: Text) -> None:
    """Tell of gaps, repeats and steps back in the numbering."""
    seen: set[tuple[int, int]] = set()
    last: tuple[int, int] | None = None
    for piece in text.pieces:
        if piece.kind != "article":
            continue
        here = (piece.number or 0, piece.sub)
        if here in seen:
            text.problems.append(Problem(piece.line, f"{piece.label}重复"))
        elif last and here < last:
            text.problems.append(Problem(piece.line, f"{piece.label}排在第{last[0]}条之后"))
        elif last and here not in ((last[0], last[1] + 1), (last[0] + 1, 0)):
            text.problems.append(Problem(piece.line, f"{piece.label}之前缺条：上一条是第{last[0]}条"))
        seen.add(here)
        last = here
