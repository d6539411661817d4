"""Many files into laws and their editions.

A file is one text of a law, one book of a code, or a second copy of a text that is also elsewhere. Which it is follows
from titles, dates and content, never from the place of the file alone.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath

from search.analysis import fold

from .names import title_key, usual_name, without_issuer
from .numerals import format_number
from .texts import Piece, Problem, Text, parse_dates

COPY_SHARE = 0.8
"""Two texts of a law that took effect on one day are the same text when this share of their articles is equal; the
rest is misprints of one of the files."""
LONGEST_WAY_TO_PUBLICATION = 120
"""Days from the adoption of a text to its publication; more, and it is the publication of a later change."""
_DAY_IN_NAME = re.compile(r"[(（](\d{4})-(\d{1,2})-(\d{1,2})[)）]$")
_TAKES_EFFECT = re.compile(r"施行|实施|生效")
_FROM_PUBLICATION = re.compile(r"自?(?:发布|公布)之日起?(?:施行|实施|生效)")
_AMENDED = re.compile(r"修正|修订|修改")
_NOT_WORD = re.compile(r"[\W_]+")
_BRANCH_OF_CODE = {"民法典": "民法商法"}
_KIND_OF_FOLDER = {
    "宪法": "constitution",
    "司法解释": "interpretation",
    "行政法规": "regulation",
    "部门规章": "rule",
}


@dataclass(slots=True)
class SourceText:
    """A file that was read."""

    path: str
    sha256: str
    text: Text

    @property
    def named_on(self) -> date | None:
        """The date in the file's name: 劳动法(2018-12-29).md."""
        match = _DAY_IN_NAME.search(PurePosixPath(self.path).stem)
        try:
            return date(*map(int, match.groups())) if match else None
        except ValueError:
            return None

    @property
    def published_on(self) -> date | None:
        """The date in the file's name, else the last on which the text was adopted, changed or published."""
        made = [d for line in self.text.history if not _TAKES_EFFECT.search(line) for d in parse_dates(line)]
        return self.named_on or max(made, default=None)

    @property
    def effective_on(self) -> date | None:
        """The day from which this text applies; None where the file tells only of an older edition's."""
        return _effective_on(self)

    @property
    def folder(self) -> str:
        """The top folder: the branch of law."""
        parts = PurePosixPath(self.path).parts
        return parts[0] if len(parts) > 1 else ""

    @property
    def first_number(self) -> int:
        """The number that the file begins with: what the books of a code are put in order by."""
        return next((piece.number for piece in self.text.pieces if piece.number), 0)

    def equal_share(self, other: "SourceText") -> float:
        """Which share of the pieces is the same in both, by number and folded text."""
        ours, theirs = self._folded(), other._folded()
        return len(ours & theirs) / max(len(ours), len(theirs), 1)

    def _folded(self) -> set[tuple[str, str]]:
        numbered = [piece for piece in self.text.pieces if piece.number] or self.text.pieces
        return {(piece.label, _NOT_WORD.sub("", fold("".join(piece.paragraphs)))) for piece in numbered}


@dataclass(slots=True)
class EditionDraft:
    """One text of a law, made of one file or of several books."""

    files: list[SourceText]
    copies: list[SourceText] = field(default_factory=list)

    @property
    def newest(self) -> SourceText:
        """The file that says most about dates."""
        return self.files[0]

    @property
    def title(self) -> str:
        """The title as the text bears it, without doubled spaces."""
        return re.sub(r"\s+", " ", self.newest.text.title).strip()

    @property
    def published_on(self) -> date | None:
        """The day of publication."""
        return max(filter(None, (file.published_on for file in self.files)), default=None)

    @property
    def effective_on(self) -> date | None:
        """The day from which it applies, where known."""
        return max(filter(None, (file.effective_on for file in self.files)), default=None)

    @property
    def history(self) -> list[str]:
        """The lines on how the law was made and changed, each once."""
        return list(dict.fromkeys(line for file in self.files for line in file.text.history))

    @property
    def is_code(self) -> bool:
        """Whether the text is made of books."""
        return bool(self.newest.text.book)

    def book_heading(self, file: SourceText) -> tuple[str, str]:
        """Label and title of the book that a file holds: 第五编, 婚姻家庭."""
        title = file.text.book.removesuffix("编")
        if file.text.book == "附则":
            return "", file.text.book
        return f"第{format_number(self.files.index(file) + 1)}编", title

    def digest(self) -> str:
        """A hash of all that the edition is made of; the same for the same text, however often it is read."""
        state = hashlib.sha256(repr((self.title, self.published_on, self.effective_on, self.history)).encode())
        for file in self.files:
            text = file.text
            state.update(repr((file.path, text.book, text.headings, [_plain(p) for p in text.pieces])).encode())
        return state.hexdigest()


def _plain(piece: Piece) -> tuple[object, ...]:
    return piece.line, piece.kind, piece.label, piece.number, piece.sub, piece.heading, piece.paragraphs


