"""Checks of what editors type into the home page."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_EXAMPLES = 5
LONGEST_EXAMPLE = 30


def validate_lines(value: str) -> None:
    """At most five lines of at most thirty characters: more does not fit under the search box of a phone."""
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    if len(lines) > MOST_EXAMPLES:
        raise ValidationError(_("最多写 %(most)d 个示例。") % {"most": MOST_EXAMPLES})
    for line in lines:
        if len(line) > LONGEST_EXAMPLE:
            raise ValidationError(_("“%(line)s”太长了，最多 %(most)d 个字。") % {"line": line, "most": LONGEST_EXAMPLE})
