"""The text of an article as a reader sees it: paragraphs (款), in them items (项) and sub-items (目), and tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .numerals import CHINESE_NUMERAL

_ITEM = re.compile(rf"[（(]({CHINESE_NUMERAL}+)[）)]\s*")
_SUBITEM = re.compile(r"(?:[（(]\s*\d{1,3}\s*[）)]|\d{1,3}[.．、](?!\d))\s*")
_ROW = re.compile(r"\|(.+)\|$")
_RULE = re.compile(r"[\s|:-]+$")


@dataclass(slots=True)
class Item:
    """An item or sub-item: its marker as written, and its text."""

    marker: str
    text: str
    items: list["Item"] = field(default_factory=list)


@dataclass(slots=True)
class Paragraph:
    """A paragraph with its items. `number` counts paragraphs from 1 and is what 第二款 names."""

    number: int
    text: str
    items: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A table; the first row is its head."""

    head: list[str]
    rows: list[list[str]] = field(default_factory=list)


Block = Paragraph | Table


def blocks(lines: list[str]) -> list[Block]:
    """The blocks of a text."""
    found: list[Block] = []
    count = 0
    for line in lines:
        last = found[-1] if found else None
        if row := _ROW.match(line):
            _add_row(found, row[1])
        elif isinstance(last, Paragraph) and (match := _ITEM.match(line)):
            last.items.append(Item(match[0].strip(), line[match.end() :]))
        elif isinstance(last, Paragraph) and (match := _SUBITEM.match(line)):
            under = last.items[-1].items if last.items and not _SUBITEM.match(last.items[-1].marker) else last.items
            under.append(Item(match[0].strip(), line[match.end() :]))
        else:
            count += 1
            found.append(Paragraph(count, line))
    return found


def _add_row(found: list[Block], row: str) -> None:
    if _RULE.fullmatch(row):
        return
    cells = [cell.strip() for cell in row.split("|")]
    if found and isinstance(found[-1], Table):
        found[-1].rows.append(cells)
    else:
        found.append(Table(cells))


def stretches(found: list[Block]) -> Iterator[tuple[int, str]]:
    """Each stretch of text, in order, with the number of the paragraph that it belongs to."""
    number = 0
    for block in found:
        if isinstance(block, Table):
            yield from ((number, cell) for row in [block.head, *block.rows] for cell in row)
            continue
        number = block.number
        yield number, block.text
        for item in block.items:
            yield number, item.text
            yield from ((number, below.text) for below in item.items)


def fill(found: list[Block], texts: Iterator[str]) -> None:
    """Put other texts in the place of the stretches, in the same order."""
    for block in found:
        if isinstance(block, Table):
            block.head = [next(texts) for _ in block.head]
            block.rows = [[next(texts) for _ in row] for row in block.rows]
            continue
        block.text = next(texts)
        for item in block.items:
            item.text = next(texts)
            for below in item.items:
                below.text = next(texts)


def counts(lines: list[str]) -> tuple[int, int]:
    """How many paragraphs and how many items a text has."""
    found = [block for block in blocks(lines) if isinstance(block, Paragraph)]
    return len(found), sum(len(block.items) for block in found)
