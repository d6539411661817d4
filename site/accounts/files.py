"""Files that only some may open: evidence, charters, photos of persons. Never below MEDIA_ROOT."""

import mimetypes
from pathlib import PurePath
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header


def private_storage() -> FileSystemStorage:
    """Where such files are kept; as the `storage` of a FileField. They have no address of their own."""
    return FileSystemStorage(location=settings.DATA_DIR / "private", base_url=None)


def serve(file: FieldFile, *, name: str, as_attachment: bool = True) -> FileResponse:
    """Hand a private file to somebody of whom the view has already found that they may have it."""
    response = FileResponse(file.open("rb"), as_attachment=as_attachment, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def path_by_day(_instance: Any, filename: str) -> str:
    """A path that tells nothing and collides with nothing: year/month and a random name, with the extension kept."""
    return f"{timezone.localdate():%Y/%m}/{uuid4().hex}{PurePath(filename).suffix.lower()[:8]}"


def serve_bytes(content: bytes, *, name: str) -> HttpResponse:
    """Hand over bytes as a file to save. The name may be Chinese (RFC 6266)."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
