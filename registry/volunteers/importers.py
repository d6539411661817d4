"""Volunteers and hours from spreadsheets, as village officials keep them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.results import Result
from tablib import Dataset

from accounts.scoping import rows_for
from accounts.sensitive import fingerprint, mask_id_number, mask_phone
from registry.importing import cells
from registry.importing.columns import CellWidget, Column, PlaceReader
from registry.importing.resources import SheetResource, register
from registry.volunteers import actions
from registry.volunteers.actions import Guardian
from registry.volunteers.choices import IdType
from registry.volunteers.halves import halves_of, hours
from registry.volunteers.models import Activity, HourLine, Volunteer
from registry.volunteers.numbers import born_on, clean_id_number

_BATCH = 500
"""How many papers are looked up at once: SQLite takes 999 values in one query."""
_CHANGEABLE = ("name", "phone", "place", "guardian_name", "guardian_phone", "guardian_consented_on")


def _skills(value: Any) -> str | None:
    """Skills in one way of writing: apart by 、, in order."""
    found = cells.narrow(value)
    if found is None:
        return None
    for mark in (",", ";", "/", " "):
        found = found.replace(mark, "、")
    return "、".join(sorted({skill for skill in found.split("、") if skill}))


@register
class VolunteerResource(SheetResource):
    """The register of volunteers, by the number of their papers."""

    key = "volunteers.volunteer"
    title = gettext_lazy("志愿者名册")
    description = gettext_lazy("证件号码已登记的修改，没有的新增。证件号码和电话加密保存，检查结果里只显示一部分。")
    model = Volunteer
    permission = "volunteers.add_volunteer"

    name = Column(gettext_lazy("姓名"), "name", required=True, max_length=60)
    id_type = Column(gettext_lazy("证件类型"), "id_type", choices=dict(IdType.choices))
    id_number = Column(
        gettext_lazy("证件号码"),
        "id_number",
        cells.digits,
        required=True,
        secret=mask_id_number,
        help_text=gettext_lazy("先把整列设为“文本”，再粘贴号码。"),
    )
    birth_date = Column(gettext_lazy("出生日期"), "birth_date", cells.date, help_text=gettext_lazy("身份证可以不填。"))
    phone = Column(gettext_lazy("手机"), "phone", cells.phone, required=True, secret=mask_phone)
    place = Column(
        gettext_lazy("居住地"), "place", required=True, help_text=gettext_lazy("村、社区或网格的名称或代码。")
    )
    skills = Column(gettext_lazy("技能"), "skill_names", _skills, max_length=200, example="急救、摄影")
    consented_on = Column(gettext_lazy("本人同意日期"), "consented_on", cells.date, required=True)
    guardian_name = Column(gettext_lazy("监护人姓名"), "guardian_name", max_length=60)
    guardian_phone = Column(gettext_lazy("监护人电话"), "guardian_phone", cells.phone, secret=mask_phone)
    guardian_consented_on = Column(gettext_lazy("监护人同意日期"), "guardian_consented_on", cells.date)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["place"].widget = CellWidget(PlaceReader(self.by, self.permission))

    def find(self, row: Mapping[str, Any]) -> Volunteer | None:
        """Whoever has this paper. Raises ValidationError for a number that cannot be."""
        id_type = row.get("id_type") or IdType.RESIDENT
        number = clean_id_number(id_type, row["id_number"])
        self._complete(row, id_type, number)
        known = rows_for(Volunteer, self.by, "change").filter(
            pk__in=Volunteer.objects.known_by(id_type, number).values("pk")
        )
        volunteer: Volunteer | None = known.first()
        if volunteer is not None:
            volunteer.skill_names = "、".join(sorted(volunteer.skills.names()))  # type: ignore[attr-defined]
        return volunteer

    def _complete(self, row: Any, id_type: str, number: str) -> None:
        row["id_type"], row["id_number"] = id_type, number
        if id_type == IdType.RESIDENT and not row.get("birth_date"):
            row["birth_date"] = born_on(number)
        for name in ("guardian_name", "skill_names"):
            if name in row:
                row[name] = row[name] or ""

    def write(self, instance: Volunteer, row: Mapping[str, Any], new: bool) -> None:
        """Register somebody, or correct what may be corrected."""
        skills = [skill for skill in row.get("skill_names", "").split("、") if skill] if "skill_names" in row else None
        if not new:
            changes = {name: row[name] for name in _CHANGEABLE if name in row}
            stored = Volunteer.objects.get(pk=instance.pk)
            actions.change_volunteer(volunteer=stored, by=self.by, skills=skills, **changes)
            return
        guardian = None
        if row.get("guardian_name"):
            consented = row.get("guardian_consented_on") or row["consented_on"]
            guardian = Guardian(row["guardian_name"], row.get("guardian_phone") or "", consented)
        known = ("name", "id_type", "id_number", "birth_date", "phone", "place", "consented_on")
        particulars: dict[str, Any] = {name: row.get(name) for name in known}
        actions.register_volunteer(**particulars, guardian=guardian, skills=skills or (), by=self.by)


def _by_paper(values: Iterable[Any]) -> dict[str, list[Volunteer]]:
    """Who has these papers, by their numbers as they are read; those that cannot be read are left to their rows."""
    numbers = set()
    for value in values:
        with suppress(ValueError):
            numbers.add(cells.digits(value) or "")
    by_fingerprint = {fingerprint(number): number for number in numbers if number}
    found: defaultdict[str, list[Volunteer]] = defaultdict(list)
    prints = list(by_fingerprint)
    for start in range(0, len(prints), _BATCH):
        for volunteer in Volunteer.objects.filter(id_fingerprint__in=prints[start : start + _BATCH]):
            found[by_fingerprint[volunteer.id_fingerprint]].append(volunteer)
    return found


def _hours(value: Any) -> Decimal | None:
    """Hours in steps of a half. Raises ValueError or ValidationError."""
    found = cells.decimal(value, places=1)
    return None if found is None else hours(halves_of(found))


@register
class HoursResource(SheetResource):
    """Hours that were given, one line for each volunteer and stretch of time."""

    key = "volunteers.hours"
    title = gettext_lazy("志愿服务时长")
    description = gettext_lazy(
        "按证件号码和活动对应；同名的活动按日期找，找不准的填编号。已有的同一时段，时长不同就更正：冲销原来的一行，再记新的一行。"
    )
    model = HourLine
    permission = "volunteers.record_hourline"

    id_number = Column(gettext_lazy("证件号码"), "paper", cells.digits, required=True, secret=mask_id_number)
    name = Column(gettext_lazy("姓名"), "volunteer_name", required=True, help_text=gettext_lazy("与登记的姓名核对。"))
    activity = Column(gettext_lazy("活动名称或编号"), "activity_title", cells.text, required=True, max_length=80)
    starts_at = Column(gettext_lazy("开始"), "starts_at", cells.moment, required=True, example="2026-03-05 9:00")
    ends_at = Column(gettext_lazy("结束"), "ends_at", cells.moment, required=True, example="2026-03-05 11:00")
    hours = Column(
        gettext_lazy("时长（小时）"), "hours_given", _hours, required=True, help_text=gettext_lazy("以半小时为单位。")
    )
    note = Column(gettext_lazy("说明"), "note", max_length=200)

    class Meta:
        """The rows are written together at the end: none needs a savepoint of its own."""

        use_bulk = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._volunteers: dict[str, list[Volunteer]] = {}
        self._activities: dict[tuple[str, date], Activity] = {}
        self._book: actions.HourBook

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Look up all volunteers of the file at once, and hold them."""
        self._volunteers = _by_paper(dataset[str(self.columns["paper"].heading)])
        held = [volunteer for found in self._volunteers.values() for volunteer in found]
        self._book = actions.HourBook(volunteers=held, by=self.by)

    def after_import(self, dataset: Dataset, result: Result, **kwargs: Any) -> None:
        """Write the new lines, unless a row was refused."""
        if not result.has_errors() and not result.has_validation_errors():
            self._book.close()

    def find(self, row: Mapping[str, Any]) -> HourLine | None:
        """The standing line of this volunteer, activity and beginning. Raises ValidationError for unknown ones."""
        volunteer, activity = self._volunteer(row["paper"], row["volunteer_name"]), self._activity(row)
        if "note" in row:
            row["note"] = row["note"] or ""  # type: ignore[index]
        line = self._book.standing(volunteer=volunteer, activity=activity, starts_at=row["starts_at"])
        if line is not None:
            line.paper, line.volunteer_name = row["paper"], volunteer.name  # type: ignore[attr-defined]
            line.activity_title, line.hours_given = row["activity_title"], hours(line.halves)  # type: ignore[attr-defined]
            line.starts_at, line.ends_at = map(timezone.localtime, (line.starts_at, line.ends_at))
            line.note = row.get("note", line.note)
        return line

    def import_instance(self, instance: HourLine, row: Any, **kwargs: Any) -> None:
        """Fill the line; whose it is comes last, after the copy that changes are told from."""
        super().import_instance(instance, row, **kwargs)
        instance.volunteer = self._volunteer(instance.paper, instance.volunteer_name)  # type: ignore[attr-defined]
        instance.activity = self._activity(self._cleaned)
        instance.date = timezone.localdate(instance.starts_at)

    def write(self, instance: HourLine, row: Mapping[str, Any], new: bool) -> None:
        """Note the hours for the end, or correct a line that says otherwise."""
        halves = halves_of(row["hours_given"])
        if new:
            self._book.add(
                volunteer=instance.volunteer,
                activity=instance.activity,
                starts_at=row["starts_at"],
                ends_at=row["ends_at"],
                halves=halves,
                note=row.get("note") or "",
            )
            return
        stored = HourLine.objects.get(pk=instance.pk)
        if stored.ends_at != row["ends_at"]:
            raise ValidationError(_("同一活动、同一开始时间已有记录，但结束时间不同，请先核对。"))
        reason = row.get("note") or _("按导入的表格更正")
        actions.correct_hours(line=stored, halves=halves, reason=reason, by=self.by)

    def _volunteer(self, number: str, name: str) -> Volunteer:
        found = self._volunteers.get(number, [])
        if len(found) != 1:
            raise ValidationError(_("没有登记过这个证件号码的志愿者。"))
        if found[0].name != name:
            raise ValidationError(_("这个证件号码登记的不是“%(name)s”，请核对。") % {"name": name})
        return found[0]

    def _activity(self, row: Mapping[str, Any]) -> Activity:
        """The activity of this number or title; of several the one with a shift on that day."""
        named, day = row["activity_title"], timezone.localdate(row["starts_at"])
        if (named, day) not in self._activities:
            self._activities[named, day] = self._find_activity(named, day)
        return self._activities[named, day]

    def _find_activity(self, named: str, day: date) -> Activity:
        within_reach = rows_for(Activity, self.by, "change")
        if named.isascii() and named.isdigit() and (numbered := within_reach.filter(pk=int(named)).first()):
            return numbered
        found = list(within_reach.filter(title=named)[:2])
        if len(found) > 1:
            found = list(within_reach.filter(title=named, shifts__starts_at__date=day).distinct()[:2])
        if len(found) == 1:
            return found[0]
        if within_reach.filter(title=named).exists():
            raise ValidationError(_("叫“%(title)s”的活动不止一个，请填活动的编号。") % {"title": named})
        raise ValidationError(_("在您管理的范围里没有叫“%(title)s”的活动。") % {"title": named})
