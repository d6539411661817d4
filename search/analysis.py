"""Text to terms: the same for documents and queries, for every engine.

Chinese has no spaces between words, and a resident does not write the words of the law. So nothing is segmented: each
run of Han characters becomes its single characters and its overlapping pairs, in the order of the text

    离婚后  →  离 离婚 婚 婚后 后

which needs no dictionary and no plugin in any engine: an engine gets the terms with spaces between them and splits at
the spaces. The order makes phrases exact as well: the terms of a phrase stand side by side in every text that holds
it, and two runs that touch only across punctuation lack the pair between them.
"""

import hashlib
import re
import unicodedata
from functools import cache
from itertools import pairwise

import opencc

MAX_QUERY_CHARS = 200
"""A query is searched up to here; ten times what people type, and short enough to be quick at its worst."""
MAX_WORD_CHARS = 40
"""A "word" of Latin letters or digits is cut here: nobody types the rest of a hash."""

HAN = "々〇㐀-䶿一-鿿豈-﫿\U00020000-\U000323af"
_RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_HAN_CHARACTER = re.compile(rf"[{HAN}]")

# Scraped text sometimes writes a character twice, as itself and as its sound: 服務(wù)人口, 經濟(jì). What is in the
# brackets is a single syllable of Latin letters with a tone mark.
_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_ANNOTATION = re.compile(rf"\(\s?[a-zü]{{0,4}}[{_TONES}][a-zü]{{0,4}}\s?\)")

# Characters that converters choose by the word they stand in (了解 瞭解, 借口 藉口, 家具 傢俱), so that no table of
# characters takes them back. A search may hold them for the same.
_SAME = {
    "瞭": "了",
    "著": "着",
    "藉": "借",
    "覆": "复",
    "俱": "具",
    "座": "坐",
    "揹": "背",
    "甦": "苏",
    "迳": "径",
    "幺": "么",
}

_SAMPLE = "離婚(hūn)後，wifi密码１０79條 Ⅳ ㈠"

_HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))


@cache
def _simplified() -> dict[int, str]:
    """Each traditional or variant character and the simplified one that stands for it, for `str.translate`.

    Character by character, so that folding keeps lengths and does not depend on where a text is cut; what OpenCC
    decides by the word is put together here instead. Both sides of a search are folded by the same table.
    """
    characters = [chr(point) for first, end in _HAN_BLOCKS for point in range(first, end)]
    joined = "\n".join(characters)
    simple = dict(zip(characters, opencc.OpenCC("t2s").convert(joined).split("\n"), strict=True))
    table = {ord(old): new for old, new in simple.items() if old != new and len(new) == 1}
    # A simplified character whose Taiwan or Hong Kong form is not taken back by t2s (檐 → 簷, 卫 → 衞).
    for scheme in ("s2tw", "s2hk"):
        converted = opencc.OpenCC(scheme).convert(joined).split("\n")
        for old, variant in zip(characters, converted, strict=True):
            if len(variant) == 1 and simple[old] == old and simple[variant] == variant != old:
                table[ord(variant)] = old
    table |= {ord(old): new for old, new in _SAME.items()}
    # No chains: a character that a later rule replaces is replaced at once.
    return {point: table.get(ord(new), new) for point, new in table.items()}


def clean(text: str) -> str:
    """The text without what no engine, database or page can hold: NUL and other controls, lone surrogates.

    Line breaks and tabs stay.
    """
    return _UNFIT.sub("", text)


def fold(text: str) -> str:
    """The text as it is compared: NFKC, lower case, simplified, without doubled characters.

    For comparing only, never to be shown: it is not good simplified Chinese (著作 becomes 着作 on both sides).
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    if "(" in folded:
        folded = _ANNOTATION.sub("", folded)
    return folded.translate(_simplified())


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in `text` that it came from.

    One more place, the length of `text`, stands at the end of the list, so that a stretch `folded[a:b]` began at
    `offsets[a]` and ended before `offsets[b]` (or before an annotation that was left out there).
    """
    if all(map(_keeps_its_place, set(text))):
        folded, offsets = unicodedata.normalize("NFKC", text).lower(), list(range(len(text)))
    else:
        folded, offsets = _fold_piecewise(text)
    offsets.append(len(text))
    if "(" in folded:
        for match in reversed(list(_ANNOTATION.finditer(folded))):
            folded = folded[: match.start()] + folded[match.end() :]
            del offsets[match.start() : match.end()]
    return folded.translate(_simplified()), offsets


