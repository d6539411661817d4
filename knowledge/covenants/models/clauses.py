"""Chapters and clauses: as they are written, as they are numbered, as they are frozen."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from knowledge.blocks import CitedArticleBlock
from knowledge.laws.numerals import format_label, format_number


class ClauseBlock(blocks.StructBlock):
    """One clause. Its number is counted, never typed."""

    text = blocks.TextBlock(label=_("条文"), rows=2, help_text=_("不用写第几条，页面自动编号"))
    cites = blocks.ListBlock(CitedArticleBlock(), label=_("法律依据"), default=[], required=False)

    class Meta:
        icon = "pilcrow"
        label = _("条")


class ChapterBlock(blocks.StructBlock):
    """A chapter with its clauses."""

    title = blocks.CharBlock(label=_("章名"), max_length=40)
    clauses = blocks.ListBlock(ClauseBlock(), label=_("条文"), min_num=1)

    class Meta:
        icon = "list-ol"
        label = _("章")


class ChaptersBlock(blocks.StreamBlock):
    """The chapters of a covenant."""

    chapter = ChapterBlock()


@dataclass(frozen=True, slots=True)
class Cite:
    """An article that a clause rests on, for rendering."""

    citation: str
    url: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with its number, for rendering. The id stays with it when its number changes."""

    number: int
    text: str
    cites: list[Cite]
    id: str = ""

    @property
    def label(self) -> str:
        """第一条, 第二条 …"""
        return format_label(self.number)

    @property
    def anchor(self) -> str:
        """The clause's anchor in the page's address."""
        return f"tiao-{self.number}"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter with its number, for rendering."""

    number: int
    title: str
    clauses: list[Clause] = field(default_factory=list)

    @property
    def label(self) -> str:
        """第一章, 第二章 …"""
        return f"第{format_number(self.number)}章"

    @property
    def anchor(self) -> str:
        """The chapter's anchor in the page's address."""
        return f"zhang-{self.number}"


def of_stream(stream: Iterable[Any]) -> Iterator[Chapter]:
    """The chapters of a stream field; clauses are numbered through the whole covenant."""
    clause_number = 0
    for number, block in enumerate(stream, start=1):
        chapter = Chapter(number, block.value["title"])
        for bound in block.value["clauses"].bound_blocks:
            clause_number += 1
            clause = bound.value
            chapter.clauses.append(Clause(clause_number, clause["text"], list(_cites(clause)), str(bound.id or "")))
        yield chapter


def _cites(clause: Any) -> Iterator[Cite]:
    for cite in clause["cites"]:
        if (article := cite.get("article")) is not None:
            yield Cite(article.citation, article.get_absolute_url(), cite.get("why") or "")


def freeze(chapters: Iterable[Chapter]) -> list[dict[str, Any]]:
    """Chapters as JSON: what was put to the vote, articles by name and address."""
    return [asdict(chapter) for chapter in chapters]


def thaw(frozen: Iterable[dict[str, Any]]) -> Iterator[Chapter]:
    """The chapters that `freeze` made."""
    for chapter in frozen:
        clauses = [
            Clause(clause["number"], clause["text"], [Cite(**cite) for cite in clause["cites"]], clause["id"])
            for clause in chapter["clauses"]
        ]
        yield Chapter(chapter["number"], chapter["title"], clauses)
