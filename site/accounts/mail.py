"""E-mail to somebody about their account."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.template.loader import render_to_string

_HOUR = 3600


def send(to: str, template: str, **context: Any) -> None:
    """Send the text `accounts/mail/<template>.txt`; its first line is the subject."""
    context |= {"site_name": settings.WAGTAIL_SITE_NAME, "base_url": settings.WAGTAILADMIN_BASE_URL.rstrip("/")}
    subject, _line, body = render_to_string(f"accounts/mail/{template}.txt", context).strip().partition("\n")
    send_mail(subject.strip(), body.strip() + "\n", settings.DEFAULT_FROM_EMAIL, [to])


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
