"""Drafts of laws into the database: only what differs is written, in bulk. Part of the import (see actions.py)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Exists, OuterRef
from django.utils import timezone

from .collation import EditionDraft, LawDraft, SourceText
from .importers import Progress, no_progress
from .keys import division_key, format_key, free_key, slug_of
from .models import Article, Division, Edition, Law, SourceFile
from .names import unique_names, usual_name
from .texts import Piece

BATCH = 1000
T = TypeVar("T")


@dataclass(slots=True)
class Stored:
    """What an import wrote."""

    created: int = 0
    changed: int = 0
    laws: set[int] = field(default_factory=set)
    """Laws whose searchable form may differ now."""
    articles: set[int] = field(default_factory=set)
    """Articles that are new, changed or gone, or that are of an edition which began or ceased to be current."""
    current_articles: set[int] = field(default_factory=set)
    """The articles of the current editions among those that were written."""


@dataclass(slots=True)
class _Work:
    """An edition that is to be written."""

    draft: EditionDraft
    edition: Edition
    is_new: bool
    sources: dict[str, SourceFile] = field(default_factory=dict)
    divisions: dict[tuple[str, int], Division] = field(default_factory=dict)
    """By file path and place of the heading; -1 is the book itself."""


def store(drafts: list[LawDraft], progress: Progress = no_progress) -> Stored:
    """Write what differs between the drafts and the database."""
    stored = Stored()
    laws = _store_laws(drafts, stored)
    works = _store_editions(drafts, laws, stored)
    _store_sources(drafts, laws, works)
    _store_divisions(works)
    for chunk in progress(_chunks(works, 50), "写入"):
        _store_articles(chunk, stored)
    _mark_current(sorted({law.pk for law in laws.values()}), stored)
    stored.current_articles = set(
        Article.objects.current().filter(edition__in=[work.edition.pk for work in works]).values_list("pk", flat=True)
        if works
        else ()
    )
    return stored


def missing_files(drafts: list[LawDraft]) -> list[str]:
    """The files that earlier imports read and that the folder does not have now."""
    present = {file.path for draft in drafts for edition in draft.editions for file in edition.files + edition.copies}
    return sorted(set(SourceFile.objects.values_list("path", flat=True)) - present)


def withdraw_emptied() -> list[str]:
    """Delete editions whose files all turned into parts of other editions, and laws left without any; tells which."""
    emptied = Edition.objects.filter(~Exists(SourceFile.objects.filter(edition=OuterRef("pk"))))
    told = [str(edition) for edition in emptied]
    if told:
        laws = set(emptied.values_list("law", flat=True))
        emptied.delete()
        Law.objects.filter(pk__in=laws, editions=None).delete()
        _mark_current(sorted(laws), Stored())
    return told


# --- laws and editions -----------------------------------------------------------------------------------------


def _store_laws(drafts: list[LawDraft], stored: Stored) -> dict[str, Law]:
    known = {law.title_key: law for law in Law.objects.all()}
    names = unique_names(draft.title for draft in drafts)
    slugs = set(Law.objects.values_list("slug", flat=True))
    new, changed = [], []
    for draft in drafts:
        law = known.get(draft.key)
        if law is None:
            slug = free_key(slug_of(draft.title, names[draft.title]), slugs)
            law = known[draft.key] = Law(slug=slug, title_key=draft.key)
            new.append(law)
        state = (draft.title, usual_name(draft.title), draft.kind, draft.branch, draft.editions[0].published_on)
        if state != (law.title, law.short_title, law.kind, law.branch, law.published_on):
            law.title, law.short_title, law.kind, law.branch, law.published_on = state
            changed.append(law)
    Law.objects.bulk_create(new, batch_size=BATCH)
    fields = ["title", "short_title", "kind", "branch", "published_on"]
    Law.objects.bulk_update([law for law in changed if law not in new], fields, batch_size=BATCH)
    stored.laws |= {law.pk for law in changed}
    return {draft.key: known[draft.key] for draft in drafts}


def _store_editions(drafts: list[LawDraft], laws: dict[str, Law], stored: Stored) -> list[_Work]:
    known = {(edition.law_id, edition.published_on): edition for edition in Edition.objects.all()}
    works: list[_Work] = []
    for draft in drafts:
        law = laws[draft.key]
        for text in draft.editions:
            edition = known.get((law.pk, text.published_on))
            if edition is not None and edition.digest == text.digest():
                continue
            works.append(_Work(text, edition or Edition(law=law, published_on=text.published_on), edition is None))
            _fill_edition(works[-1].edition, text)
    Edition.objects.bulk_create([work.edition for work in works if work.is_new], batch_size=BATCH)
    changed = [work.edition for work in works if not work.is_new]
    fields = ["title", "effective_on", "history", "digest", "updated_at"]
    Edition.objects.bulk_update(changed, fields, batch_size=BATCH)
    stored.created, stored.changed = len(works) - len(changed), len(changed)
    stored.laws |= {work.edition.law_id for work in works}
    return works


def _fill_edition(edition: Edition, draft: EditionDraft) -> None:
    edition.title, edition.effective_on = draft.title, draft.effective_on
    edition.history, edition.digest = "\n".join(draft.history), draft.digest()
    edition.updated_at = timezone.now()


def _mark_current(law_pks: list[int], stored: Stored) -> None:
    """Let the newest edition of each law be the current one, and each older one know the next."""
    by_law: dict[int, list[Edition]] = defaultdict(list)
    for edition in Edition.objects.filter(law__in=law_pks).order_by("published_on", "pk"):
        by_law[edition.law_id].append(edition)
    changed = []
    for editions in by_law.values():
        for edition, following in zip(editions, [*editions[1:], None], strict=True):
            state = (following is None, following.pk if following else None)
            if state != (edition.is_current, edition.replaced_by_id):
                edition.is_current, edition.replaced_by = following is None, following
                changed.append(edition)
    # No law may have two current editions, not even for a moment.
    for is_current in (False, True):
        Edition.objects.bulk_update(
            [edition for edition in changed if edition.is_current is is_current],
            ["is_current", "replaced_by"],
            batch_size=BATCH,
        )
    stored.laws |= {edition.law_id for edition in changed}
    for chunk in _chunks(changed, 200):
        stored.articles |= set(Article.objects.filter(edition__in=chunk).values_list("pk", flat=True))


def _store_sources(drafts: list[LawDraft], laws: dict[str, Law], works: list[_Work]) -> None:
    known = {source.path: source for source in SourceFile.objects.all()}
    editions = {
        (edition.law_id, edition.published_on): edition for edition in Edition.objects.only("law", "published_on")
    }
    new: list[SourceFile] = []
    changed: list[SourceFile] = []
    for draft in drafts:
        for text in draft.editions:
            edition = editions[laws[draft.key].pk, text.published_on]
            for file in [*text.files, *text.copies]:
                source = known.setdefault(file.path, SourceFile(path=file.path))
                state = (file.sha256, edition.pk, file in text.copies)
                if state != (source.sha256, source.edition_id, source.is_copy):
                    source.sha256, source.edition_id, source.is_copy = state
                    (changed if source.pk else new).append(source)
    SourceFile.objects.bulk_create(new, batch_size=BATCH)
    SourceFile.objects.bulk_update(changed, ["sha256", "edition", "is_copy"], batch_size=BATCH)
    for work in works:
        work.sources = {file.path: known[file.path] for file in work.draft.files}


# --- divisions -------------------------------------------------------------------------------------------------


def _store_divisions(works: list[_Work]) -> None:
    for chunk in _chunks([work.edition.pk for work in works if not work.is_new], 200):
        Article.objects.filter(edition__in=chunk).update(division=None)
        Division.objects.filter(edition__in=chunk).delete()
    for work in works:
        work.divisions = dict(_divisions(work))
    divisions = [division for work in works for division in work.divisions.values()]
    # Level by level, so that each parent has its primary key before its children are written.
    for depth in sorted({division.depth for division in divisions}):
        level = [division for division in divisions if division.depth == depth]
        for division in level:
            division.parent_id = division.parent.pk if division.parent else None
        Division.objects.bulk_create(level, batch_size=BATCH)


def _divisions(work: _Work) -> Iterator[tuple[tuple[str, int], Division]]:
    taken: set[str] = set()
    position = 0
    for file in work.draft.files:
        # (level of the heading's marks, division) of the headings that the next one may stand under. Levels that a
        # file skips are closed up: depth counts the headings above, not the marks.
        above: list[tuple[int, Division]] = []
        headings = [
            (place, heading.depth, heading.label, heading.title) for place, heading in enumerate(file.text.headings)
        ]
        book = [(-1, 0, *work.draft.book_heading(file))] if work.draft.is_code else []
        for place, level, label, title in [*book, *headings]:
            while above and above[-1][0] >= level:
                above.pop()
            parent = above[-1][1] if above else None
            division = Division(edition=work.edition, parent=parent, position=position, label=label, title=title)
            _place(division, parent, taken)
            above.append((level, division))
            yield (file.path, place), division
            position += 1


def _place(division: Division, parent: Division | None, taken: set[str]) -> None:
    """Fill in what depends on the divisions above and before."""
    division.depth = parent.depth + 1 if parent else 1
    division.path = "\n".join([*([parent.path] if parent else []), division.heading])
    own = division_key(division.label, division.title)
    division.key = free_key(f"{parent.key}-{own}" if parent else own, taken)


# --- articles --------------------------------------------------------------------------------------------------


_FIELDS = ["division", "source", "line", "position", "kind", "number", "sub", "label", "text"]


def _store_articles(works: list[_Work], stored: Stored) -> None:
    changed = [work.edition.pk for work in works if not work.is_new]
    known = {(a.edition_id, a.key): a for a in Article.objects.filter(edition__in=changed)} if changed else {}
    new: list[Article] = []
    updated: list[Article] = []
    for work in works:
        for article in _articles(work):
            old = known.pop((article.edition_id, article.key), None)
            if old is None:
                new.append(article)
                continue
            if (old.text, old.label, old.kind) != (article.text, article.label, article.kind):
                stored.articles.add(old.pk)
            article.pk = old.pk
            updated.append(article)
    # What an edition no longer has goes; but not the articles of a book whose file is missing.
    present = {source.pk for work in works for source in work.sources.values()}
    gone = [article.pk for article in known.values() if article.source_id is None or article.source_id in present]
    Article.objects.filter(pk__in=gone).delete()
    Article.objects.bulk_update(updated, _FIELDS, batch_size=200)
    Article.objects.bulk_create(new, batch_size=BATCH)
    stored.articles |= {article.pk for article in new} | set(gone)
    # A heading is part of what is searched.
    stored.articles |= {article.pk for article in updated}


def _articles(work: _Work) -> Iterator[Article]:
    taken: dict[str, int] = defaultdict(int)
    position = 0
    for file in work.draft.files:
        for piece in file.text.pieces:
            key = _key(piece, taken)
            yield Article(
                edition=work.edition,
                source=work.sources[file.path],
                division=_division_of(work, file, piece),
                line=piece.line,
                position=position,
                kind=piece.kind,
                number=piece.number,
                sub=piece.sub,
                key=key,
                label=piece.label,
                text="\n".join(piece.paragraphs),
            )
            position += 1


def _division_of(work: _Work, file: SourceText, piece: Piece) -> Division | None:
    return work.divisions.get((file.path, -1 if piece.heading is None else piece.heading))


def _key(piece: Piece, taken: dict[str, int]) -> str:
    """The piece in an address; the second of two with one number is 5~2, the second annex annex-2."""
    base = format_key(piece.number, piece.sub) if piece.number else piece.kind
    taken[base] += 1
    if piece.number:
        return base if taken[base] == 1 else f"{base}~{taken[base]}"
    return base if taken[base] == 1 and piece.kind != "annex" else f"{base}-{taken[base]}"


def _chunks(items: Iterable[T], size: int) -> list[list[T]]:
    rows = list(items)
    return [rows[start : start + size] for start in range(0, len(rows), size)]
