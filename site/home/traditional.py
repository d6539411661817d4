"""Simplified text in traditional characters, by OpenCC and by the corrections that legal texts need."""

import re
from functools import cache
from pathlib import Path

import opencc

HAN_RANGE = "\u2e80-\u2fdf\u3007\u3021-\u3029\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
HAN = re.compile(f"[{HAN_RANGE}]")

CORRECTIONS = Path(__file__).parent / "data" / "traditional.tsv"


@cache
def _converter() -> opencc.OpenCC:
    """Made at first use: the dictionaries take some 30 ms to load."""
    return opencc.OpenCC("s2tw")


@cache
def corrections() -> tuple[re.Pattern[str], dict[str, str]]:
    """What OpenCC gets wrong in legal texts: a pattern of all the words, and the right form of each."""
    lines = CORRECTIONS.read_text(encoding="utf-8").splitlines()
    words = dict(line.split("\t") for line in lines if line and not line.startswith("#"))
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), words


def to_traditional(text: str) -> str:
    """Simplified text in traditional characters, by the standards of Taiwan; other text stays as it is.

    The corrections are found in the original and laid over the conversion, which has a character for each of it.
    """
    if not HAN.search(text):
        return text
    if "\0" in text:  # OpenCC takes it for the end
        return "\0".join(map(to_traditional, text.split("\0")))
    converted = str(_converter().convert(text))
    if len(converted) != len(text):
        return converted
    pattern, words = corrections()
    pieces, end = [], 0
    for word in pattern.finditer(text):
        pieces += [converted[end : word.start()], words[word[0]]]
        end = word.end()
    return "".join([*pieces, converted[end:]])