@cache
def _keeps_its_place(character: str) -> bool:
    """Whether NFKC and lower case make one character of this one, whatever stands beside it."""
    return len(unicodedata.normalize("NFKC", character).lower()) == 1 and not unicodedata.combining(character)


def _fold_piecewise(text: str) -> tuple[str, list[int]]:
    """NFKC and lower case, character by character, each with the combining marks after it that NFKC may join to it."""
    starts = [i for i, c in enumerate(text) if i == 0 or not unicodedata.combining(c)]
    pieces: list[str] = []
    offsets: list[int] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        piece = unicodedata.normalize("NFKC", text[start:end]).lower()
        pieces.append(piece)
        offsets.extend([start] * len(piece))
    return "".join(pieces), offsets


def is_han(character: str) -> bool:
    """Whether this is a Han character."""
    return _HAN_CHARACTER.match(character) is not None


def runs(folded: str) -> list[str]:
    """The stretches of folded text that terms are made of: runs of Han characters, words of other scripts."""
    return _RUN.findall(folded)


def terms(text: str) -> list[str]:
    """The terms of a text in its order: of Han each character and each pair, of other scripts each word."""
    return folded_terms(fold(text))


def folded_terms(folded: str) -> list[str]:
    """`terms` of a text that is folded already."""
    found: list[str] = []
    for run in _RUN.findall(folded):
        if _HAN_CHARACTER.match(run) is None:
            found.append(run[:MAX_WORD_CHARS])
            continue
        for first, second in pairwise(run):
            found += (first, first + second)
        found.append(run[-1])
    return found


def whole_terms(folded: str) -> list[str]:
    """The terms that a folded text must hold to hold these words: the pairs of Han, lone characters, other words.

    A pair holds both its characters, so these are left out: fewer terms that say the same.
    """
    found: list[str] = []
    for run in runs(folded):
        terms_of_run = folded_terms(run)
        found += [term for term in terms_of_run if len(term) > 1 or not is_han(term)] or terms_of_run
    return list(dict.fromkeys(found))


@cache
def fingerprint() -> str:
    """Some letters that change whenever the terms of a text may: an index made with others has to be built anew."""
    parts = (
        MAX_WORD_CHARS,
        _RUN.pattern,
        _ANNOTATION.pattern,
        unicodedata.unidata_version,
        _simplified(),
        terms(_SAMPLE),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


# Words that a question is made with and that say nothing of what it is about. Longer ones first: 怎么办 before 怎么.
# The list is short on purpose: a long stop list loses more than it wins (有没有 goes, 没有 may be the point).
_QUESTION_WORDS = (
    "怎么办|怎么样|怎么|怎样|咋办|咋|如何|什么|为什么|为何|何时|哪些|哪个|哪里|哪种|哪|多少|几个|多久|谁"
    "|是否|能否|可否|是不是|能不能|可不可以|会不会|要不要|有没有|该不该|算不算|请问|想问一下|想问|问一下"
    "|吗|呢|啊|吧|呀|嘛|么|你|您|她|它|们"
)
# The same characters inside words that are no question words: 目的 标的, 了解 了结, 他人 其他, 自我 我国.
_PARTICLES = "(?<![目标])的|了(?![解结])|(?<!其)他(?!人)|(?<!自)我(?!国)"
_QUESTION = re.compile("|".join([*sorted(_QUESTION_WORDS.split("|"), key=len, reverse=True), _PARTICLES]))


def without_question_words(folded: str) -> str:
    """A folded question with a space in the place of each character of its question words."""
    return _QUESTION.sub(lambda word: " " * len(word[0]), folded)


def query_terms(text: str) -> list[str]:
    """The terms that a question is searched by: question words and repeats left out, in order, bounded in number.

    A question made of nothing but question words (什么, 谁) keeps them.
    """
    folded = fold(clean(text)[:MAX_QUERY_CHARS])[:MAX_QUERY_CHARS]
    return list(dict.fromkeys(folded_terms(_QUESTION.sub(" ", folded)) or folded_terms(folded)))
