"""The back office speaks Chinese: what Wagtail's own translation lacks is in ours."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import wagtail
from django.conf import settings

WAGTAIL = Path(wagtail.__file__).parent
OURS = Path(settings.BASE_DIR) / "locale" / "wagtail" / "zh_Hans" / "LC_MESSAGES" / "django.po"
# Parts of Wagtail that are not installed here.
ELSEWHERE = {"forms", "simple_translation", "styleguide", "typed_table_block", "locales"}


class Message(NamedTuple):
    """One entry of a catalogue."""

    context: str
    text: str
    plural: str
    translation: str


def messages(path: Path) -> Iterator[Message]:
    """The entries of a .po file, without its head."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if found := re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[0\])?) (".*")$', line):
                name = found[1]
                fields[name] = ast.literal_eval(found[2])
            elif line.startswith('"') and name:
                fields[name] += ast.literal_eval(line)
        if fields.get("msgid"):
            translation = fields.get("msgstr", "") or fields.get("msgstr[0]", "")
            yield Message(fields.get("msgctxt", ""), fields["msgid"], fields.get("msgid_plural", ""), translation)


def placeholders(text: str) -> set[str]:
    """What is filled into a message."""
    return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))


def test_nothing_in_the_back_office_is_left_in_english() -> None:
    ours = {(message.context, message.text) for message in messages(OURS) if message.translation}
    missing = []
    for english in WAGTAIL.rglob("locale/en/LC_MESSAGES/django.po"):
        if english.parents[3].name in ELSEWHERE:
            continue
        chinese = Path(str(english).replace("/en/", "/zh_Hans/"))
        theirs = {(message.context, message.text) for message in messages(chinese) if message.translation}
        missing += [m.text for m in messages(english) if (m.context, m.text) not in ours | theirs]
    assert missing == []


def test_a_translation_fills_in_what_the_original_does() -> None:
    for message in messages(OURS):
        assert placeholders(message.translation) == placeholders(message.plural or message.text), message.text
        assert re.search(r"[\u4e00-\u9fff]", message.translation) or not re.search("[a-z]{3} [a-z]{3}", message.text)
