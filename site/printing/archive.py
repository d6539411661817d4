"""The archive that a batch ends in."""

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files import File
from django.utils import timezone

from . import filenames
from .errors import DamagedDocument
from .models import Batch, BatchItem


@dataclass
class Packed:
    """A stored archive (an empty path when there was nothing to pack), and what could not go into it."""

    path: str = ""
    filename: str = ""
    damaged: list[tuple[BatchItem, str]] = field(default_factory=list)


def write_archive(batch: Batch, items: Iterable[BatchItem]) -> Packed:
    """Pack the documents of a batch under their Chinese names, which zip marks as UTF-8; each name once."""
    packed, taken = Packed(filename=filenames.safe(f"{batch.title}.zip")), set[str]()
    when = timezone.localtime(batch.created_at).timetuple()[:6]
    with NamedTemporaryFile(suffix=".zip") as target:
        with zipfile.ZipFile(target, "w") as archive:
            for item in items:
                try:
                    content = _content(item)
                except DamagedDocument as error:
                    packed.damaged.append((item, str(error)))
                    continue
                entry = zipfile.ZipInfo(filenames.unique(item.filename, taken), when)
                # Fonts and pages of a PDF are compressed already; what else there is gains by it.
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content)
        if taken:
            storage = batch.archive.storage
            packed.path = storage.save(f"batches/{batch.pk}.zip", File(Path(target.name).open("rb")))  # noqa: SIM115
    return packed


def _content(item: BatchItem) -> bytes:
    if item.document is not None:
        return item.document.content()
    with item.file.open("rb") as stored:
        content: bytes = stored.read()
    return content
