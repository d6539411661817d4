"""E-mail to somebody: about their account, or about what was done with what is theirs."""

import hashlib
import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial, wraps
from typing import Any, ParamSpec

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format

logger = logging.getLogger(__name__)

_HOUR = 3600
_Told = ParamSpec("_Told")


def send(to: str, template: str, **context: Any) -> None:
    """Send the text `accounts/mail/<template>.txt`; its first line is the subject."""
    subject, body = _written(template, context)
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [to])


def letter(write: Callable[_Told, None]) -> Callable[_Told, None]:
    """Decorates what writes to somebody else: in the site's language, whatever the one who acts reads the site in."""

    @wraps(write)
    def in_the_site_language(*args: _Told.args, **kwargs: _Told.kwargs) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            write(*args, **kwargs)

    return in_the_site_language


def tell(addresses: Iterable[str], subject: str, text: str, *, path: str = "") -> None:
    """Write to each of these addresses once what is told of is certain; `path` is where on the site to look.

    One letter each: nobody learns the others' addresses. What was done stands even when a letter is not sent.
    """
    subject, body = _written("told", {"subject": subject, "text": text, "path": path})
    for address in dict.fromkeys(filter(None, addresses)):
        transaction.on_commit(partial(_send, address, subject, body))


def day(value: date) -> str:
    """A day as letters write it."""
    return date_format(value, "Y年n月j日")


def moment(value: datetime) -> str:
    """A day and a time as letters write them."""
    return date_format(timezone.localtime(value), "Y年n月j日 H:i")


def _written(template: str, context: dict[str, Any]) -> tuple[str, str]:
    """The subject and the text of a letter."""
    known = {
        "site_name": settings.WAGTAIL_SITE_NAME,
        "base_url": settings.WAGTAILADMIN_BASE_URL.rstrip("/"),
        "hours": settings.ACCOUNT_LINK_SECONDS // _HOUR,
        "now": timezone.localtime(),
    }
    text = render_to_string(f"accounts/mail/{template}.txt", known | context)
    subject, _line, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def _send(address: str, subject: str, body: str) -> None:
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])
    except OSError:
        logger.exception("A letter was not sent: %s", subject)


def may_write_to(address: str) -> bool:
    """Whether an address that somebody typed may be written to once more within the hour.

    Nobody fills a stranger's mailbox through this site. The address is counted by its hash.
    """
    key = "mail-to:" + hashlib.blake2b(address.strip().lower().encode(), digest_size=16).hexdigest()
    cache.add(key, 0, _HOUR)
    try:
        return bool(cache.incr(key) <= settings.ACCOUNT_MAILS_PER_HOUR)
    except ValueError:  # it ran out between the two calls
        return True
