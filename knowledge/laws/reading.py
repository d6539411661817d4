"""Laws laid out for reading: the tree of headings, which of it fits on one page, and articles with their links."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Max, Min, Sum
from django.db.models.functions import Length

from . import structure
from .citations import REACH, Context
from .directory import Directory
from .linking import link_all
from .models import Article, Division, Edition
from .numerals import format_number

PAGE_CHARACTERS = 24_000
"""A page holds at most so much of a law, unless a single chapter is longer: about 40 KB over the wire."""
LONG_CONTENTS = 30
"""More headings than this fill several screens of a phone."""


@dataclass(slots=True)
class Node:
    """A heading with what is below it."""

    division: Division
    children: list["Node"] = field(default_factory=list)
    size: int = 0
    """Characters of the articles directly under the heading."""
    first: Article | None = None
    last: Article | None = None
    """The first and the last article in the whole subtree, without their texts."""
    url: str = ""
    """Where the heading's text is: an anchor in this page, or the page that shows it."""

    @property
    def total(self) -> int:
        """Characters of the whole subtree."""
        return self.size + sum(child.total for child in self.children)

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def level(self) -> int:
        """The level of its heading in a page whose title is h1."""
        return min(self.division.depth + 1, 6)

    @property
    def span(self) -> str:
        """The articles below, in digits: 第1–12条; empty when they have no numbers."""
        if not (self.first and self.last and self.first.number and self.last.number):
            return ""
        first, last = _digits(self.first), _digits(self.last)
        between = first if first == last else f"{first}–{last}"
        return f"第{between}条" if self.first.kind == Article.Kind.ARTICLE else f"{between}、"


def _digits(article: Article) -> str:
    return f"{article.number}之{format_number(article.sub)}" if article.sub else str(article.number)


@dataclass(slots=True)
class Reading:
    """An article laid out: its blocks with their links."""

    article: Article
    blocks: list[structure.Block]

    @property
    def anchor(self) -> str:
        """Its id in a page with several articles."""
        return f"tiao-{self.article.key.replace('~', '_')}"

    @property
    def show_label(self) -> bool:
        """Whether the label stands before the text; a preamble needs none."""
        return self.article.kind in (Article.Kind.ARTICLE, Article.Kind.SECTION)


@dataclass(slots=True)
class Part:
    """A heading and the articles directly under it; the heading is None before the first one."""

    node: Node | None
    readings: list[Reading]


@dataclass(slots=True)
class Outline:
    """The headings of an edition."""

    edition: Edition
    roots: list[Node]
    nodes: dict[int, Node]
    total: int = 0
    """Characters of the whole text."""
    count: int = 0
    """How many numbered articles, or sections, the text has."""

    @property
    def fits(self) -> bool:
        """Whether the whole text goes on one page."""
        return self.total <= PAGE_CHARACTERS or not self.roots

    @property
    def is_deep(self) -> bool:
        """Whether the headings are so many that those below the first level are better folded away."""
        return len(self.nodes) > LONG_CONTENTS and any(root.children for root in self.roots)

    def units(self) -> list[Node]:
        """The headings that have a page of their own in a long law, in the order of the text."""
        return [] if self.fits else [unit for root in self.roots for unit in _units(root)]


def outline(edition: Edition) -> Outline:
    """The tree of headings, with the addresses at which their text is shown. Two queries."""
    nodes = {division.pk: Node(division) for division in edition.divisions.order_by("position")}
    roots: list[Node] = []
    for node in nodes.values():
        node.division.edition = edition
        parent = nodes.get(node.division.parent_id or 0)
        (parent.children if parent else roots).append(node)
    tree = Outline(edition, roots, nodes)
    _measure(tree)
    _address(tree)
    return tree


