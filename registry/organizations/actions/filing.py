"""What those who write a filing do: begin it, save it step by step, submit it."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from registry.organizations.choices import OPEN, Purpose, State, Status
from registry.organizations.completeness import problems
from registry.organizations.models import Filing, FilingFile, Founder, Member, Organization, Submission
from registry.organizations.models.filings import WRITTEN, due_day
from registry.organizations.models.people import Person
from registry.organizations.models.rules import settings_for
from registry.organizations.snapshots import content_of

MAX_FILES = 20
MAX_PEOPLE = 2000


def editable(filing: Filing) -> Filing:
    """The filing, locked, when it may be changed."""
    locked: Filing = Filing.objects.select_for_update().get(pk=filing.pk)
    if not locked.is_editable:
        raise ValidationError(_("这份申请已经提交，现在不能修改。"), code="moved")
    return locked


@transaction.atomic
def start_filing(*, values: Mapping[str, Any], by: Any) -> Filing:
    """Begin a filing with the particulars of its first step."""
    filing = Filing(applicant=by)
    _fill(filing, values)
    filing.save()
    record(by=by, action="organizations.start_filing", subject=filing, place=filing.place)
    return filing


@transaction.atomic
def save_draft_step(*, filing: Filing, values: Mapping[str, Any], by: Any) -> Filing:
    """Keep the particulars of one step."""
    draft = editable(filing)
    _fill(draft, values)
    draft.save()
    record(by=by, action="organizations.save_draft_step", subject=draft, place=draft.place, fields=sorted(values))
    return draft


def _fill(filing: Filing, values: Mapping[str, Any]) -> None:
    unknown = set(values) - set(WRITTEN)
    if unknown:
        raise ValueError(f"not particulars of a filing: {sorted(unknown)}")
    for name, value in values.items():
        setattr(filing, name, value)


@transaction.atomic
def set_people(*, filing: Filing, model: type[Founder] | type[Member], people: Iterable[Person], by: Any) -> int:
    """Put these in the place of all founders, or all members. Returns how many they are."""
    draft = editable(filing)
    rows: list[Any] = list(people)
    if len(rows) > MAX_PEOPLE:
        raise ValidationError(_("最多 %(limit)s 人。"), code="too_many", params={"limit": MAX_PEOPLE})
    model.objects.filter(filing=draft).delete()
    for position, person in enumerate(rows):
        person.pk = None
        person.filing = draft
        person.position = position
        person.stamp()
    model.objects.bulk_create(rows)
    _touch(draft)
    record(by=by, action=_SETTING[model], subject=draft, place=draft.place, count=len(rows))
    return len(rows)


_SETTING: dict[type, str] = {Founder: "organizations.set_founders", Member: "organizations.set_members"}


@transaction.atomic
def add_file(*, filing: Filing, kind: str, upload: UploadedFile, by: Any) -> FilingFile:
    """Keep a file of the filing. The form has looked at what it is."""
    draft = editable(filing)
    if draft.files.count() >= MAX_FILES:
        raise ValidationError({"file": _("最多上传 %(limit)s 个文件。") % {"limit": MAX_FILES}})
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    if draft.files.filter(kind=kind, sha256=digest.hexdigest()).exists():
        raise ValidationError({"file": _("这个文件已经上传过。")})
    name = PurePath(upload.name or "").name
    added = FilingFile.objects.create(
        filing=draft,
        kind=kind,
        file=upload,
        name=name[-120:],
        size=upload.size or 0,
        sha256=digest.hexdigest(),
    )
    _touch(draft)
    record(by=by, action="organizations.add_file", subject=draft, place=draft.place, file=added.name, kind=kind)
    return added


@transaction.atomic
def remove_file(*, file: FilingFile, by: Any) -> None:
    """Take a file off the filing; what is stored goes once no other filing names it."""
    draft = editable(file.filing)
    stored, storage = str(file.file.name), file.file.storage
    file.delete()
    if not FilingFile.objects.filter(file=stored).exists():
        transaction.on_commit(lambda: storage.delete(stored))
    _touch(draft)
    record(by=by, action="organizations.remove_file", subject=draft, place=draft.place, file=file.name)


def _touch(filing: Filing) -> None:
    filing.save(update_fields=["updated_at"])


@transaction.atomic
def discard_draft(*, filing: Filing, by: Any) -> None:
    """Throw away a draft that was never submitted."""
    draft = editable(filing)
    if draft.state != State.DRAFT:
        raise ValidationError(_("提交过的申请不能删除。"), code="moved")
    record(by=by, action="organizations.discard_draft", subject=draft, place=draft.place)
    for file in draft.files.all():
        remove_file(file=file, by=by)
    draft.delete()


@transaction.atomic
def start_renewal(*, organization: Organization, by: Any) -> Filing:
    """Begin the renewal of a registration with all that the last filing said: nothing is typed again."""
    held = Organization.objects.select_for_update().get(pk=organization.pk)
    if held.status == Status.DEREGISTERED:
        raise ValidationError(_("这个组织已经注销，请重新申请备案。"), code="deregistered")
    if held.filings.filter(state__in=OPEN).exists():
        raise ValidationError(_("这个组织已有一份没有办结的申请。"), code="open")
    opens = held.renewable_from(settings_for(held.place).renewal_window_days)
    if timezone.localdate() < opens:
        raise ValidationError(
            _("还没有到续期的时候：%(day)s 起可以申请。"), code="too_early", params={"day": f"{opens:%Y-%m-%d}"}
        )
    renewal = Filing(applicant=by, purpose=Purpose.RENEWAL, organization=held)
    renewal.copy_particulars(held)
    renewal.head_phone = held.filing.head_phone
    renewal.save()
    _copy_people_and_files(held.filing, renewal)
    record(by=by, action="organizations.start_renewal", subject=renewal, place=renewal.place)
    return renewal


def _copy_people_and_files(source: Filing, target: Filing) -> None:
    belonging: tuple[Any, ...] = (Founder, Member, FilingFile)
    for model in belonging:
        rows = list(model.objects.filter(filing=source))
        for row in rows:
            row.pk, row.filing = None, target
        model.objects.bulk_create(rows)


@transaction.atomic
def submit(*, filing: Filing, by: Any) -> Submission:
    """Hand a filing in; refused with what is missing, by field. From now on the days for the opinion run."""
    draft = editable(filing)
    if missing := problems(draft):
        raise ValidationError(missing)
    now = timezone.now()
    draft.state = State.SUBMITTED
    draft.submitted_at = now
    draft.due_on = due_day(timezone.localdate(now), settings_for(draft.place).opinion_days)
    draft.save()
    number = draft.submissions.count() + 1
    submission = Submission.objects.create(filing=draft, number=number, content=content_of(draft), at=now, by=by)
    record(by=by, action="organizations.submit_filing", subject=draft, place=draft.place, submission=number)
    return submission
