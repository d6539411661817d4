"""The section of covenants, and the sample covenants with the procedure that each went through."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from knowledge import workflow
from knowledge.covenants.models import CovenantIndexPage, CovenantPage
from knowledge.covenants.votes import Vote
from knowledge.samples import CitedArticles, SampleError, SampleReport, SampleShelf, cites_of, read_yaml, site_root
from registry.places.models import Kind, Place

from . import adoption
from .patterns import load_patterns

SAMPLE_FOLDER = Path(__file__).parents[1] / "sample"
REQUIRED = ("title", "village", "summary", "chapters")


@transaction.atomic
def create_section(*, by: Any) -> CovenantIndexPage:
    """The page that lists the covenants; created below the home page when it is missing."""
    section = CovenantIndexPage.objects.first()
    if section is None:
        section = CovenantIndexPage(
            title="村规民约",
            slug="covenants",
            intro="各村自己商量、自己表决、自己遵守的约定。",
            show_in_menus=True,
        )
        site_root().add_child(instance=section)
        section.save_revision(user=by).publish(user=by, skip_permission_checks=True)
        load_patterns()
    return section


@transaction.atomic
def load_sample(
    *, folder: Path | None = None, by: Any = None, progress: Callable[[str], None] | None = None
) -> SampleReport:
    """Publish the sample covenants. A second run changes nothing; what editors changed or deleted stays so."""
    section = create_section(by=by)
    workflow.install(sections=[section])
    shelf = SampleShelf(by=by)
    samples = dict(_read(folder or SAMPLE_FOLDER, shelf.report))
    articles = CitedArticles([cite for data in samples.values() for cite in _cites(data)], shelf.report)
    for slug, data in samples.items():
        if progress is not None:
            progress(slug)
        _load(slug, data, shelf, section, articles)
    return shelf.report


def _read(folder: Path, report: SampleReport) -> list[tuple[str, dict[str, Any]]]:
    samples = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            data = read_yaml(path)
        except SampleError as error:
            report.problems.append(str(error))
            continue
        missing = [name for name in REQUIRED if not isinstance(data, dict) or not data.get(name)]
        if missing:
            report.problems.append(_("%(file)s：缺少 %(names)s") % {"file": path.name, "names": "、".join(missing)})
        else:
            samples.append((path.stem, data))
    return samples


def _cites(data: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    clauses = [clause for chapter in data["chapters"] for clause in chapter["clauses"]]
    return [cite for clause in clauses for cite in cites_of(clause)]


def _load(
    slug: str, data: dict[str, Any], shelf: SampleShelf, section: CovenantIndexPage, articles: CitedArticles
) -> Page | None:
    name = f"covenant/{slug}"
    chapters = [
        {
            "title": chapter["title"],
            "clauses": [
                {"text": " ".join(clause["text"].split()), "cites": articles.sources(cites_of(clause), name=name)}
                for clause in chapter["clauses"]
            ],
        }
        for chapter in data["chapters"]
    ]

    def fill(page: Page) -> None:
        assert isinstance(page, CovenantPage)
        page.title = page.draft_title = data["title"]
        page.village = data["village"]
        page.place = page.place or _place(data["village"])
        page.adopted_on = data.get("adopted_on")
        page.summary = data["summary"]
        page.preamble = (data.get("preamble") or "").strip()
        page.procedure = (data.get("procedure") or "").strip()
        page.chapters = [("chapter", chapter) for chapter in chapters]

    cited = [[cite["article"].pk for cite in clause["cites"]] for chapter in chapters for clause in chapter["clauses"]]
    page = shelf.put(name, {**data, "cited": cited}, parent=section, slug=slug, new=CovenantPage, fill=fill)
    if isinstance(page, CovenantPage) and data.get("adoption") and not page.adoptions.exists():
        adopt(page, data["adoption"])
    return page


def _place(name: str) -> Place | None:
    """The village that a covenant's "township village" names, where the tree has it."""
    villages = Place.objects.of_kind(Kind.VILLAGE).filter(name=name.rpartition(" ")[2])
    return next((village for village in villages if name.startswith(village.get_parent().name)), None)


@transaction.atomic
def adopt(page: CovenantPage, told: Mapping[str, Any]) -> None:
    """Enter the whole procedure of a sample covenant, as its file tells it; that of the version before it first."""
    page = CovenantPage.objects.get(pk=page.pk)
    if "earlier" in told:
        _adopt(page, told["earlier"], _earlier(page, told["earlier"]))
    _adopt(page, told, page)


def _adopt(page: CovenantPage, told: Mapping[str, Any], draft: CovenantPage) -> None:
    steps = told["steps"]

    def step(name: str) -> dict[str, Any]:
        return {"on": steps[name]["day"], "note": steps[name].get("note", ""), "by": None}

    current = adoption.begin(covenant=page, **step("opinions"))
    current = adoption.settle_draft(adoption=current, draft=draft, **step("draft"))
    current = adoption.submit(adoption=current, **step("submitted"))
    current = adoption.approve(adoption=current, **step("reviewed"))
    figures = {name: told["vote"][name] for name in ("assembly", "notice_days", "eligible", "present", "in_favour")}
    against = told["vote"]["against"]
    current = adoption.record_vote(adoption=current, vote=Vote(**figures), against=against, **step("vote"))
    current = adoption.file(adoption=current, number=told["filing_number"], **step("filing"))
    adoption.publish(adoption=current, **step("publication"))


def _earlier(page: CovenantPage, changes: Mapping[str, Any]) -> CovenantPage:
    """The page with the words that an older version had: `drop` clauses by number, `say` others differently."""
    older = CovenantPage.objects.get(pk=page.pk)
    raw = json.loads(json.dumps(list(page.chapters.raw_data)))
    number = 0
    for chapter in raw:
        kept = []
        for clause in chapter["value"]["clauses"]:
            number += 1
            clause["value"]["text"] = changes.get("say", {}).get(number, clause["value"]["text"])
            kept += [] if number in changes.get("drop", []) else [clause]
        chapter["value"]["clauses"] = kept
    older.chapters = CovenantPage._meta.get_field("chapters").to_python(json.dumps(raw))
    return older
