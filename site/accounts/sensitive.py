"""ID and phone numbers: encrypted in the database, shown masked, compared by a keyed hash, never searched in plain.

Personal Information Protection Law articles 28 and 51: sensitive information is encrypted and de-identified.
"""

import base64
import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured, ValidationError
from django.db import models
from django.utils.translation import gettext as _
from stdnum.cn import ric


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("DATA_KEYS is empty: without a key no ID or phone number can be kept.")
    return MultiFernet([Fernet(_derived(key, b"encrypt")) for key in keys])


def _derived(key: str, purpose: bytes) -> bytes:
    return base64.urlsafe_b64encode(hmac.digest(key.encode(), purpose, hashlib.sha256))


def encrypt(data: bytes) -> bytes:
    """A file's bytes as they are kept."""
    return _cipher(tuple(settings.DATA_KEYS)).encrypt(data)


def decrypt(data: bytes) -> bytes:
    """The bytes of a file that `encrypt` made. Raises UnreadableError."""
    try:
        return _cipher(tuple(settings.DATA_KEYS)).decrypt(data)
    except InvalidToken as error:
        raise UnreadableError("A file cannot be decrypted: is a key missing from DATA_KEYS?") from error


class UnreadableError(Exception):
    """What is encrypted cannot be read: none of DATA_KEYS is the key that it was encrypted with."""


class EncryptedTextField(models.TextField):
    """Text that is encrypted in the database with the first of settings.DATA_KEYS, and read with any of them.

    Nothing can be looked up by it, `isnull` apart: that is what a fingerprint beside it is for.
    """

    def get_prep_value(self, value: Any) -> str | None:
        """What is stored: nothing for nothing."""
        text = super().get_prep_value(value)
        if not text:
            return text
        return _cipher(tuple(settings.DATA_KEYS)).encrypt(str(text).encode()).decode("ascii")

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """What was entered. Raises UnreadableError rather than show the ciphertext as a number."""
        if not value:
            return value
        try:
            return _cipher(tuple(settings.DATA_KEYS)).decrypt(value.encode("ascii")).decode()
        except (InvalidToken, UnicodeEncodeError) as error:
            raise UnreadableError(f"{self} cannot be decrypted: is a key missing from DATA_KEYS?") from error

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is a value."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: it cannot be looked up by {lookup_name!r}.")
        return super().get_lookup(lookup_name)


def fingerprint(value: str) -> str:
    """A keyed hash of an ID or phone number (64 hexadecimal digits), by which duplicates are found.

    It is made with the last of settings.DATA_KEYS, so that putting a new key in front changes none.
    """
    if not settings.DATA_KEYS:
        raise ImproperlyConfigured("DATA_KEYS is empty: without a key no number can be compared.")
    key = _derived(settings.DATA_KEYS[-1], b"fingerprint")
    return hmac.new(key, value.strip().upper().encode(), hashlib.sha256).hexdigest()


def mask_id_number(value: str) -> str:
    """330522********1234: the division and the last four. Of a shorter number, where they are nearly all, none."""
    return f"{value[:6]}{'*' * (len(value) - 10)}{value[-4:]}" if len(value) > 14 else "*" * len(value)


def mask_phone(value: str) -> str:
    """138****5678."""
    return f"{value[:3]}****{value[-4:]}" if len(value) >= 10 else "*" * len(value)


def mask_name(value: str) -> str:
    """张*, 欧**: the first character, and a star for each other."""
    return value[:1] + "*" * (len(value) - 1)


def validate_id_number(value: str) -> None:
    """Refuse what is no resident identity number (GB 11643-1999: 18 characters, a birth date and a check character)."""
    if not ric.is_valid(value):
        raise ValidationError(_("身份证号码不对：应是 18 位，最后一位是校验码，请逐位核对。"), code="id_number")
