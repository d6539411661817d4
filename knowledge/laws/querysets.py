"""The questions that are asked of laws, editions and articles, by name."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Q

from .names import name_key

if TYPE_CHECKING:
    from .models import Article, Edition, Law  # noqa: F401 - named in strings below


class LawQuerySet(models.QuerySet["Law"]):
    """Laws."""

    def named(self, name: str) -> Self:
        """The law that is called so, by its title or any of its short names; at most one."""
        return self.filter(names__key=name_key(name))

    def of_kind(self, kind: str) -> Self:
        """The laws of one rank; all when it is empty."""
        return self.filter(kind=kind) if kind else self

    def containing(self, words: str) -> Self:
        """The laws one of whose names holds these words."""
        key = name_key(words)
        return self.filter(names__key__contains=key).distinct() if key else self

    def kind_counts(self) -> dict[str, int]:
        """How many laws there are of each kind."""
        return dict(self.order_by().values_list("kind").annotate(Count("pk", distinct=True)))


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions."""

    def current(self) -> Self:
        """The newest edition of each law."""
        return self.filter(is_current=True)


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles and the other pieces of laws."""

    def current(self) -> Self:
        """The pieces of the newest edition of each law."""
        return self.filter(edition__is_current=True)

    def with_place(self) -> Self:
        """With law, edition and division fetched along: what a heading and an address need."""
        return self.select_related("edition__law", "division")

    def numbered(self) -> Self:
        """Only what has a number: articles, and the sections of texts without articles."""
        return self.filter(number__isnull=False)

    def searchable(self) -> Self:
        """What is found by itself: everything in force but preambles, which only say why a law was made."""
        return self.current().exclude(kind="preamble")

    def at(self, law: "Law", number: int, sub: int = 0) -> Self:
        """The article with this number in the newest edition of a law; at most one."""
        return self.current().filter(edition__law=law, number=number, sub=sub).order_by("position")[:1]

    def by_source(self, file: str, label: str) -> Self:
        """The article with this label that was read from this file (relative to the folder of laws); at most one.

        For a file that only repeats another, the article of the text that was kept.
        """
        in_file = Q(source__path=file) | Q(edition__sources__path=file, edition__sources__is_copy=True)
        return self.filter(in_file, label=label).distinct().order_by("position")[:1]

    def by_sources(self, pairs: "list[tuple[str, str]]") -> "dict[tuple[str, str], int]":
        """The primary keys of many articles by (file, label), in a few queries; pairs that are unknown are left out."""
        wanted = set(pairs)
        found: dict[tuple[str, str], int] = {}
        files = sorted({file for file, _ in wanted})
        for start in range(0, len(files), 300):
            chunk = files[start : start + 300]
            own = self.filter(source__path__in=chunk).values_list("source__path", "label", "pk")
            copies = self.filter(edition__sources__path__in=chunk, edition__sources__is_copy=True)
            rows = [*copies.values_list("edition__sources__path", "label", "pk"), *own]
            found |= {(path, label): pk for path, label, pk in rows if (path, label) in wanted}
        return found
