"""The Markdown of a statute into its title, dates, headings and articles.

The form: `# title` (a second `# …` names the book of a code that is split into files), lines of "date event",
`<!-- INFO END -->`, then headings and articles. Every rule is broken somewhere, so nothing is dropped for not fitting:
a line that is no heading and begins no article belongs to the piece before it, what stands before the first article or
after the last is a piece of its own, and whatever had to be guessed is told by line.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest

from .numerals import CHINESE_NUMERAL, parse_number

_NUMERAL = CHINESE_NUMERAL[:-1] + "0-9]"
_ARTICLE = re.compile(rf"第({_NUMERAL}+)条(?:之({_NUMERAL}+))?(?=\s|$)")
_BROKEN_ARTICLE = re.compile(rf"(?:第({_NUMERAL}+)\s+条|笫({_NUMERAL}+)条)(?:之({_NUMERAL}+))?\s*")
_RUN_ON_ARTICLE = re.compile(rf"(?<=[。；：])\s+(?=第({_NUMERAL}+)条\s)")
_RUN_ON_ANNEX = re.compile(rf"(?<=[。；：）])\s+(?=附件{_NUMERAL}+\s)")
_RUN_ON_PARAGRAPH = re.compile(r"(?<=[。；：])\s+")
_HEADING = re.compile(r"(#{1,6})(?:\s+(.*))?$")
_NUMBERED_HEADING = re.compile(rf"(第{_NUMERAL}+(?:分编|编|章|节|部分)(?:之{_NUMERAL}+)?|{CHINESE_NUMERAL}+、)\s*(.*)")
_BARE_HEADING = re.compile(r"附\s*则|总\s*则|[（(]" + CHINESE_NUMERAL + r"+[）)]\S{2,24}")
_ANNEX = re.compile(r"(附(?:件|表|录|图)?[\s一二三四五六七八九十\d]{0,4})(?:[：:]\s*(.*))?$")
_AMENDMENT = re.compile(r"修正案|关于修改.*的决定")
_SECTION = re.compile(rf"({CHINESE_NUMERAL}+)、\s*")
_DECIMAL_SECTION = re.compile(r"(\d{1,3})[.．、]\s*(?=\D)")
_COMMENT = re.compile(r"<!--.*?-->")
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_ENDS_SENTENCE = ("。", "；", "：", ";", ":", "！", "？", "”", "」", "，", "、")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u2060"))


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
    number: int | None = None
    sub: int = 0
    heading: int | None = None
    """The heading that it stands under, by its place in `Text.headings`."""


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


def parse(source: str) -> Text:
    """Read one file. Never fails: what is missing is in `problems`."""
    text = Text()
    lines = _clean_lines(source)
    body = _read_head(text, lines)
    _read_body(text, _unfold(text, body))
    if not text.has_articles:
        _cut_at_sections(text)
    _name_pieces(text)
    _check_numbers(text)
    text.problems.sort(key=lambda problem: problem.line)
    return text


def _unfold(text: Text, lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Cut lines that hold a whole chapter: where the next article of the numbering follows in the same line."""
    unfolded: list[tuple[int, str]] = []
    for number, line in lines:
        start = _ARTICLE.match(line)
        parts = _split_run_on(line, parse_number(start[1])) if start else [line]
        if len(parts) > 1:
            text.problems.append(Problem(number, f"一行里有{len(parts)}条，已拆开"))
            parts = [paragraph for part in parts for paragraph in _RUN_ON_PARAGRAPH.split(part)]
        unfolded += [(number, part) for part in parts]
    return unfolded


def _split_run_on(line: str, number: int | None) -> list[str]:
    parts, begin = [], 0
    for match in _RUN_ON_ARTICLE.finditer(line):
        if number is not None and parse_number(match[1]) == number + 1:
            parts.append(line[begin : match.start()])
            begin, number = match.end(), number + 1
    return [*parts, line[begin:]]


def _clean_lines(source: str) -> list[tuple[int, str]]:
    """(line number, text) of the lines that hold something."""
    cleaned = ((number, line.translate(_INVISIBLE).strip()) for number, line in enumerate(source.splitlines(), 1))
    return [(number, line) for number, line in cleaned if line]


