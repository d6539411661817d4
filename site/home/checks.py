"""What is wrong with this installation, and what to do about it: run by `manage.py check` and at each start."""

import ctypes.util
import os
import shutil
import subprocess
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning


@register(Tags.files)
def check_data_folder(**kwargs: Any) -> list[CheckMessage]:
    """The data folder can be written."""
    if os.access(settings.DATA_DIR, os.W_OK):
        return []
    return [
        Error(
            f"The data folder {settings.DATA_DIR} cannot be written.",
            hint="Give it to the user that runs the site, or name another in XIANGYUE_DATA_DIR.",
            id="home.E001",
        )
    ]


@register(Tags.compatibility)
def check_printing(**kwargs: Any) -> list[CheckMessage]:
    """What PDFs need from the system is there: the layout library, and a font with Chinese characters."""
    problems: list[CheckMessage] = []
    if ctypes.util.find_library("pangoft2-1.0") is None:
        problems.append(
            CheckWarning(
                "The text-layout library Pango is missing: no PDF can be made.",
                hint="Install the packages libpango-1.0-0 and libpangoft2-1.0-0.",
                id="home.W001",
            )
        )
    if not _has_chinese_font():
        problems.append(
            CheckWarning(
                "No font with Chinese characters was found: PDFs would show empty boxes.",
                hint="Install the package fonts-noto-cjk.",
                id="home.W002",
            )
        )
    return problems


def _has_chinese_font() -> bool:
    fc_list = shutil.which("fc-list")
    if fc_list is None:
        # Without fontconfig's own tool there is no telling; the PDF tests look at the glyphs themselves.
        return True
    listing = subprocess.run([fc_list, ":lang=zh", "family"], capture_output=True, check=False)  # noqa: S603
    return bool(listing.stdout.strip())
