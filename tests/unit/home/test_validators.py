"""What editors may type into the home page."""

import pytest
from django.core.exceptions import ValidationError

from home.validators import validate_lines


@pytest.mark.parametrize("text", ["", "一句", "一\n\n二\n三\n四\n五\n", "字" * 30])
def test_few_and_short_examples_are_taken(text: str) -> None:
    validate_lines(text)


@pytest.mark.parametrize("text", ["一\n二\n三\n四\n五\n六", "字" * 31])
def test_more_or_longer_ones_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        validate_lines(text)
