"""Says at start what printing lacks, and how to get it."""

import ctypes
import ctypes.util
import shutil
import subprocess
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Lack
from django.urls import NoReverseMatch, reverse

FONTS = ("Noto Serif CJK SC", "Noto Sans CJK SC")
"""The families that `printing/css/print.css` names in every stack."""
_LIBRARIES = {
    "pango-1.0": "libpango-1.0.so.0",
    "pangoft2-1.0": "libpangoft2-1.0.so.0",
    "harfbuzz-subset": "libharfbuzz-subset.so.0",
}
"""The libraries by their general names, and as Linux has them."""


@register("printing")
def libraries_and_fonts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The text-layout library and the Chinese fonts. Warnings: a site without them serves all but PDFs."""
    found: list[CheckMessage] = []
    missing = missing_libraries()
    if missing:
        found.append(
            Lack(
                f"Printing lacks libraries: {', '.join(missing)}.",
                hint="On Debian: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig.",
                id="printing.W001",
            )
        )
    lacking = missing_fonts()
    if lacking:
        found.append(
            Lack(
                f"Printing lacks Chinese fonts: {', '.join(lacking)}. PDFs would have empty boxes instead of text.",
                hint="On Debian: apt install fonts-noto-cjk fontconfig.",
                id="printing.W002",
            )
        )
    return found


@register("printing")
def addresses(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The verification page must have an address: it is printed on every paper."""
    try:
        reverse("printing:verify_form")
    except NoReverseMatch:
        return [Error("The URL configuration lacks printing.urls.", id="printing.E001")]
    if not settings.WAGTAILADMIN_BASE_URL.startswith(("http://", "https://")):
        return [Error("BASE_URL must begin with http:// or https://: QR codes lead there.", id="printing.E002")]
    return []


def missing_libraries() -> list[str]:
    """The libraries that cannot be loaded, by their general names."""
    return [name for name, file in _LIBRARIES.items() if not _loads(file) and ctypes.util.find_library(name) is None]


def _loads(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def missing_fonts() -> list[str]:
    """The families that fontconfig does not know; all of them where it is not installed."""
    fc_list = shutil.which("fc-list")
    if fc_list is None:
        return list(FONTS)
    listed = subprocess.run([fc_list, ":", "family"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    return [font for font in FONTS if font not in listed]