def _measure(tree: Outline) -> None:
    """Fill in sizes, and first and last articles."""
    articles, nodes = tree.edition.articles.order_by().values("division"), tree.nodes
    sizes = articles.annotate(size=Sum(Length("text")), rows=Count("number"), low=Min("position"), high=Max("position"))
    found = {row["division"]: row for row in sizes}
    ends = {position for row in found.values() for position in (row["low"], row["high"])}
    at = {article.position: article for article in tree.edition.articles.filter(position__in=ends).defer("text")}
    for pk, node in nodes.items():
        if row := found.get(pk):
            node.size = row["size"] or 0
    for node in nodes.values():
        below = [found[child.division.pk] for child in node.walk() if child.division.pk in found]
        if below:
            node.first = at[min(row["low"] for row in below)]
            node.last = at[max(row["high"] for row in below)]
    tree.total = sum(row["size"] or 0 for row in found.values())
    tree.count = sum(row["rows"] for row in found.values())


def _units(node: Node) -> list[Node]:
    if node.total <= PAGE_CHARACTERS or not node.children:
        return [node]
    own = [node] if node.size else []
    return [*own, *(unit for child in node.children for unit in _units(child))]


def _address(tree: Outline) -> None:
    if tree.fits:
        for node in tree.nodes.values():
            node.url = f"{tree.edition.get_absolute_url()}#{node.division.key}"
        return
    for node in tree.nodes.values():
        node.url = node.division.get_absolute_url()
    for unit in tree.units():
        if unit.total <= PAGE_CHARACTERS or not unit.children:
            for below in unit.walk():
                if below is not unit:
                    below.url = f"{unit.division.get_absolute_url()}#{below.division.key}"


def article_page(tree: Outline, article: Article) -> str:
    """Where an article stands in the text of its law: the address of the page, and its place there."""
    node = tree.nodes.get(article.division_id or 0)
    base = node.url.partition("#")[0] if node and not tree.fits else tree.edition.get_absolute_url()
    return f"{base}#{Reading(article, []).anchor}"


def parts(tree: Outline, under: Node | None = None, *, own_only: bool = False) -> list[Part]:
    """The text of the whole law, or of what is under a heading, part by part. Three queries."""
    articles = tree.edition.articles.order_by("position")
    nodes: list[Node] = []
    if under is not None:
        nodes = [under] if own_only else list(under.walk())
        articles = articles.filter(division__in=[node.division.pk for node in nodes])
    elif own_only:
        articles = articles.filter(division=None)
    else:
        nodes = [node for root in tree.roots for node in root.walk()]
    by_division: dict[int | None, list[Reading]] = {}
    for reading in read(list(articles), tree.edition):
        by_division.setdefault(reading.article.division_id, []).append(reading)
    before = [Part(None, by_division[None])] if None in by_division else []
    return [*before, *(Part(node, by_division.get(node.division.pk, [])) for node in nodes)]


def read(articles: Sequence[Article], edition: Edition, previous: Sequence[Article] = ()) -> list[Reading]:
    """Lay out articles of one edition, in their order, with links on what they cite. Two queries.

    `previous` are the articles right before the first: what its 前条 means.
    """
    readings = [Reading(article, structure.blocks(article.paragraphs)) for article in articles]
    texts = list(_texts(readings, edition, previous))
    linked = iter(link_all(texts, edition=edition))
    for reading in readings:
        reading.article.edition = edition
        structure.fill(reading.blocks, linked)
    return readings


def _texts(readings: list[Reading], edition: Edition, previous: Sequence[Article]) -> Iterator[tuple[str, Context]]:
    """Each stretch of text with what 前款 and 前条 mean in it."""
    before = [(article.number, article.sub) for article in previous if article.number]
    directory = Directory()
    for reading in readings:
        article = reading.article
        for paragraph, text in structure.stretches(reading.blocks):
            place = {"number": article.number or 0, "sub": article.sub, "paragraph": paragraph}
            yield text, Context.of(edition.law, directory, **place, previous=tuple(before[-REACH:]))
        if article.number:
            before.append((article.number, article.sub))
