"""The Markdown of a statute into its title, dates, headings and articles.

The form: `# title` (a second `# …` names the book of a code that is split into files), lines of "date event",
`<!-- INFO END -->`, then headings and articles. Every rule is broken somewhere, so nothing is dropped for not fitting:
a line that is no heading and begins no article belongs to the piece before it, what stands before the first article or
after the last is a piece of its own, and whatever had to be guessed is told by line.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest

from .numerals import CHINESE_NUMERAL, parse_number
from .sections import check_numbers, cut_at_sections, name_pieces
from .texts import Heading, Piece, Problem, Text

_NUMERAL = CHINESE_NUMERAL[:-1] + "0-9]"
_ARTICLE = re.compile(rf"第({_NUMERAL}+)条(?:之({_NUMERAL}+))?(?=\s|$)")
_BROKEN_ARTICLE = re.compile(rf"(?:第({_NUMERAL}+)\s+条|笫({_NUMERAL}+)条)(?:之({_NUMERAL}+))?\s*")
_RUN_ON_ARTICLE = re.compile(rf"(?<=[。；：])\s+(?=第({_NUMERAL}+)条\s)")
_RUN_ON_ANNEX = re.compile(rf"(?<=[。；）])\s+(?=附件{_NUMERAL}+\s)")
_RUN_ON_PARAGRAPH = re.compile(r"(?<=[。；：])\s+")
_HEADING = re.compile(r"(#{1,6})(?:\s+(.*))?$")
_NUMBERED_HEADING = re.compile(rf"(第{_NUMERAL}+(?:分编|编|章|节|部分)(?:之{_NUMERAL}+)?|{CHINESE_NUMERAL}+、)\s*(.*)")
_BARE_HEADING = re.compile(r"附\s*则|总\s*则|[（(]" + CHINESE_NUMERAL + r"+[）)]\S{2,24}")
_ANNEX = re.compile(r"(附(?:件|表|录|图)?[\s一二三四五六七八九十\d]{0,4})(?:[：:]\s*(.*))?")
_ANNEX_WITH_TITLE = re.compile(r"(附(?:件|表|录|图)[一二三四五六七八九十\d]*)\s+(\S.*)")
_AMENDMENT = re.compile(r"修正案|关于修改.*的决定")
_SECTION = re.compile(rf"({CHINESE_NUMERAL}+)、\s*")
_COMMENT = re.compile(r"<!--.*?-->")
_ENDS_SENTENCE = ("。", "；", "：", ";", ":", "！", "？", "”", "」", "，", "、")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u2060"))


def parse(source: str) -> Text:
    """Read one file. Never fails: what is missing is in `problems`."""
    text = Text()
    lines = _clean_lines(source)
    body = _read_head(text, lines)
    _read_body(text, _unfold(text, body))
    if not text.has_articles:
        cut_at_sections(text)
    name_pieces(text)
    check_numbers(text)
    text.problems.sort(key=lambda problem: problem.line)
    return text


def _unfold(text: Text, lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Cut lines that hold a whole chapter: where the next article of the numbering follows in the same line."""
    unfolded: list[tuple[int, str]] = []
    for number, line in lines:
        start = _ARTICLE.match(line)
        parts = _split_run_on(line, parse_number(start[1])) if start else _RUN_ON_ANNEX.split(line)
        if len(parts) > 1:
            text.problems.append(Problem(number, f"一行里有{len(parts)}条或附件，已拆开"))
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

    def __init__(self, text: Text, ordinals: dict[int, int]) -> None:
        self.text = text
        self.ordinals = ordinals
        """The headings 一、 二、 that are marked as such: number and depth."""
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
        piece.add(number, line)
        self.after_heading = False


