"""Sample pages: put into the tree once, brought up to date later, never over an editor's work.

What was loaded is remembered in Wagtail's own log of each page, so that it outlives the page: a sample page that an
editor changed stays as it is, one that an editor deleted stays away.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, log
from wagtail.models import Page, PageLogEntry, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from knowledge.laws.models import Article, Law

ACTION = "xiangyue.sample"

PROBLEMS_SHOWN = 20

Cite = tuple[str, str, str]
"""A cited article as a file names it: law, number, what it is cited for."""


class SampleError(ValueError):
    """A sample file cannot be used; the message says which and why."""


@dataclass(slots=True)
class SampleReport:
    """What a load did: the names of the samples, by what became of them."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Changed or unpublished by an editor since they were loaded: left alone."""
    deleted: list[str] = field(default_factory=list)
    """Deleted by an editor: left away."""
    problems: list[str] = field(default_factory=list)
    """One sentence each, with the name of the file."""

    def __str__(self) -> str:
        counts = _(
            "新建 %(created)d，更新 %(updated)d，未变 %(unchanged)d，编辑改过不动 %(kept)d，编辑删过不补 %(deleted)d"
        )
        names = ("created", "updated", "unchanged", "kept", "deleted")
        lines = [counts % {name: len(getattr(self, name)) for name in names}, *self.problems[:PROBLEMS_SHOWN]]
        if (more := len(self.problems) - PROBLEMS_SHOWN) > 0:
            lines.append(_("还有 %(more)d 个问题") % {"more": more})
        return "\n  ".join(lines)


def register_log_action(actions: LogActionRegistry) -> None:
    """Make the log's entry readable in a page's history; for the `register_log_actions` hook."""
    if ACTION not in actions.formatters:
        actions.register_action(ACTION, gettext_lazy("载入示例内容"), gettext_lazy("载入了示例内容"))


def read_yaml(path: Path) -> Any:
    """The content of a YAML file. Raises SampleError when it is not one."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SampleError(f"{path.name}: {error}") from error


def cites_of(data: Mapping[str, Any]) -> list[Cite]:
    """The articles that a part of a sample names under `cites`."""
    return [(str(cite["law"]), str(cite["article"]), str(cite.get("why") or "")) for cite in data.get("cites") or []]


class CitedArticles:
    """The articles that samples name, found in the current editions with few queries."""

    def __init__(self, cites: Iterable[Cite], report: "SampleReport") -> None:
        self._report = report
        wanted = {(law, number) for law, number, _why in cites}
        laws = {name: Law.objects.named(name).first() for name in {law for law, _number in wanted}}
        keys = {number for _law, number in wanted}
        rows = Article.objects.filter(
            edition__is_current=True, edition__law__in=[law for law in laws.values() if law], key__in=keys
        ).select_related("edition__law")
        by_key = {(article.edition.law_id, article.key): article for article in rows}
        self._found = {
            (name, number): by_key.get((law.pk, number)) if (law := laws[name]) else None for name, number in wanted
        }
        self.laws_are_there = Law.objects.exists()

        if not self.laws_are_there:
            report.problems.append(_("还没有导入法律文本，示例页面先不带法律依据；导入法律后再载入一次即可。"))

    def sources(self, cites: Iterable[Cite], *, name: str) -> list[dict[str, Any]]:
        """The values of cited-article blocks for what a sample cites. What is not in force is a problem, told."""
        sources = []
        for law, number, why in cites:
            article = self._found[law, number]
            if article is not None:
                sources.append({"article": article, "why": why})
            elif self.laws_are_there:
                self._report.problems.append(
                    _("%(name)s：《%(law)s》现行文本里没有第 %(number)s 条")
                    % {"name": name, "law": law, "number": number}
                )
        return sources


def site_root() -> Page:
    """The home page of the default site, below which the sections stand. Raises SampleError without a site."""
    site = Site.objects.select_related("root_page").filter(is_default_site=True).first()
    if site is None:
        raise SampleError("There is no default site to put the sample pages into.")
    return site.root_page


class SampleShelf:
    """Puts sample pages into the tree and keeps count of what became of each."""

    def __init__(self, *, by: Any) -> None:
        self.report = SampleReport()
        self._by = by
        self._now = timezone.now()
        self._entries: dict[str, PageLogEntry] = {}
        self._first: dict[str, datetime] = {}
        for entry in PageLogEntry.objects.filter(action=ACTION).order_by("timestamp", "pk"):
            name = entry.data["name"]
            self._entries[name] = entry
            self._first.setdefault(name, entry.timestamp)
        self._pages = Page.objects.specific().in_bulk([entry.page_id for entry in self._entries.values()])

    def first_loaded_at(self, name: str) -> datetime:
        """When this sample was loaded for the first time: now, if it never was."""
        return self._first.get(name, self._now)

    def put(
        self,
        name: str,
        content: Mapping[str, Any],
        *,
        parent: Page,
        slug: str,
        new: Callable[[], Page],
        fill: Callable[[Page], None],
    ) -> Page | None:
        """Create the page, or bring it up to date if nobody touched it since; the page, or None when it is not there.

        `content` is all that the page is made of: as long as it stays the same, nothing is done.
        """
        digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
        entry = self._entries.get(name)
        if entry is None:
            return self._create(name, digest, parent=parent, slug=slug, new=new, fill=fill)
        page = self._pages.get(entry.page_id)
        if page is None:
            self.report.deleted.append(name)
        elif entry.data["digest"] == digest:
            self.report.unchanged.append(name)
        elif not page.live or page.latest_revision_id != entry.data["revision"]:
            self.report.kept.append(name)
        else:
            fill(page)
            self._publish(page, name, digest)
            self.report.updated.append(name)
        return page

    def _create(
        self,
        name: str,
        digest: str,
        *,
        parent: Page,
        slug: str,
        new: Callable[[], Page],
        fill: Callable[[Page], None],
    ) -> Page:
        there = parent.get_children().filter(slug=slug).specific().first()
        if there is not None:
            # An editor's own page stands at this address.
            self.report.kept.append(name)
            return there
        page = new()
        page.slug, page.live = slug, False
        fill(page)
        with disable_reference_index_auto_update():
            parent.add_child(instance=page)
        self._publish(page, name, digest)
        self.report.created.append(name)
        return page

    def _publish(self, page: Page, name: str, digest: str) -> None:
        # Publishing writes the references of the page; the saves before it would only write them three times over.
        with disable_reference_index_auto_update():
            revision = page.save_revision(user=self._by, clean=True)
        revision.publish(user=self._by, skip_permission_checks=True)
        data = {"name": name, "digest": digest, "revision": revision.pk}
        log(instance=page, action=ACTION, user=self._by, data=data, content_changed=False)
