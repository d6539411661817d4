"""Lists of synonyms as files."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError

from . import synonyms
from .models import SynonymGroup

SEED_FILE = Path(__file__).parent / "data" / "synonyms.tsv"
"""The list that the project brings."""
COLUMNS = ("lay", "legal", "field")


@dataclass(frozen=True, slots=True)
class SynonymLine:
    """One line of a list, checked, as it will be stored."""

    number: int
    words: str
    expansions: str
    field: str

    @property
    def lay(self) -> tuple[str, ...]:
        """The lay words, folded."""
        return synonyms.folded(self.words)

    @property
    def key(self) -> str:
        """What makes it the same line in a newer list: its first lay word."""
        return self.lay[0]


@dataclass(slots=True)
class SynonymFile:
    """What a file holds, and what in it could not be used."""

    lines: list[SynonymLine] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_synonyms(path: Path) -> SynonymFile:
    """Read a tab-separated list: a heading (lay, legal, field), then a group a line, words separated by 、.

    Empty lines and lines that begin with # are skipped. A line that breaks a rule of the table is left out and named
    in `problems`, as is a lay word that an earlier line has. Raises ValueError when the heading is missing, OSError
    when there is no file.
    """
    found = SynonymFile()
    owners: dict[str, int] = {}
    for number, cells in _rows(path):
        try:
            line = _line(number, cells)
        except ValidationError as error:
            found.problems.append(f"line {number}: {' '.join(error.messages)}")
            continue
        twice = [word for word in line.lay if word in owners]
        if twice:
            found.problems.append(f"line {number}: {twice[0]} stands in line {owners[twice[0]]} already")
            continue
        owners |= dict.fromkeys(line.lay, number)
        found.lines.append(line)
    return found


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        heading = tuple(cell.strip() for cell in next(reader, []))
        if heading != COLUMNS:
            raise ValueError(f"{path.name}: the first line must be {' <tab> '.join(COLUMNS)}")
        for cells in reader:
            if any(cell.strip() for cell in cells) and not cells[0].startswith("#"):
                yield reader.line_num, cells


def _line(number: int, cells: list[str]) -> SynonymLine:
    words, expansions, topic = (*cells, "", "", "")[:3]
    group = SynonymGroup(words=words, expansions=expansions, field=topic.strip())
    group.clean()
    group.clean_fields()
    return SynonymLine(number, group.words, group.expansions, group.field)