@dataclass(slots=True)
class LawDraft:
    """A law and its texts, the newest first."""

    key: str
    editions: list[EditionDraft]

    @property
    def title(self) -> str:
        """The title that the newest text bears."""
        return self.editions[0].title

    @property
    def kind(self) -> str:
        """The rank of the law."""
        return kind_of(self.editions[0].newest)

    @property
    def branch(self) -> str:
        """The branch of law, or the ministry."""
        newest = self.editions[0].newest
        parts = PurePosixPath(newest.path).parts[:-1]
        return _BRANCH_OF_CODE.get(newest.folder, parts[-1] if parts else "")


def kind_of(file: SourceText) -> str:
    """The rank of a law by the folder that it came from; in a folder of another name, by its title."""
    if kind := _KIND_OF_FOLDER.get(file.folder):
        return kind
    title = file.text.title
    if without_issuer(title) != title:
        return "interpretation"
    if re.search(r"(?:条例|办法|细则|规定)$", usual_name(title)) and not re.match(
        r"^(?:中华)?全国人", usual_name(title)
    ):
        return "statute" if file.folder.endswith("法") else "regulation"
    return "statute"


def collate(files: Iterable[SourceText]) -> list[LawDraft]:
    """Put the files together to laws, in the order of their keys, each with its editions, the newest first."""
    by_key: dict[str, list[SourceText]] = defaultdict(list)
    for file in files:
        by_key[title_key(file.text.title)].append(file)
    _join_titles_without_issuer(by_key)
    return [LawDraft(key, _editions(by_key[key])) for key in sorted(by_key)]


def _join_titles_without_issuer(by_key: dict[str, list[SourceText]]) -> None:
    """A title that begins with 关于 lost its court: it is the one law whose title goes on the same way."""
    short = title_key("关于")
    for key in [key for key in by_key if key.startswith(short)]:
        whole = [other for other in by_key if other != key and title_key(without_issuer(_title(by_key[other]))) == key]
        if len(whole) == 1:
            by_key[whole[0]] += by_key.pop(key)


def _title(files: list[SourceText]) -> str:
    return files[0].text.title


def _editions(files: list[SourceText]) -> list[EditionDraft]:
    editions: list[EditionDraft] = []
    books = [file for file in files if file.text.book]
    for _, of_day in sorted(_by_day(books).items()):
        editions.append(EditionDraft(sorted(of_day, key=lambda file: (file.first_number, file.path))))
    whole = [file for file in files if not file.text.book]
    # Files with a date in their name come first, and of these the newest: what follows may be a copy of one of them.
    whole.sort(key=lambda f: (f.named_on is not None, f.published_on or date.min, _descending(f.path)), reverse=True)
    for file in whole:
        original = next((edition for edition in editions if _is_copy(file, edition)), None)
        if original:
            original.copies.append(file)
        else:
            editions.append(EditionDraft([file]))
    return sorted(editions, key=lambda edition: edition.published_on or date.min, reverse=True)


def _descending(path: str) -> tuple[int, ...]:
    """A key that sorts backwards, so that of two equal files the first by path wins in a reversed sort."""
    return tuple(-ord(char) for char in path)


def _by_day(files: list[SourceText]) -> dict[date, list[SourceText]]:
    days: dict[date, list[SourceText]] = defaultdict(list)
    for file in files:
        days[file.published_on or date.min].append(file)
    return days


def _is_copy(file: SourceText, edition: EditionDraft) -> bool:
    if edition.is_code:
        return False
    if file.published_on == edition.published_on:
        return True
    same_start = file.effective_on is not None and file.effective_on == edition.effective_on
    return same_start and file.equal_share(edition.newest) >= COPY_SHARE


def differences(edition: EditionDraft, copy: SourceText) -> Iterator[Problem]:
    """What a copy says otherwise than the text that was kept, by line of the copy."""
    kept = {piece.label: _NOT_WORD.sub("", fold("".join(piece.paragraphs))) for piece in edition.newest.text.pieces}
    for piece in copy.text.pieces:
        if kept.get(piece.label) != _NOT_WORD.sub("", fold("".join(piece.paragraphs))):
            yield Problem(piece.line, f"重复文件，{piece.label}与所采用的文本不同（{edition.newest.path}）")


def _effective_on(file: SourceText) -> date | None:
    published, history = file.published_on, file.text.history
    starts = [d for line in history if _TAKES_EFFECT.search(line) for d in parse_dates(line)]
    closing = [paragraph for piece in file.text.pieces[-4:] for paragraph in piece.paragraphs if len(paragraph) < 400]
    starts += [d for line in closing for d in _start_days(line)]
    fitting = [day for day in starts if published is None or day >= published]
    if fitting:
        return min(fitting)
    # The closing article of an amended law still tells when its first edition took effect. That a law was amended is
    # in its history, or shows in a date of publication long after the last one there.
    told = [day for line in history for day in parse_dates(line)]
    amended = any(_AMENDED.search(line) for line in history) or (
        published and told and (published - max(told)).days > LONGEST_WAY_TO_PUBLICATION
    )
    at_once = any(_FROM_PUBLICATION.search(line) for line in [*history, *closing])
    return published if at_once and not amended else None


def _start_days(line: str) -> Iterator[date]:
    for clause in re.findall(r"自([^。；，]{6,30}?)起(?:施行|实施|生效)", line):
        yield from parse_dates(clause)
