"""ID and phone numbers as people type them: folded to one form, and refused with the reason."""

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.sensitive import validate_id_number
from registry.volunteers.choices import IdType

ADULT_AGE = 18
_MOBILE = re.compile(r"1\d{10}")
_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}")
_PAPERS = {
    IdType.HK_MACAO: re.compile(r"[HM]\d{8}(\d{2})?"),
    IdType.TAIWAN: re.compile(r"\d{8}(\d{2})?"),
    IdType.FOREIGNER: re.compile(r"[A-Z]{3}\d{12}|9\d{16}[\dX]"),
    IdType.PASSPORT: re.compile(r"[A-Z0-9]{5,15}"),
}


def fold_number(value: str) -> str:
    """Half-width, upper case, without spaces: ３３０５２２… and 330 522 … are one number."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", value)).upper()


def clean_id_number(id_type: str, value: str) -> str:
    """The number in its one form. Raises ValidationError when no paper of this type can have it."""
    number = fold_number(value)
    if id_type == IdType.RESIDENT:
        validate_id_number(number)
    elif id_type in _PAPERS and not _PAPERS[IdType(id_type)].fullmatch(number):
        raise ValidationError(_("证件号码与证件类型不符，请核对。"), code="id_number")
    return number


def clean_phone(value: str) -> str:
    """A phone number of mainland China in its one form. Raises ValidationError."""
    number = fold_number(value).replace("－", "-").removeprefix("+86")
    if _MOBILE.fullmatch(digits := number.replace("-", "")):
        return digits
    if _LANDLINE.fullmatch(number):
        return number
    raise ValidationError(_("电话号码不对：手机号 11 位，固定电话要带区号。"), code="phone")


def born_on(id_number: str) -> date:
    """The birth date in a valid resident identity number (GB 11643-1999)."""
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def of_age_on(birth_date: date) -> date:
    """The eighteenth birthday (Civil Code article 17); of who was born on 29 February, 1 March."""
    try:
        return birth_date.replace(year=birth_date.year + ADULT_AGE)
    except ValueError:
        return date(birth_date.year + ADULT_AGE, 3, 1)
