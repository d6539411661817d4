"""Numbers as statutes write them: 一千零七十九, 1079, １０７９, 壹佰."""

import re
import unicodedata

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "○": 0, "Ｏ": 0, "两": 2, "兩": 2}
_DIGITS |= {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
_DIGITS |= {"貳": 2, "參": 3, "叄": 3, "陸": 6}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}

CHINESE_NUMERAL = "[零〇○一二三四五六七八九十百千两]"
"""A character class: what the number of an article is written with in a statute."""
MAX_NUMBER = 9999

_DECIMAL = re.compile(r"[0-9]{1,4}")


def parse_number(text: str) -> int | None:
    """The value of a numeral below ten thousand, or None when this is not one.

    Accepts digits of either width, numerals with units (一千零七十九, 十二) and bare digits (一〇七九).
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if _DECIMAL.fullmatch(text):
        return int(text)
    if not text or any(char not in _DIGITS and char not in _UNITS for char in text):
        return None
    if not any(char in _UNITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text)) if len(text) <= 4 else None
    return _parse_units(text)


def _parse_units(text: str) -> int | None:
    total, digit, last_unit = 0, None, 10_000
    for char in text:
        unit = _UNITS.get(char)
        if unit is None:
            if digit:
                return None  # 二三十: two digits in a row
            digit = _DIGITS[char]
            continue
        if unit >= last_unit or (digit is None and unit != 10):
            return None  # 十百, 百: a unit out of order, or one without its digit
        # 十二 is twelve; in 一百零十 and 二百十五 the one before 十 is left out as well.
        total += (digit or 1) * unit
        digit, last_unit = None, unit
    return total + (digit or 0)


def format_number(number: int) -> str:
    """The number as a statute writes it: 10 → 十, 110 → 一百一十, 1079 → 一千零七十九.

    Raises ValueError outside 1–9999.
    """
    if not 1 <= number <= MAX_NUMBER:
        raise ValueError(f"not the number of an article: {number}")
    written, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            written += ("零" if zero else "") + "零一二三四五六七八九"[digit] + name
            zero = False
        elif written:
            zero = True
    return written.removeprefix("一") if written.startswith("一十") else written


def format_label(number: int, sub: int = 0) -> str:
    """The label of an article: 第一百三十三条之一."""
    label = f"第{format_number(number)}条"
    return f"{label}之{format_number(sub)}" if sub else label
