"""Members and founders as people hand them in: a spreadsheet, or lines typed into a box."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.importing import cells, reading, sheets
from registry.importing.columns import Column
from registry.importing.resources import SheetResource
from registry.organizations.models import Member
from registry.organizations.models.people import Person

MAX_BYTES = 5 * 2**20
_PHONE = re.compile(r"^[\d+（）()\-－\s]{7,}$")


class MembersSheet(SheetResource):
    """The columns of the sheet of members; the filing takes it in, so it is not offered in the back office."""

    key = "organization_members"
    title = gettext_lazy("会员名册")
    model = Member
    permission = ""

    name = Column(gettext_lazy("姓名"), "name", cells.text, required=True, max_length=40, example="赵淑芬")
    phone = Column(
        gettext_lazy("手机"),
        "phone",
        cells.narrow,
        example="13800001234",
        help_text=gettext_lazy("选填；同名的人必须填，用来区分。"),
    )
    duty = Column(gettext_lazy("职务或身份"), "duty", cells.text, max_length=40, example="会计")


@dataclass(slots=True)
class People:
    """The people that were read, and what could not be, with the line or row."""

    people: list[Person] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def template() -> bytes:
    """The sheet to fill in, as .xlsx."""
    return sheets.template(MembersSheet(by=None))


def read_sheet(upload: UploadedFile) -> People:
    """The members of an .xlsx or .csv."""
    if (upload.size or 0) > MAX_BYTES:
        return People(errors=[_("文件超过 5 MB，请删去多余的内容。")])
    columns = MembersSheet(by=None).columns
    headings = [str(column.heading) for column in columns.values()]
    try:
        sheet = reading.read(upload.read(), name=upload.name or "", headings=headings, required=headings[:1])
    except reading.UnreadableSheetError as error:
        return People(errors=[str(error)])
    rows: list[tuple[str, Mapping[str, Any]]] = []
    errors: list[str] = []
    for row in sheet.rows:
        label = _("第 %(row)s 行") % {"row": row.number}
        values: dict[str, Any] = {}
        for name, column in columns.items():
            try:
                values[name] = column.clean(row.cells) if str(column.heading) in row.cells else ""
            except ValueError as error:
                errors.append(f"{label}“{column.heading}”：{error}")
        rows.append((label, values))
    found = people_of(Member, rows)
    return People(found.people, errors + found.errors)


def read_lines(text: str) -> People:
    """The members of a box: one a line, name, phone, duty, apart by spaces or commas."""
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            rows.append((_("第 %(row)s 行") % {"row": number}, _line(line)))
    return people_of(Member, rows)


def _line(line: str) -> dict[str, str]:
    """Commas and tabs part a line; where there are none, spaces do."""
    parts = [part.strip() for part in re.split(r"[,，;；、\t]+" if re.search(r"[,，;；、\t]", line) else r"\s+", line)]
    name, *rest = [part for part in parts if part] or [""]
    phone = next((part for part in rest if _PHONE.match(part)), "")
    duty = " ".join(part for part in rest if part != phone)
    return {"name": name, "phone": cells.narrow(phone) or "", "duty": duty}


def people_of(model: type[Person], rows: Iterable[tuple[str, Mapping[str, Any]]]) -> People:
    """Rows, each with what it is called, as people; each reason against one is told with its row."""
    found = People()
    seen: dict[tuple[str, str], str] = {}
    for label, values in rows:
        person = model(
            name=values.get("name") or "", phone=compact_phone(values.get("phone")), duty=values.get("duty") or ""
        )
        problems = _problems(person)
        known = seen.setdefault((person.name, person.phone), label)
        if person.name and known != label:
            problems.append(
                _("“%(name)s”和%(other)s重复；同名的两个人请都填手机。") % {"name": person.name, "other": known}
            )
        found.errors += [f"{label}：{problem}" for problem in problems]
        found.people.append(person)
    return found


def compact_phone(value: Any) -> str:
    """A phone number without the spaces and country code that people write with it."""
    digits = re.sub(r"[\s－]", "", str(value or ""))
    return re.sub(r"^(\+86|0086)", "", digits)


def _problems(person: Person) -> list[str]:
    try:
        person.clean_fields(exclude=["filing"])
    except ValidationError as error:
        return [
            f"{getattr(person._meta.get_field(name), 'verbose_name', name)}：{message}"
            for name, messages in error.message_dict.items()
            for message in messages
        ]
    return []


def as_lines(people: Iterable[Person]) -> str:
    """People as the box shows them."""
    return "\n".join("，".join(part for part in (p.name, p.phone, p.duty) if part) for p in people)
