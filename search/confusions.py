"""Which characters are typed for which: by sound, by sound as many dialects have it, by their look."""

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from .pinyin import readings

LOOKALIKES = Path(__file__).parent / "data" / "lookalikes.txt"
"""One line for each character: it, then those that look like it, most alike first (see data/make_lookalikes.py)."""

SAME_SOUND, NEAR_SOUND, SAME_LOOK = 0.0, 1.0, 1.0
"""What a confusion costs, in the units of `spelling`: the logarithm of how often a pair is written."""

# Sounds that whole provinces do not tell apart, and with them their pinyin keyboards.
_NEAR = (
    (re.compile(r"^([zcs])h"), r"\1"),
    (re.compile(r"^n(?=[aeiouv])"), "l"),
    (re.compile(r"^hui$"), "fei"),
    (re.compile(r"^hun$"), "fen"),
    (re.compile(r"^hu(?=[ao])"), "f"),
    (re.compile(r"^hu$"), "fu"),
    (re.compile(r"(?<=[aei])ng$"), "n"),
)


def near_sound(syllable: str) -> str:
    """The syllable with the sounds that many do not tell apart written alike: zhang, zan → zan."""
    for pattern, plain in _NEAR:
        syllable = pattern.sub(plain, syllable)
    return syllable


@cache
def _common() -> str:
    """The characters that anybody types: those of GB 2312."""
    codes = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return "".join(code.decode("gb2312", "ignore") for code in codes)


@cache
def _by_sound() -> tuple[dict[str, str], dict[str, str]]:
    """The common characters by their usual syllables, and by their near ones: the two usual readings of each."""
    same: defaultdict[str, list[str]] = defaultdict(list)
    near: defaultdict[str, list[str]] = defaultdict(list)
    for character in _common():
        for syllable in readings(character)[:1]:
            same[syllable].append(character)
        for syllable in dict.fromkeys(map(near_sound, readings(character)[:2])):
            near[syllable].append(character)
    return {key: "".join(found) for key, found in same.items()}, {key: "".join(found) for key, found in near.items()}


@cache
def _by_look() -> dict[str, str]:
    lines = LOOKALIKES.read_text(encoding="utf-8").splitlines()
    return {line[0]: line[1:] for line in lines if line}


@cache
def confusions(character: str) -> dict[str, float]:
    """What may have been meant where this character stands, and what each costs; the character itself is not in it."""
    same, near = _by_sound()
    costs: dict[str, float] = {}
    for rank, other in enumerate(_by_look().get(character, "")):
        costs[other] = SAME_LOOK + rank * 0.2
    for syllable in readings(character):
        for other in near.get(near_sound(syllable), ""):
            costs[other] = min(NEAR_SOUND, costs.get(other, NEAR_SOUND))
    for syllable in readings(character):
        for other in same.get(syllable, ""):
            costs[other] = SAME_SOUND
    costs.pop(character, None)
    return costs
