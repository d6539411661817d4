"""A picture of the back office that nobody has drawn is an empty space on its button."""

import re
from pathlib import Path

from django.conf import settings
from wagtail.admin.icons import get_icons

ROOT = Path(settings.BASE_DIR)
IN_TEMPLATES = re.compile(r"""\{% icon name=["']([\w-]+)["']""")
IN_CODE = re.compile(r"""\b(?:header_)?icon(?:_name)?\s*[:=]\s*["']([\w-]+)["']""")


def named() -> dict[str, Path]:
    """The icons that templates and views of the back office name, each with a file that does."""
    rooms = (ROOT / room for room in ("registry", "knowledge", "search", "site"))
    found: dict[str, Path] = {}
    for pattern, files in (
        (IN_TEMPLATES, (ROOT / "templates").rglob("*.html")),
        (IN_CODE, (file for room in rooms for file in room.rglob("*.py"))),
    ):
        for file in files:
            found |= dict.fromkeys(pattern.findall(file.read_text(encoding="utf-8")), file)
    return found


def test_every_icon_of_the_back_office_is_there():
    icons = named()
    assert len(icons) > 20
    known = set(re.findall(r'id="icon-([\w-]+)"', get_icons()))
    assert {name: str(file) for name, file in icons.items() if name not in known} == {}
