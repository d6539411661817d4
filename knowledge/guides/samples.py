"""What a page is made of, from its sample."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.html import escape
from wagtail.models import Page

from knowledge.guides.importers import Sample
from knowledge.guides.models import GuidePage, KnowledgePage, LessonPage, QuestionPage, StoryPage

EVENING = time(19, 0)
"""When a sample lecture begins: after work."""

_PARAGRAPHS = re.compile(r"\n\s*\n")


def html_paragraphs(text: str) -> str:
    """Plain paragraphs, separated by empty lines, as rich text."""
    paragraphs = (" ".join(part.split()) for part in _PARAGRAPHS.split(text))
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs if paragraph)


def body_of(text: str) -> list[tuple[str, Any]]:
    """Plain paragraphs as the body of a page."""
    return [("text", html_paragraphs(text))]


def fill_common(page: KnowledgePage, sample: Sample, sources: list[dict[str, Any]]) -> None:
    """The fields that all kinds share. `sources` are the values of cited-article blocks."""
    data = sample.data
    page.title = page.draft_title = data["title"].strip()
    page.life_event = sample.life_event
    page.audience = sample.audience
    page.summary = " ".join((data.get("short_answer") or data["summary"]).split())
    page.also_asked = "\n".join(data.get("also_asked") or [])
    page.sources = [("article", source) for source in sources]
    page.reviewed_on = sample.reviewed_on
    page.reviewed_by = data.get("reviewed_by") or ""
    page.review_again_on = None
    page.topics.set(sample.topics)


def fill_guide(page: GuidePage, sample: Sample) -> None:
    """A guide's own fields."""
    data = sample.data
    page.steps = [("step", {"title": step["title"], "text": step["text"].strip()}) for step in data["steps"]]
    page.bring = "\n".join(data.get("bring") or [])
    page.cost = data.get("cost") or ""
    page.time = data.get("time") or ""
    page.warnings = "\n".join(" ".join(warning.split()) for warning in data.get("warnings") or [])
    page.who_helps = [
        (
            "helper",
            {"name": helper["name"], "detail": helper.get("detail") or "", "phone": str(helper.get("phone") or "")},
        )
        for helper in data.get("who_helps") or []
    ]


def fill_question(page: QuestionPage, sample: Sample, guide: Page | None) -> None:
    """A question's own fields."""
    page.body = body_of(sample.data["answer"])
    page.guide = guide


def fill_story(page: StoryPage, sample: Sample) -> None:
    """A story's own fields."""
    for name in ("what_happened", "outcome", "lesson"):
        setattr(page, name, html_paragraphs(sample.data[name]))


def fill_lesson(page: LessonPage, sample: Sample, first_loaded_at: datetime) -> None:
    """A lesson's own fields. A lecture's day is counted from the day on which the sample was first loaded."""
    data = sample.data
    page.lesson_kind = data["kind"]
    page.lecturer = data.get("lecturer") or ""
    page.lecturer_title = data.get("lecturer_title") or ""
    page.place = data.get("place") or ""
    page.duration_minutes = int(data.get("duration_minutes") or 60)
    page.outline = "\n".join(data.get("outline") or [])
    page.body = body_of(data["body"])
    page.starts_at = None
    if data["kind"] == LessonPage.Kind.LIVE and data.get("starts_in_days") is not None:
        day = timezone.localdate(first_loaded_at) + timedelta(days=int(data["starts_in_days"]))
        page.starts_at = timezone.make_aware(datetime.combine(day, EVENING))


def filler(
    sample: Sample, sources: list[dict[str, Any]], *, guide: Page | None, first_loaded_at: datetime
) -> Callable[[Page], None]:
    """What fills a page of the sample's kind."""

    def fill(page: Page) -> None:
        fill_common(page, sample, sources)
        if isinstance(page, GuidePage):
            fill_guide(page, sample)
        elif isinstance(page, QuestionPage):
            fill_question(page, sample, guide)
        elif isinstance(page, StoryPage):
            fill_story(page, sample)
        elif isinstance(page, LessonPage):
            fill_lesson(page, sample, first_loaded_at)

    return fill
