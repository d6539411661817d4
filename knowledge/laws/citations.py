"""Citations of articles: 《民法典》第一千零七十九条第二款第（三）项, 道交法第76条, 本法第三条至第七条, 前款.

One parser for the text of laws and guides and for the search box. A citation is found by its article; what stands
before it says of which law: a title in brackets, 本法, 该法, or the longest known name. Where a name looks like a law's
and is unknown, nothing is guessed: 本法实施条例第五条 is not article 5 of 本法.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .directory import Directory
from .numerals import parse_number

if TYPE_CHECKING:
    from .models import Law

MAX_RANGE = 60
"""A range of more articles than this (第一条至第九百条) counts as its two ends."""
REACH = 9
"""前九条 is as far back as a text points."""
_NAME_REACH = 60
"""A name without brackets is looked for in so many characters before the article."""
_TITLE_REACH = 160

_N = r"[零〇○一二三四五六七八九十百千两兩0-9０-９]{1,9}"
_TIAO, _XIANG = "[条條]", "[项項]"
_OWN = (
    "法典|法|条例|條例|规定|規定|解释|解釋|办法|辦法|决定|決定|细则|細則|规则|規則|规范|規範|安排|准则|準則|通则|通則"
    "|宪法|憲法|章程|意见|意見"
)
_MIDDLE = rf"(?:[一-鿿]{{2,8}}[编編]|第{_N}[编編]|第{_N}(?:分编|分編)|第{_N}章|第{_N}[节節]|[总總分]则|[總分]則|中|的)*"
_ASIDE = r"(?:\s*[（(][^（）()]{0,60}[）)])?"

_NUMBER = rf"(?P<di>第\s*)?(?P<number>{_N})\s*{_TIAO}(?:\s*之\s*(?P<sub>{_N}))?"
_PART = (
    rf"(?:\s*第\s*(?P<paragraph>{_N})\s*款)?"
    rf"(?:\s*第\s*[（(]?\s*(?P<item>{_N})\s*[）)]?\s*{_XIANG})?"
    rf"(?:\s*第\s*[（(]?\s*{_N}\s*[）)]?\s*目)?"
)
_ARTICLE = re.compile(_NUMBER + _PART)
_UNTIL = re.compile(rf"\s*(?:至|到|—+|-|–|~|～)\s*第?\s*(?P<number>{_N})\s*{_TIAO}(?:\s*之\s*(?P<sub>{_N}))?{_PART}")
_AND = r"\s*(?:、|，|,|以及|和|与|與|及|或者|或)\s*"
_MORE_PARTS = re.compile(rf"(?:(?:{_AND}|\s*[至到]\s*)第\s*[（(]?\s*{_N}\s*[）)]?\s*(?:款|{_XIANG}|目))+")
_NEXT = re.compile(rf"{_AND}(?=第\s*{_N}\s*{_TIAO})")

_TITLE_BEFORE = re.compile(rf"《((?:[^《》]|《[^《》]*》)+)》{_ASIDE}\s*{_MIDDLE}\s*$")
_OWN_BEFORE = re.compile(rf"本(?:{_OWN}){_ASIDE}{_MIDDLE}\s*$")
_SAME_BEFORE = re.compile(rf"(?:该|該|同|上述|前述)(?:{_OWN}){_MIDDLE}\s*$")
_ORDINAL = r"(?:[（(][一二三四五六七八九十]+[）)])"
_NAME_BEFORE = re.compile(rf"((?:[\w《》〈〉]|{_ORDINAL})+?)\s*(?:{_MIDDLE}\s*)$")
_LAW_LIKE = re.compile(
    rf"(?:{_OWN}|公约|公約|协定|協定|议定书|議定書|协议|合同|公告|通知|批复|批復){_ORDINAL}?\s*{_MIDDLE}\s*$"
)
_RELATIVE = re.compile(
    rf"前(?P<count>[一二两兩三四五六七八九]?)(?P<unit>款|{_TIAO})|本{_TIAO}第\s*(?P<paragraph>{_N})\s*款"
)

_REWRITES = re.compile(r"修正案|关于修改.*的决定|确定罪名|罪名的意见")
_AMENDED = re.compile(r"^(.+?)修正案|关于(?:执行|适用)(?:《([^》]+)》|(.{2,12}?)分则)\s*(?:确定|规定)")


@dataclass(frozen=True, slots=True)
class Context:
    """Where a text stands: what 本法, 前条 and 前款 mean in it. Numbers are 0 where there is none."""

    law_id: int | None = None
    number: int = 0
    sub: int = 0
    paragraph: int = 0
    """The paragraph of the article, counted from 1."""
    previous: tuple[tuple[int, int], ...] = ()
    """The articles before this one, the nearest last."""
    bare: bool = True
    """Whether a number without a law means anything; in a text that rewrites others it may be of any of them."""

    @classmethod
    def of(cls, law: "Law", directory: Directory | None = None, **place: Any) -> "Context":
        """The context of a text of this law.

        In an amendment (刑法修正案) 本法 and numbers are those of the law that it amends, and 前条 stands in words that
        it quotes.
        """
        if not _REWRITES.search(law.title):
            return cls(law.pk, **place)
        directory = directory or Directory()
        amended = _AMENDED.search(law.title)
        law_id = directory.law_id(next(filter(None, amended.groups()))) if amended else None
        return cls(law_id, bare=law_id is not None)


@dataclass(frozen=True, slots=True)
class Citation:
    """One article, or a range of articles, that a text names."""

    start: int
    end: int
    law_name: str
    """As written, without brackets; 本法 and the like; empty when the law follows from the context alone."""
    law_id: int | None
    """None when no law of that name is known."""
    number: int
    sub: int = 0
    paragraph: int = 0
    item: int = 0
    until: tuple[int, int] | None = None
    """Number and sub-number of the last article of a range."""

    @property
    def targets(self) -> list[tuple[int, int]]:
        """Number and sub-number of each article that is named; of a long range only its ends."""
        if self.until is None:
            return [(self.number, self.sub)]
        last, last_sub = self.until
        if not self.number < last <= self.number + MAX_RANGE:
            return [(self.number, self.sub), self.until]
        between = [(number, 0) for number in range(self.number + 1, last + 1)]
        return [(self.number, self.sub), *between, *([self.until] if last_sub else [])]


def parse(
    text: str, context_law: "Law | None" = None, *, context: Context | None = None, directory: Directory | None = None
) -> list[Citation]:
    """The citations in a text, in order, none overlapping another.

    `context` says what 本法 and 前款 mean; `context_law` is short for a context with nothing but a law. Names are
    looked up in `directory`, or in the database with one query.
    """
    context = context or Context(context_law.pk if context_law else None)
    found = [*_chains(text), *_relatives(text, context)]
    if not found:
        return []
    directory = directory or Directory()
    directory.prefetch(_names_in(text, found))
    citations: list[Citation] = []
    last_law: tuple[str, int] | None = None
    for chain in sorted(found, key=lambda chain: chain[0].start):
        if citations and chain[0].start < citations[-1].end:
            continue
        known = _with_law(text, chain, context, directory, last_law)
        if known and known[0].law_id and known[0].law_name and not known[0].law_name.startswith(("本", "前")):
            last_law = (known[0].law_name, known[0].law_id)
        citations += known
    return citations


def names_in(text: str) -> Iterator[str]:
    """Every stretch of a text that may be the name of a law: what a directory needs to know to parse it."""
    return _names_in(text, list(_chains(text)))


def _names_in(text: str, chains: list[list[Citation]]) -> Iterator[str]:
    return (name for chain in chains for name in _candidate_names(text, chain))


# --- articles --------------------------------------------------------------------------------------------------


def _chains(text: str) -> Iterator[list[Citation]]:
    """Articles joined to lists, each list with one law before it; the law is not looked at yet."""
    position = 0
    while match := _ARTICLE.search(text, position):
        first, position = _read(text, match)
        if first is None:
            position = match.end()
            continue
        chain = [first]
        while following := _NEXT.match(text, position):
            article = _ARTICLE.match(text, following.end())
            if article is None:
                break
            more, position = _read(text, article)
            if more is None:
                break
            chain.append(more)
        # Without 第 only a law right before makes it a citation: 民法典1079条, but not 共5条.
        if match["di"] or _could_be_named(text, match):
            yield chain


def _could_be_named(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()].rstrip()
    return bool(before) and (before[-1].isalpha() or before[-1] in "》）)")


def _read(text: str, match: re.Match[str]) -> tuple[Citation | None, int]:
    number, sub = parse_number(match["number"]), parse_number(match["sub"] or "0")
    if not number or sub is None:
        return None, match.end()
    end, until = match.end(), None
    if (through := _UNTIL.match(text, end)) and (last := parse_number(through["number"])):
        until, end = (last, parse_number(through["sub"] or "0") or 0), through.end()
    citation = Citation(
        match.start(), end, "", None, number, sub, _small(match["paragraph"]), _small(match["item"]), until
    )
    parts = _MORE_PARTS.match(text, end)
    return citation, parts.end() if parts else end


def _small(written: str | None) -> int:
    return (parse_number(written) or 0) if written else 0


def _relatives(text: str, context: Context) -> Iterator[list[Citation]]:
    """前条, 前款, 本条第二款, where the context says which those are."""
    if context.law_id is None or not context.number:
        return
    own = Citation(0, 0, "本条", context.law_id, context.number, context.sub)
    for match in _RELATIVE.finditer(text):
        count = (parse_number(match["count"]) or 1) if match["count"] else 1
        here = replace(own, start=match.start(), end=match.end())
        if match["paragraph"]:
            yield [replace(here, paragraph=_small(match["paragraph"]))]
        elif match["unit"] == "款":
            if context.paragraph > count:
                yield [replace(here, law_name="前款", paragraph=context.paragraph - count)]
        elif len(context.previous) >= count:
            number, sub = context.previous[-count]
            until = context.previous[-1] if count > 1 else None
            yield [replace(here, law_name="前条", number=number, sub=sub, until=until)]


# --- the law before --------------------------------------------------------------------------------------------


def _candidate_names(text: str, chain: list[Citation]) -> list[str]:
    """The names that may stand before a list of articles, the longest first."""
    if chain[0].law_id is not None:
        return []
    before = text[max(chain[0].start - _TITLE_REACH, 0) : chain[0].start]
    if title := _TITLE_BEFORE.search(before):
        return [title[1]]
    return [name for name, _ in _bare_names(before)]


def _bare_names(before: str) -> list[tuple[str, int]]:
    """(name, characters before the article at which it begins) for each stretch that may be a name."""
    if not (run := _NAME_BEFORE.search(before[-_NAME_REACH:])):
        return []
    # The words of the middle (婚姻家庭编, 分则) may belong to the name as well.
    distance = len(before[-_NAME_REACH:]) - run.start()
    tail = before[len(before) - distance :]
    ends = {len(tail.rstrip()), len(run[1])}
    names = [(tail[start:end], distance - start) for end in sorted(ends, reverse=True) for start in range(end - 1)]
    return [(name, at) for name, at in names if not name[0].isspace()]


def _with_law(
    text: str, chain: list[Citation], context: Context, directory: Directory, last_law: tuple[str, int] | None
) -> list[Citation]:
    """The same articles with their law; the first one reaches back to where the law's name begins."""
    first = chain[0]
    if first.law_id is not None:
        return chain
    before = text[max(first.start - _TITLE_REACH, 0) : first.start]
    own = context.law_id
    has_di = text[first.start] == "第"
    if title := _TITLE_BEFORE.search(before):
        return _named(chain, title[1], directory.law_id(title[1]), len(before) - title.start())
    if match := _OWN_BEFORE.search(before):
        return _named(chain, match[0].strip(), own, len(before) - match.start())
    if match := _SAME_BEFORE.search(before):
        return _named(chain, match[0].strip(), last_law[1] if last_law else None, len(before) - match.start())
    for name, distance in _bare_names(before):
        if law_id := directory.law_id(name):
            return _named(chain, name, law_id, distance)
    if not has_di:
        return []
    if like := _LAW_LIKE.search(before):
        return _named(chain, like[0].strip(), None, 0)
    if own is not None or last_law is None or not context.bare:
        return _named(chain, "", own, 0)
    return _named(chain, "", last_law[1], 0)


def _named(chain: list[Citation], name: str, law_id: int | None, distance: int) -> list[Citation]:
    """`distance` is how many characters before the first article the name begins."""
    named = [replace(citation, law_name=name, law_id=law_id) for citation in chain]
    named[0] = replace(named[0], start=named[0].start - distance)
    return named


def references(citations: Iterable[Citation]) -> set[tuple[int, int, int]]:
    """(law, number, sub) of all articles that are named, of known laws."""
    return {
        (citation.law_id, number, sub)
        for citation in citations
        if citation.law_id is not None
        for number, sub in citation.targets
    }
