"""Verification codes: short, impossible to guess, and telling when one was mistyped or altered.

Eleven random characters of Crockford's base 32 (no I, L, O, U) and a check character: 55 bits. The check is a
polynomial over the field of 32 elements: one changed character, or two that changed places, never pass.
"""

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_GROUP = 4
_VALUES = {char: value for value, char in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}


def new_code() -> str:
    """A code that nobody can know before."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check(body)


def normalize(text: str) -> str:
    """A code as somebody typed it, as it is stored: groups joined, 0 for O, 1 for I and L, full width made half."""
    folded = unicodedata.normalize("NFKC", text).upper()
    kept = (char for char in folded if char.isalnum())
    return "".join(ALPHABET[_VALUES[char]] if char in _VALUES else char for char in kept)


def is_sound(code: str) -> bool:
    """Whether a normalized code can have been given out: right length, right characters, right check."""
    return len(code) == LENGTH and all(char in ALPHABET for char in code) and _check(code[:-1]) == code[-1]


def grouped(code: str) -> str:
    """As printed: ABCD-EFGH-JKMN."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def _double(value: int) -> int:
    """Times x in GF(32), modulo x⁵ + x² + 1: primitive, so that each place of a code has a weight of its own."""
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


def _check(body: str) -> str:
    total = 0
    for char in body:
        total = _double(total ^ _VALUES[char])
    return ALPHABET[total]
