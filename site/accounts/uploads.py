"""What may be uploaded as a document: by what the file is, not by what it is called, and by size."""

from pathlib import PurePath
from typing import Any

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from wagtail.documents.forms import BaseDocumentForm

# An office file is a zip archive: an empty one, or one that another program wrote, may be recognized as no more.
_OFFICE = {"docx", "xlsx", "pptx"}
_TEXT = {"txt", "csv"}
_SNIFF_BYTES = 8192


def sniffed_extension(head: bytes) -> str:
    """The extension that fits a file's first bytes: "pdf", "zip" …; "txt" for plain text, "" when unknown."""
    kind = filetype.guess(head)
    if kind is not None:
        return str(kind.extension)
    if b"\0" in head:
        return ""
    # The last character may be cut in the middle: up to three bytes of it are not held against the file.
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                text = head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            # A page or a drawing runs script when a browser opens it.
            return "" if text.lstrip("\ufeff \t\r\n").startswith("<") else "txt"
    return ""


def validate_document(upload: UploadedFile) -> None:
    """Raise ValidationError when the file is too large, of a kind not allowed, or not what its name says."""
    size = upload.size or 0
    if size > settings.DOCUMENT_MAX_UPLOAD_SIZE:
        raise ValidationError(
            _("文件有 %(size)s，超过了上限 %(limit)s。"),
            code="too_large",
            params={
                "size": filesizeformat(size),
                "limit": filesizeformat(settings.DOCUMENT_MAX_UPLOAD_SIZE),
            },
        )
    claimed = PurePath(upload.name or "").suffix.lstrip(".").lower()
    upload.seek(0)
    head = upload.read(_SNIFF_BYTES)
    upload.seek(0)
    found = sniffed_extension(head)
    fits = (
        found == claimed
        or (claimed in _OFFICE and found == "zip")
        or (claimed in _TEXT and found == "txt")
        or (claimed == "mp4" and found in {"mp4", "m4v", "mov"})
    )
    if not fits:
        raise ValidationError(
            _("这个文件的内容不是 .%(claimed)s：请上传原始文件，不要改扩展名。"),
            code="wrong_type",
            params={"claimed": claimed},
        )


class DocumentForm(BaseDocumentForm):
    """Wagtail's document form with the file looked into."""

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if isinstance(upload, UploadedFile):
            validate_document(upload)
        return upload
