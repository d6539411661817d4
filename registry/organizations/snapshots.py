"""A filing as it is submitted, and what changed from one submission to the next."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from accounts.sensitive import fingerprint, mask_phone
from registry.organizations.models import Filing, FilingFile

FIELDS = (
    "name",
    "form",
    "credit_code",
    "kind",
    "field_of_work",
    "place",
    "aims",
    "head_name",
    "head_phone",
    "head_public",
    "contact_phone",
    "contact_email",
    "premises",
    "premises_right",
)
LISTS = ("founders", "members", "files")

_MARK_LENGTH = 12
_ALIKE, _LONG = 0.5, 20
"""Texts that share less than this, or are no longer, are shown whole: single characters in common say nothing."""


def content_of(filing: Filing) -> dict[str, Any]:
    """What is kept of a submission: codes of choices, names of what is referred to, phone numbers masked."""
    content: dict[str, Any] = {name: getattr(filing, name) for name in FIELDS}
    content["kind"] = filing.kind.name
    content["place"] = filing.place.full_name
    content["head_phone"] = _phone(filing.head_phone)
    for people in ("founders", "members"):
        content[people] = [
            {"name": person.name, "duty": person.duty, "phone": _phone(person.phone)}
            for person in getattr(filing, people).all()
        ]
    content["files"] = [{"kind": file.kind, "name": file.name, "sha256": file.sha256} for file in filing.files.all()]
    return content


def _phone(number: str) -> dict[str, str]:
    """A number as a snapshot holds it: what screens show, and a mark by which a change is seen."""
    return {"shown": mask_phone(number), "mark": fingerprint(number)[:_MARK_LENGTH]} if number else {}


class Piece(NamedTuple):
    """A stretch of a text, and whether the other text lacks it."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison of two submissions."""

    name: str
    label: str
    now: str
    before: str = ""
    changed: bool = False

    @property
    def before_pieces(self) -> list[Piece]:
        """What it said, with what went."""
        return _pieces(self.before, self.now)

    @property
    def now_pieces(self) -> list[Piece]:
        """What it says, with what came."""
        return _pieces(self.now, self.before)


@dataclass(frozen=True, slots=True)
class Entry:
    """A person or a file of a list, and whether it came or went."""

    text: str
    change: str = ""
    """`added`, `removed`, or nothing."""


@dataclass(frozen=True, slots=True)
class Group:
    """A list of people or files of the comparison."""

    name: str
    label: str
    entries: list[Entry] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything came or went."""
        return any(entry.change for entry in self.entries)

    @property
    def count(self) -> int:
        """How many there are now."""
        return sum(entry.change != "removed" for entry in self.entries)

    @property
    def added(self) -> int:
        """How many came."""
        return sum(entry.change == "added" for entry in self.entries)

    @property
    def removed(self) -> int:
        """How many went."""
        return sum(entry.change == "removed" for entry in self.entries)


def compare(now: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> list[Line]:
    """The particulars of a submission beside those of the one before."""
    lines = []
    for name in FIELDS:
        old = before.get(name) if before is not None else None
        changed = before is not None and old != now.get(name)
        shown = _shown(name, old) if changed else ""
        lines.append(Line(name, label_of(name), _shown(name, now.get(name)), shown, changed))
    return lines


def compare_lists(now: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> list[Group]:
    """The people and files of a submission, with those that came and went since the one before."""
    groups = []
    for name in LISTS:
        current = now.get(name, [])
        old = current if before is None else before.get(name, [])
        entries = [Entry(_text(name, row), "" if row in old else "added") for row in current]
        entries += [Entry(_text(name, row), "removed") for row in old if row not in current]
        # What changed comes first: nobody should have to look for it among two thousand members.
        entries.sort(key=lambda entry: not entry.change)
        groups.append(Group(name, label_of(name), entries))
    return groups


def _pieces(text: str, other: str) -> list[Piece]:
    """A long text cut where it begins to differ; a name, a number, or what is written anew is one piece."""
    matcher = SequenceMatcher(None, other, text, autojunk=False)
    if max(len(text), len(other)) <= _LONG or matcher.ratio() < _ALIKE:
        return [Piece(text, differs=True)] if text else []
    return [
        Piece(text[begin:end], differs=tag != "equal")
        for tag, _from, _to, begin, end in matcher.get_opcodes()
        if begin < end
    ]


def label_of(name: str) -> str:
    """What users read for a field or a list of a filing."""
    lists = {"founders": _("发起人"), "members": _("会员"), "files": _("申请材料")}
    return lists.get(name) or str(getattr(Filing._meta.get_field(name), "verbose_name", name))


def _shown(name: str, value: Any) -> str:
    if name == "head_phone":
        return str((value or {}).get("shown", ""))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    column = Filing._meta.get_field(name)
    choices = dict(column.flatchoices) if isinstance(column, models.Field) and column.choices else {}
    return str(choices.get(value, value or ""))


def _text(name: str, row: Mapping[str, Any]) -> str:
    if name == "files":
        kinds: Callable[[Any], Any] = dict(FilingFile._meta.get_field("kind").flatchoices).get
        return f"{kinds(row['kind']) or row['kind']}：{row['name']}"
    parts: Iterable[str] = (row["name"], row.get("duty", ""), row.get("phone", {}).get("shown", ""))
    return " ".join(part for part in parts if part)
