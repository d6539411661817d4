"""Sample guides, questions, stories and lessons from YAML files: read and refused with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.guides.choices import Audience, LifeEvent
from knowledge.samples import Cite, SampleError, cites_of, read_yaml

KINDS = {"guide": "guides", "question": "questions", "story": "stories", "lesson": "lessons"}
"""The kinds with the names of their folders, in the order in which they are loaded: questions point to guides."""

_REQUIRED = {
    "guide": ("title", "short_answer", "steps"),
    "question": ("title", "short_answer", "answer"),
    "story": ("title", "summary", "what_happened", "outcome", "lesson"),
    "lesson": ("title", "summary", "kind", "body"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One sample page."""

    kind: str
    slug: str
    file: str
    life_event: str
    data: dict[str, Any]

    @property
    def name(self) -> str:
        """What the sample is remembered by."""
        return f"{self.kind}/{self.slug}"

    @property
    def audience(self) -> list[str]:
        """Whom it is written for."""
        return list(self.data.get("audience") or [Audience.EVERYONE.value])

    @property
    def topics(self) -> list[str]:
        """The names of its topics."""
        return [str(topic) for topic in self.data.get("topics") or []]

    @property
    def reviewed_on(self) -> date | None:
        """The day of its review."""
        return self.data.get("reviewed_on")

    @property
    def cites(self) -> list[Cite]:
        """The articles that it rests on."""
        return cites_of(self.data)


def read_samples(folder: Path, problems: list[str]) -> Iterator[Sample]:
    """All samples below a folder, in loading order. What cannot be used is told in `problems` and passed over."""
    for kind, folder_name in KINDS.items():
        for path in sorted((folder / folder_name).glob("*.yaml")):
            try:
                rows = list(_rows(kind, path))
            except SampleError as error:
                problems.append(f"{folder_name}/{error}")
                continue
            for sample in rows:
                if reason := _refusal(sample):
                    problems.append(f"{folder_name}/{sample.file} {sample.slug}: {reason}")
                else:
                    yield sample


def _rows(kind: str, path: Path) -> Iterator[Sample]:
    content = read_yaml(path)
    if kind == "question":
        # One file a life event, with a list of questions.
        if not isinstance(content, list):
            raise SampleError(f"{path.name}: a list of questions is expected")
        for data in content:
            yield Sample(kind=kind, slug=str(data.get("slug", "")), file=path.name, life_event=path.stem, data=data)
        return
    if not isinstance(content, dict):
        raise SampleError(f"{path.name}: one page with its fields is expected")
    life_event = str(content.get("life_event", ""))
    yield Sample(kind=kind, slug=path.stem, file=path.name, life_event=life_event, data=content)


def _refusal(sample: Sample) -> str:
    missing = [name for name in _REQUIRED[sample.kind] if not sample.data.get(name)]
    if missing:
        return f"fields are missing: {', '.join(missing)}"
    if not sample.slug:
        return "it has no slug"
    if sample.life_event not in LifeEvent:
        return f"there is no life event {sample.life_event!r}"
    unknown = [value for value in sample.audience if value not in Audience]
    return f"there is no audience {', '.join(unknown)}" if unknown else ""
