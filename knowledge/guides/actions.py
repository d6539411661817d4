"""Every write to guides that somebody can name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Workflow

from knowledge import workflow
from knowledge.guides.importers import Sample, read_samples
from knowledge.guides.links import extract_links
from knowledge.guides.models import (
    GuideCitation,
    GuideIndexPage,
    GuidePage,
    KnowledgeIndexPage,
    KnowledgePage,
    LessonIndexPage,
    LessonPage,
    PageLink,
    QuestionIndexPage,
    QuestionPage,
    StoryIndexPage,
    StoryPage,
)
from knowledge.guides.samples import filler
from knowledge.laws.models import Article
from knowledge.samples import CitedArticles, SampleReport, SampleShelf, site_root

SAMPLE_FOLDER = Path(__file__).parent / "sample"

SECTIONS: dict[str, tuple[type[KnowledgeIndexPage], type[KnowledgePage], str, str, str]] = {
    "guide": (GuideIndexPage, GuidePage, "guides", "办事指南", "遇到事怎么办：一步一步来，带什么、找谁帮忙。"),
    "question": (QuestionIndexPage, QuestionPage, "questions", "法律问答", "大家常问的话，先给答案，再说依据。"),
    "story": (StoryIndexPage, StoryPage, "stories", "以案说法", "别人遇到过的事：怎么发生的，最后怎么判、怎么调。"),
    "lesson": (LessonIndexPage, LessonPage, "lessons", "普法课堂", "普法课和直播讲座：几点、在哪、讲什么。"),
}
"""By kind: the section's page type, the type of its pages, its slug, title and introduction."""


@transaction.atomic
def rewrite_links(*, page: KnowledgePage) -> None:
    """Record anew what a published page cites and links to (see models.links); called when it is published."""
    drop_links(page=page)
    cited = page.cited_articles()
    there = set(Article.objects.filter(pk__in=cited).values_list("pk", flat=True))
    GuideCitation.objects.bulk_create(
        GuideCitation(page_id=page.pk, article_id=pk, why=why[:60], position=position)
        for position, (pk, why) in enumerate(cited.items())
        if pk in there
    )
    PageLink.objects.bulk_create(
        PageLink(page_id=page.pk, kind=kind, target=target) for kind, target in extract_links(page)
    )


@transaction.atomic
def drop_links(*, page: KnowledgePage) -> None:
    """Forget what a page cites and links to; called when it is no longer published."""
    GuideCitation.objects.filter(page_id=page.pk).delete()
    PageLink.objects.filter(page_id=page.pk).delete()


def install_workflow(*, sections: list[Page] | None = None) -> Workflow:
    """Let 编辑 write and 审核员 publish in these sections (all of the guides' sections). Safe to call again."""
    if sections is None:
        sections = [page for kind in SECTIONS if (page := SECTIONS[kind][0].objects.first()) is not None]
    return workflow.install(sections=sections)


@transaction.atomic
def create_sections(*, by: Any) -> dict[str, KnowledgeIndexPage]:
    """The pages that list guides, questions, stories and lessons, by kind; those that are missing are created."""
    root = site_root()
    sections: dict[str, KnowledgeIndexPage] = {}
    for kind, (section_type, _page_type, slug, title, intro) in SECTIONS.items():
        section = section_type.objects.first()
        if section is None:
            section = section_type(title=title, slug=slug, intro=intro, show_in_menus=True)
            root.add_child(instance=section)
            section.save_revision(user=by).publish(user=by, skip_permission_checks=True)
        sections[kind] = section
    return sections


@transaction.atomic
def load_sample(
    *, folder: Path | None = None, by: Any = None, progress: Callable[[str], None] | None = None
) -> SampleReport:
    """Publish the sample content: the sections, the workflow, and a page for each sample in the folder.

    A second run changes nothing. A sample that changed since is brought up to date, unless an editor changed or
    deleted its page. Samples cite the newest edition of a law; without laws they are loaded without their sources,
    and get them with the first run after the laws were imported. `progress` is called with the name of each sample.
    """
    sections = create_sections(by=by)
    install_workflow(sections=list(sections.values()))
    shelf = SampleShelf(by=by)
    samples = list(read_samples(folder or SAMPLE_FOLDER, shelf.report.problems))
    articles = CitedArticles([cite for sample in samples for cite in sample.cites], shelf.report)
    guides: dict[str, Page | None] = {}
    for sample in samples:
        if progress is not None:
            progress(sample.name)
        page = _load(sample, shelf, sections[sample.kind], articles, guides)
        if sample.kind == "guide":
            guides[sample.slug] = page
    return shelf.report


def _load(
    sample: Sample,
    shelf: SampleShelf,
    section: KnowledgeIndexPage,
    articles: CitedArticles,
    guides: dict[str, Page | None],
) -> Page | None:
    sources = articles.sources(sample.cites, name=sample.name)
    guide = _guide_of(sample, guides, shelf.report)
    content = {
        **sample.data,
        "life_event": sample.life_event,
        "cites": [(source["article"].pk, source["why"]) for source in sources],
        "guide": guide and guide.pk,
    }
    return shelf.put(
        sample.name,
        content,
        parent=section,
        slug=sample.slug,
        new=SECTIONS[sample.kind][1],
        fill=filler(sample, sources, guide=guide, first_loaded_at=shelf.first_loaded_at(sample.name)),
    )


def _guide_of(sample: Sample, guides: dict[str, Page | None], report: SampleReport) -> Page | None:
    slug = sample.data.get("guide")
    if slug and slug not in guides:
        report.problems.append(_("%(name)s：没有指南 %(slug)s") % {"name": sample.name, "slug": slug})
    page = guides.get(slug) if slug else None
    return page if isinstance(page, GuidePage) else None
