"""Verification codes."""

from hypothesis import given
from hypothesis import strategies as st

from printing import codes


def test_codes_are_sound_and_never_twice():
    made = {codes.new_code() for _ in range(500)}
    assert len(made) == 500
    assert all(codes.is_sound(code) for code in made)


@given(st.integers(0, codes.LENGTH - 1), st.sampled_from(codes.ALPHABET))
def test_a_changed_character_is_told(place, char):
    code = codes.new_code()
    altered = code[:place] + char + code[place + 1 :]
    assert codes.is_sound(altered) == (altered == code)


@given(st.integers(0, codes.LENGTH - 2))
def test_neighbours_that_changed_places_are_told(place):
    code = codes.new_code()
    altered = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert codes.is_sound(altered) == (altered == code)


def test_what_people_type_is_read():
    code = codes.new_code()
    typed = codes.grouped(code).lower().replace("0", "o").replace("1", "l").replace("-", " — ")
    full_width = "".join(chr(ord(char) + 0xFEE0) for char in code)
    assert codes.normalize(typed) == code
    assert codes.normalize(full_width) == code


@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    codes.is_sound(codes.normalize(text))
