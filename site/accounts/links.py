"""Links that are sent by e-mail: signed, so that nobody else can make one, and good for a while."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


class BadLinkError(Exception):
    """The link is not ours, was altered, or is too old."""


@dataclass(frozen=True)
class Link:
    """A kind of link. Each has its own salt: one kind is never taken for another."""

    salt: str
    view: str

    def make(self, **content: Any) -> str:
        """The link's address, of this site alone whatever host was asked for."""
        token = signing.dumps(content, salt=self.salt, compress=True)
        return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse(self.view, args=[token])

    def read(self, token: str) -> dict[str, Any]:
        """What the link holds. Raises BadLinkError."""
        try:
            content: dict[str, Any] = signing.loads(token, salt=self.salt, max_age=settings.ACCOUNT_LINK_SECONDS)
        except signing.BadSignature as error:
            raise BadLinkError from error
        return content


REGISTRATION = Link("accounts.registration", "account:register_confirm")
EMAIL_CHANGE = Link("accounts.email_change", "account:email_confirm")


def safe_next(address: str, request: Any) -> str:
    """The address, where it is one of this site; else an empty string."""
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if safe else ""
