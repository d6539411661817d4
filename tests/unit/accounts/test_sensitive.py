"""Numbers as they are shown."""

import pytest

from accounts.sensitive import mask_id_number, mask_phone


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("33052219900101123X", "330522********123X"),
        ("330522900101123", "330522*****1123"),
        ("H1234567801", "*" * 11),
        ("", ""),
    ],
)
def test_an_id_number_shows_its_ends_only_where_enough_is_left_between_them(number, shown):
    assert mask_id_number(number) == shown


def test_a_phone_number_shows_its_ends():
    assert [mask_phone(number) for number in ("13800001234", "12345")] == ["138****1234", "*****"]
