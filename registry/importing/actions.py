"""Handing a spreadsheet in, checking it, and taking all of its rows or none."""

import hashlib
import logging
import subprocess
import sys
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, sensitive
from accounts.uploads import validate_document
from registry.importing import reading
from registry.importing.models import ImportRun
from registry.importing.progress import Progress, is_stale
from registry.importing.resources import REFUSED, as_json, resource

logger = logging.getLogger(__name__)


def hand_in(*, key: str, upload: UploadedFile, by: Any) -> ImportRun:
    """Keep a file and have it checked. Raises ValidationError where it is not a spreadsheet at all."""
    validate_document(upload)
    data = upload.read()
    run = ImportRun(
        resource=key, filename=(upload.name or "")[:200], sha256=hashlib.sha256(data).hexdigest(), uploaded_by=by
    )
    sheet = _read(run, data)
    run.rows = len(sheet.rows)
    run.unknown_headings = sheet.unknown
    with transaction.atomic():
        run.file.save(run.filename, ContentFile(sensitive.encrypt(data)), save=False)
        run.save()
    _start(run)
    return run


def apply(*, run: ImportRun, by: Any) -> None:
    """Take the rows of a file that was checked. Raises ValidationError where it is not ready."""
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        interrupted = locked.state == ImportRun.State.APPLYING and is_stale(locked.pk)
        if locked.state != ImportRun.State.READY and not interrupted:
            raise ValidationError(_("这个文件不在“检查通过”的状态，不能导入。"))
        ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.APPLYING)
    run.state = ImportRun.State.APPLYING
    _start(run)


def _start(run: ImportRun) -> None:
    """Here and now for a short file; a long one in a process of its own, so that the page can show its progress."""
    Progress(run.pk)(0, run.rows)
    if run.rows <= settings.IMPORT_INLINE_ROWS:
        work_on(run=run)
        return
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_import", str(run.pk)]
    subprocess.Popen(command, cwd=settings.BASE_DIR, start_new_session=True)  # noqa: S603 (no part is the user's)


def work_on(*, run: ImportRun) -> None:
    """Check a file, or take its rows: whichever is next. What goes wrong is told in the run."""
    try:
        _work_on(run)
    except reading.UnreadableSheetError as error:
        _finish(run, ImportRun.State.REFUSED, reason=str(error))
    except Exception:
        logger.exception("The import %s failed", run.pk)
        _finish(run, ImportRun.State.FAILED, reason=_("系统出错，没有导入任何一行。"))
    finally:
        Progress(run.pk).end()


def _work_on(run: ImportRun) -> None:
    with run.file.open("rb") as stored:
        sheet = _read(run, sensitive.decrypt(stored.read()))
    applying = run.state == ImportRun.State.APPLYING
    importer = resource(run.resource)(by=run.uploaded_by, progress=Progress(run.pk))
    with transaction.atomic():
        outcomes = list(importer.run(sheet, dry_run=not applying))
        kinds = Counter(outcome.kind for outcome in outcomes)
        refused = bool(kinds[REFUSED])
        if applying and not refused:
            audit.record(
                by=run.uploaded_by,
                action="importing.apply",
                subject=run,
                resource=run.resource,
                sha256=run.sha256,
                rows=dict(kinds),
            )
            state = ImportRun.State.APPLIED
        else:
            state = ImportRun.State.REFUSED if refused else ImportRun.State.READY
        _finish(run, state, outcomes=as_json(outcomes))


def _finish(run: ImportRun, state: str, **values: Any) -> None:
    applied_at = timezone.now() if state == ImportRun.State.APPLIED else None
    ImportRun.objects.filter(pk=run.pk).update(state=state, applied_at=applied_at, **values)
    run.refresh_from_db()


def _read(run: ImportRun, data: bytes) -> reading.Sheet:
    columns = resource(run.resource)(by=run.uploaded_by).columns.values()
    try:
        return reading.read(
            data,
            name=run.filename,
            headings=[str(column.heading) for column in columns],
            required=[str(column.heading) for column in columns if column.required],
        )
    except reading.UnreadableSheetError as error:
        if run.pk:
            raise
        raise ValidationError(str(error)) from error