def _read_head(text: Text, lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Take title, book and history; the rest of the lines is the body."""
    end = next((i for i, (_, line) in enumerate(lines) if line == "<!-- INFO END -->"), None)
    if end is None:
        text.problems.append(Problem(1, "没有 <!-- INFO END --> 行，从第一个标题或法条开始读正文"))
        end = next((i for i, (_, line) in enumerate(lines) if line.startswith("##") or _ARTICLE.match(line)), 0) - 1
    for number, line in lines[: max(end, 0)]:
        heading = _HEADING.fullmatch(line)
        if heading and not text.title:
            text.title = heading[2] or ""
        elif heading:
            text.book = heading[2] or ""
            if heading[1] != "#":
                text.problems.append(Problem(number, f"文件头里有下级标题：{line}"))
        else:
            text.history.append(line)
    if not text.title:
        text.problems.append(Problem(1, "没有标题行（# …）"))
    return lines[end + 1 :]


class _Body:
    """The state while a body is read, line by line."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.piece: Piece | None = None
        self.after_heading = False
        self.in_annex = False

    @property
    def heading(self) -> int | None:
        return len(self.text.headings) - 1 if self.text.headings else None

    def problem(self, line: int, message: str) -> None:
        self.text.problems.append(Problem(line, message))

    def open_heading(self, heading: Heading) -> None:
        self.text.headings.append(heading)
        self.piece, self.after_heading = None, True
        self.in_annex = self.in_annex or heading.annex

    def open_piece(self, piece: Piece) -> Piece:
        piece.heading = self.heading
        self.text.pieces.append(piece)
        self.piece, self.after_heading = piece, False
        return piece

    def add(self, number: int, line: str) -> None:
        """A line of text: to the open piece, or as one of its own."""
        piece = self.piece or self.open_piece(Piece(number, "annex" if self.in_annex else "text", ""))
        piece.paragraphs.append(line)
        self.after_heading = False


def _read_body(text: Text, lines: list[tuple[int, str]]) -> None:
    body = _Body(text)
    for (number, line), (_, following) in zip_longest(lines, lines[1:], fillvalue=(0, "")):
        if not (line := _COMMENT.sub("", line).strip()):
            continue
        if heading := _HEADING.fullmatch(line):
            _read_heading(body, number, heading)
        elif article := _ARTICLE.match(line) or _BROKEN_ARTICLE.match(line):
            _read_article(body, number, line, article)
        elif annex := _annex_start(body, line):
            body.open_heading(Heading(number, 1, annex[1].strip(), (annex[2] or "").strip(), annex=True))
        elif body.after_heading and _continues_heading(body, line, following):
            body.text.headings[-1].title += line
            body.problem(number, f"标题分成两行，已接上：{line}")
        elif _is_bare_heading(body, line, following):
            _read_bare_heading(body, number, line)
        else:
            body.add(number, line)


def _read_heading(body: _Body, number: int, match: re.Match[str]) -> None:
    title = (match[2] or "").strip()
    if not title:
        body.problem(number, "空标题行，已略过")
        return
    if annex := _ANNEX.fullmatch(title):
        body.open_heading(Heading(number, 1, annex[1].strip(), (annex[2] or "").strip(), annex=True))
        return
    depth = max(len(match[1]) - 1, 1) + (1 if body.in_annex else 0)
    numbered = _NUMBERED_HEADING.fullmatch(title)
    label, name = (numbered[1], numbered[2]) if numbered else ("", title)
    if numbered is None and title.replace("\u3000", "").replace(" ", "") not in ("序言", "附则", "总则", "前言"):
        body.problem(number, f"标题没有编号：{title}")
    body.open_heading(Heading(number, depth, label, _close_up(name)))


def _close_up(title: str) -> str:
    """总　则 → 总则: headings of two characters are set apart with spaces; other spaces become one."""
    title = re.sub(r"\s+", " ", title).strip()
    return title.replace(" ", "") if re.fullmatch(r"\S(?: \S){1,2}", title) else title


def _read_article(body: _Body, number: int, line: str, match: re.Match[str]) -> None:
    value, sub = _numbers(match)
    if not value or sub is None:
        body.problem(number, f"条号读不出：{match[0]}")
        body.add(number, line)
        return
    label = re.sub(r"\s+", "", match[0]).replace("笫", "第")
    if _belongs_to_amended_law(body, value):
        body.problem(number, f"{label}是被修改的法律的条文，留在所在的条内")
        body.add(number, line)
        return
    if match.re is _BROKEN_ARTICLE:
        body.problem(number, f"条号写法有误（{match[0].strip()}），已按{label}读")
    piece = body.open_piece(Piece(number, "article", label, number=value, sub=sub))
    if rest := line[match.end() :].strip():
        piece.paragraphs.append(rest)


def _numbers(match: re.Match[str]) -> tuple[int | None, int | None]:
    """Number and sub-number of an article; the sub-number is 0 where there is none."""
    *numbers, sub = match.groups()
    return parse_number(next(filter(None, numbers))), parse_number(sub) if sub else 0


def _belongs_to_amended_law(body: _Body, value: int) -> bool:
    """Whether a number in a text that changes another law is that law's: it leaps away from the text's own."""
    last = next((piece.number for piece in reversed(body.text.pieces) if piece.kind == "article"), None)
    return last is not None and value not in (last, last + 1) and _AMENDMENT.search(body.text.title) is not None


def _annex_start(body: _Body, line: str) -> re.Match[str] | None:
    """The line that an annex begins with: 附件一：…, 附：, after at least one article or paragraph."""
    match = _ANNEX.fullmatch(line)
    return match if match and body.text.pieces and len(line) < 80 and not line.endswith("。") else None


def _continues_heading(body: _Body, line: str, following: str) -> bool:
    """Whether a heading was broken over two lines: a rest without punctuation, and then an article."""
    fits = len(line) <= 30 and not line.endswith((*_ENDS_SENTENCE, "）")) and not line.startswith(("（", "(", "|"))
    return fits and _ARTICLE.match(following) is not None and not body.text.headings[-1].annex


def _is_bare_heading(body: _Body, line: str, following: str) -> bool:
    """Whether a line is a heading that lost its marks: 附则, （二）权利质押, right before an article."""
    return (
        _ARTICLE.match(following) is not None
        and _BARE_HEADING.fullmatch(line) is not None
        and not line.endswith(_ENDS_SENTENCE)
        and bool(body.text.headings)
    )


def _read_bare_heading(body: _Body, number: int, line: str) -> None:
    body.problem(number, f"没有 # 的标题，已按标题读：{line}")
    top = min(heading.depth for heading in body.text.headings)
    if line.startswith(("（", "(")):
        label, _, name = line.replace(")", "）").partition("）")
        body.open_heading(Heading(number, top + 1, f"{label}）".replace("(", "（"), name))
    else:
        body.open_heading(Heading(number, top, "", re.sub(r"\s+", "", line)))


# --- texts without articles ------------------------------------------------------------------------------------


def _cut_at_sections(text: Text) -> None:
    """Give the sections of a text without articles numbers of their own: 一、…; 1. …; or numbered headings."""
    for pattern, least in ((_SECTION, 1), (_DECIMAL_SECTION, 5)):
        found = list(_section_starts(text, pattern))
        if len(found) >= least and [n for _, _, n in found] == list(range(1, len(found) + 1)):
            _split(text, pattern, {(piece, index): number for piece, index, number in found})
            return
    for piece in text.pieces:
        heading = text.headings[piece.heading] if piece.heading is not None else None
        if heading is None or heading.annex:
            continue
        value = parse_number(heading.label.rstrip("、"))
        if value and not any(p.kind == "section" and p.number == value for p in text.pieces):
            piece.kind, piece.number, piece.label = "section", value, heading.label


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
        for index, paragraph in enumerate(piece.paragraphs):
            if (number := starts.get((place, index))) is not None:
                if current.paragraphs:
                    pieces.append(current)
                match = re.match(r"([^、.．]+[、.．])\s*", paragraph)
                label, rest = (match[1], paragraph[match.end() :]) if match else (str(number), paragraph)
                current = Piece(piece.line + index, "section", label, heading=piece.heading, number=number)
                paragraph = rest
            current.paragraphs.append(paragraph)
        pieces.append(current)
    text.pieces = pieces


def _name_pieces(text: Text) -> None:
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


def _check_numbers(text: Text) -> None:
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


# --- dates -----------------------------------------------------------------------------------------------------


def parse_dates(line: str) -> list[date]:
    """The dates in a line, 2020年5月28日, in digits of either width; impossible ones are left out."""
    found = []
    for year, month, day in _DATE.findall(unicodedata.normalize("NFKC", line)):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found
