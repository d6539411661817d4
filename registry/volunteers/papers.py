"""The certificate as an answer, for officials and for organizations alike."""

from typing import Any

from django.http import HttpResponse

from printing import responses
from registry.volunteers import reports
from registry.volunteers.models import Certificate


def certificate_response(certificate: Certificate, *, handler: Any) -> HttpResponse | None:
    """The PDF in the browser: as it was issued, else a preview that says that it is none; None with nothing to list."""
    if certificate.document is not None:
        return responses.pdf_response(certificate.document, inline=True)
    report = reports.certificate_report(certificate, handler=str(handler))
    return responses.pdf_response(report.preview(), "预览.pdf", inline=True) if report.lines else None
