"""A statute as it was read from its file: headings and pieces, in their order, with what was hard to read."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that could not be read by the rules, and what was made of it."""

    line: int
    message: str


def join_heading(label: str, title: str) -> str:
    """Number and name of a heading: 第四章 离婚, 一、一般规定."""
    return f"{label}{title}" if label.endswith("、") else f"{label} {title}".strip()


@dataclass(slots=True)
class Heading:
    """A heading of the text. `depth` is 1 for the highest level that the file uses."""

    line: int
    depth: int
    label: str
    title: str
    annex: bool = False

    @property
    def text(self) -> str:
        """The whole heading."""
        return join_heading(self.label, self.title)


@dataclass(slots=True)
class Piece:
    """A stretch of text with an address: an article, a section, a preamble, an annex."""

    line: int
    kind: str
    label: str
    paragraphs: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """The line of the file that each paragraph stands on."""
    number: int | None = None
    sub: int = 0
    heading: int | None = None
    """The heading that it stands under, by its place in `Text.headings`."""

    def add(self, number: int, paragraph: str) -> None:
        """One more paragraph, from this line."""
        self.paragraphs.append(paragraph)
        self.lines.append(number)


@dataclass(slots=True)
class Text:
    """A file, read."""

    title: str = ""
    book: str = ""
    history: list[str] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def has_articles(self) -> bool:
        """Whether the text has numbered articles."""
        return any(piece.kind == "article" for piece in self.pieces)


def parse_dates(line: str) -> list[date]:
    """The dates in a line, 2020年5月28日, in digits of either width; impossible ones are left out."""
    found = []
    for year, month, day in _DATE.findall(unicodedata.normalize("NFKC", line)):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found
