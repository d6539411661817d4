"""Files as answers: with Chinese names that every browser reads, kept by nobody in between.

Who may have a file is for the caller to check.
"""

import mimetypes

from django.http import FileResponse, Http404, HttpResponse
from django.utils.http import content_disposition_header

from . import filenames
from .models import Batch, IssuedDocument


def file_response(content: bytes, filename: str, *, inline: bool = False) -> HttpResponse:
    """Bytes as a download, or shown in the browser with `inline`; the type follows the name."""
    name = filenames.safe(filename)
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def pdf_response(document: IssuedDocument | bytes, filename: str = "", *, inline: bool = False) -> HttpResponse:
    """An issued document, byte for byte as it was issued, or the bytes of a PDF that was just made.

    Raises DamagedDocument when the stored file is not what was issued.
    """
    if isinstance(document, IssuedDocument):
        return file_response(document.content(), filename or document.filename, inline=inline)
    return file_response(document, filename or "文件.pdf", inline=inline)


def archive_response(batch: Batch) -> FileResponse:
    """The archive of a batch, streamed. Raises Http404 when it is no longer stored."""
    try:
        stored = batch.archive.open("rb")
    except OSError as error:
        raise Http404 from error
    response = FileResponse(stored, as_attachment=True, filename=batch.archive_name, content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return response
