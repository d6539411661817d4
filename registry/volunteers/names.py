"""Names of people, as forms take them."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_LETTERS = r"[^\W\d_]+"
_NAME = re.compile(rf"{_LETTERS}(?:[·・•.\-' ]{_LETTERS})*")


def clean_name(value: str) -> str:
    """A name as it is written: 𠅤, 买买提·艾力 and Mary O'Hara are names; digits, signs and emoji are not.

    Raises ValidationError.
    """
    name = unicodedata.normalize("NFC", " ".join(value.split()))
    if not _NAME.fullmatch(name):
        raise ValidationError(_("姓名只能有文字和间隔号“·”。"), code="name")
    return name
