"""Which article names which. Part of the import (see actions.py)."""

from collections.abc import Collection, Iterable, Iterator

from .citations import REACH, Context, parse, references
from .directory import Directory
from .importers import Progress, no_progress
from .models import Article, Reference


def rewrite_references(*, articles: Collection[int] | None, progress: Progress = no_progress) -> int:
    """Read the citations in these articles, or in all that are in force, and keep them as rows; returns how many.

    References from texts that were replaced are dropped: nobody looks for who cited an article in the past.
    """
    rows = Article.objects.current().select_related("edition__law").order_by("edition", "position")
    if articles is None:
        Reference.objects.all().delete()
    else:
        editions = set(Article.objects.in_bulk(list(articles)).values()) if articles else set()
        rows = rows.filter(edition__in={article.edition_id for article in editions})
        Reference.objects.filter(article__in=articles).delete()
        Reference.objects.filter(article__edition__is_current=False).delete()
    wanted = set(articles) if articles is not None else None
    found = list(_references(progress(rows.iterator(chunk_size=2000), "查找引用"), wanted))
    Reference.objects.bulk_create(found, batch_size=2000)
    return len(found)


def _references(articles: Iterable[Article], wanted: set[int] | None) -> Iterator[Reference]:
    directory = Directory.complete()
    previous: list[tuple[int, int]] = []
    edition = None
    for article in articles:
        if article.edition_id != edition:
            edition, previous = article.edition_id, []
        if wanted is None or article.pk in wanted:
            yield from _references_of(article, tuple(previous), directory)
        if article.number:
            previous = [*previous[1 - REACH :], (article.number, article.sub)]


def _references_of(
    article: Article, previous: tuple[tuple[int, int], ...], directory: Directory
) -> Iterator[Reference]:
    if "条" not in article.text:
        return
    law = article.edition.law
    context = Context.of(law, directory, number=article.number or 0, sub=article.sub, previous=previous)
    named = references(parse(article.text, context=context, directory=directory))
    for law_id, number, sub in sorted(named - {(law.pk, article.number, article.sub)}):
        yield Reference(article=article, law_id=law_id, number=number, sub=sub)
