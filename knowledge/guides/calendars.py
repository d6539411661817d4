"""A lecture as a calendar file (RFC 5545), for a phone's own calendar."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from knowledge.guides.models import LessonPage

LINE_OCTETS = 75


def calendar_event(lesson: "LessonPage", request: HttpRequest) -> HttpResponse:
    """The response with the calendar file of a lecture. Raises Http404 for a lesson without a time."""
    if not lesson.is_lecture or lesson.starts_at is None or lesson.ending is None:
        raise Http404(_("这一课没有定时间。"))
    page_url = request.build_absolute_uri(lesson.get_url(request))
    changed = lesson.last_published_at or timezone.now()
    rows = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Xiangyue//Lectures//ZH"),
        ("METHOD", "PUBLISH"),
        ("BEGIN", "VEVENT"),
        ("UID", f"lesson-{lesson.pk}@{request.get_host().partition(':')[0]}"),
        ("DTSTAMP", _utc(changed)),
        ("DTSTART", _utc(lesson.starts_at)),
        ("DTEND", _utc(lesson.ending)),
        ("SUMMARY", _escape(lesson.title)),
        ("DESCRIPTION", _escape(f"{lesson.summary}\n{page_url}")),
        ("LOCATION", _escape(lesson.place or lesson.link)),
        ("URL", page_url),
        ("BEGIN", "VALARM"),
        ("ACTION", "DISPLAY"),
        ("DESCRIPTION", _escape(lesson.title)),
        ("TRIGGER", "-PT1H"),
        ("END", "VALARM"),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]
    text = "".join(_fold(f"{name}:{value}") + "\r\n" for name, value in rows if value)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{lesson.slug}.ics"'
    return response


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escape(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\n").replace("\n", "\\n")


def _fold(line: str) -> str:
    """A line cut into pieces of at most 75 octets, never inside a character (RFC 5545, 3.1)."""
    pieces: list[str] = []
    piece, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > LINE_OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece += character
        size += octets
    return "\r\n".join([*pieces, piece])
