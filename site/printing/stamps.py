"""What a template needs to print of an issued document: number, code, QR and date."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urljoin

from django.urls import reverse

from . import codes, qr
from .fetcher import base_url


@dataclass(frozen=True)
class Stamp:
    """The marks by which a paper is known; `stamp` in the template of an issued document."""

    number: str
    code: str
    """As stored; `grouped` as printed."""
    issued_at: datetime
    issuer: str
    title: str
    kind_label: str

    @property
    def grouped(self) -> str:
        """The code as it is printed and typed."""
        return codes.grouped(self.code)

    @property
    def verify_url(self) -> str:
        """The address that the QR code opens."""
        return urljoin(base_url(), reverse("printing:verify", args=[self.code]))

    @property
    def verify_page(self) -> str:
        """The address where the code can be typed."""
        return urljoin(base_url(), reverse("printing:verify_form"))

    @cached_property
    def qr(self) -> str:
        """The QR code of `verify_url`, as the `src` of an image."""
        return qr.data_uri(self.verify_url)