def _read_body(text: Text, lines: list[tuple[int, str]]) -> None:
    body = _Body(text, dict(_ordinal_headings(lines)))
    for (number, line), (_, following) in zip_longest(lines, lines[1:], fillvalue=(0, "")):
        if not (line := _COMMENT.sub("", line).strip()):
            continue
        if heading := _HEADING.fullmatch(line):
            _read_heading(body, number, heading)
        elif article := _ARTICLE.match(line) or _BROKEN_ARTICLE.match(line):
            _read_article(body, number, line, article)
        elif annex := _annex_start(body, number, line):
            body.open_heading(annex)
        elif body.after_heading and _continues_heading(body, line, following):
            body.text.headings[-1].title += line
            body.problem(number, f"标题分成两行，已接上：{line}")
        elif _is_bare_heading(body, line, following):
            _read_bare_heading(body, number, line)
        elif (depth := _lost_ordinal(body, line)) is not None:
            label, _, name = line.partition("、")
            body.problem(number, f"没有 # 的标题，已按标题读：{line}")
            body.open_heading(Heading(number, depth, f"{label}、", _close_up(name)))
        else:
            body.add(number, line)


def _read_heading(body: _Body, number: int, match: re.Match[str]) -> None:
    title = (match[2] or "").strip()
    if not title:
        body.problem(number, "空标题行，已略过")
        return
    if annex := _annex(number, title):
        body.open_heading(annex)
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
        piece.add(number, rest)


def _numbers(match: re.Match[str]) -> tuple[int | None, int | None]:
    """Number and sub-number of an article; the sub-number is 0 where there is none."""
    *numbers, sub = match.groups()
    return parse_number(next(filter(None, numbers))), parse_number(sub) if sub else 0


def _belongs_to_amended_law(body: _Body, value: int) -> bool:
    """Whether a number in a text that changes another law is that law's: it leaps away from the text's own."""
    last = next((piece.number for piece in reversed(body.text.pieces) if piece.kind == "article"), None)
    return last is not None and value not in (last, last + 1) and _AMENDMENT.search(body.text.title) is not None


def _annex(number: int, line: str) -> Heading | None:
    """The heading of an annex: 附件一：…, 附表, 附："""
    match = _ANNEX.fullmatch(line) or _ANNEX_WITH_TITLE.fullmatch(line)
    return Heading(number, 1, match[1].strip(), (match[2] or "").strip(), annex=True) if match else None


def _annex_start(body: _Body, number: int, line: str) -> Heading | None:
    """The annex that a line without marks begins, after at least one article or paragraph."""
    fits = body.text.pieces and len(line) < 80 and not line.endswith("。")
    return _annex(number, line) if fits else None


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


def _ordinal_headings(lines: list[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    """Number and depth of the marked headings 一、 二、 of a file."""
    for _, line in lines:
        if (heading := _HEADING.fullmatch(line)) is None:
            continue
        numbered = _NUMBERED_HEADING.fullmatch((heading[2] or "").strip())
        if numbered and numbered[1].endswith("、") and (number := parse_number(numbered[1][:-1])):
            yield number, max(len(heading[1]) - 1, 1)


def _lost_ordinal(body: _Body, line: str) -> int | None:
    """The depth of a heading 九、 that lost its marks while those beside it kept theirs; None when it is text."""
    match = _SECTION.match(line)
    if match is None or len(line) > 40 or line.endswith((*_ENDS_SENTENCE, ".")) or "。" in line or body.in_annex:
        return None
    number = parse_number(match[1]) or 0
    return None if number in body.ordinals else body.ordinals.get(number - 1, body.ordinals.get(number + 1))


def _read_bare_heading(body: _Body, number: int, line: str) -> None:
    body.problem(number, f"没有 # 的标题，已按标题读：{line}")
    top = min(heading.depth for heading in body.text.headings)
    if line.startswith(("（", "(")):
        label, _, name = line.replace(")", "）").partition("）")
        body.open_heading(Heading(number, top + 1, f"{label}）".replace("(", "（"), name))
    else:
        body.open_heading(Heading(number, top, "", re.sub(r"\s+", "", line)))
