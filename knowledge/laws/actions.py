"""Everything that writes laws: the import of a folder, names given by editors, the table of references."""

from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from search import outbox

from . import naming, storing
from .importers import Folder, Progress, Remark, no_progress, read_folder
from .models import Article, Law, LawName
from .referencing import rewrite_references
from .signals import laws_changed

ARTICLE_SOURCE, LAW_SOURCE = "article", "law"
"""The names under which articles and laws are searched (see search_documents.py)."""


@dataclass(slots=True)
class ImportReport:
    """What an import read, wrote and could not read."""

    files: int = 0
    navigation_files: int = 0
    books: int = 0
    """Files that hold a book of a code, beside the first of each code."""
    copies: int = 0
    refused: int = 0
    """Files that are no statutes or could not be read at all."""
    laws: int = 0
    editions: int = 0
    pieces: dict[str, int] = field(default_factory=dict)
    """How many pieces of each kind (Article.Kind) the newest editions of the folder have."""
    editions_created: int = 0
    editions_changed: int = 0
    editions_withdrawn: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Files that an earlier import read and that are not in the folder any more. Their texts are kept."""
    remarks: list[Remark] = field(default_factory=list)

    @property
    def older_editions(self) -> int:
        """Editions that were replaced."""
        return self.editions - self.laws

    @property
    def changed(self) -> bool:
        """Whether the import changed anything."""
        return bool(self.editions_created or self.editions_changed or self.editions_withdrawn)


@transaction.atomic
def import_folder(*, path: Path, progress: Progress = no_progress, index: bool = True) -> ImportReport:
    """Bring laws, editions and articles in line with a folder of statutes in Markdown.

    All of it or nothing. An edition whose text is the same is left alone; in a changed one, an article keeps its
    primary key as long as its number stays. With `index` the changes are recorded for the search; without, a rebuild
    of the index has to follow. Raises NotALawFolderError.
    """
    folder = read_folder(path, progress)
    report = _summary(folder)
    stored = storing.store(folder.laws, progress)
    report.editions_created, report.editions_changed = stored.created, stored.changed
    report.missing = storing.missing_files(folder.laws)
    report.editions_withdrawn = storing.withdraw_emptied()
    names_changed = naming.rewrite_names()
    if report.changed or names_changed:
        laws_changed.send(sender=Law)
        touched = None if names_changed else stored.current_articles
        rewrite_references(articles=touched, progress=progress)
    if index:
        outbox.record(ARTICLE_SOURCE, stored.articles)
        outbox.record(LAW_SOURCE, stored.laws | names_changed)
    return report


def _summary(folder: Folder) -> ImportReport:
    drafts = [edition for law in folder.laws for edition in law.editions]
    report = ImportReport(
        files=folder.files,
        navigation_files=folder.navigation_files,
        books=sum(len(draft.files) - 1 for draft in drafts),
        copies=sum(len(draft.copies) for draft in drafts),
        laws=len(folder.laws),
        editions=len(drafts),
        remarks=folder.remarks,
    )
    report.refused = report.files - report.books - report.copies - report.editions
    for law in folder.laws:
        for file in law.editions[0].files:
            for piece in file.text.pieces:
                report.pieces[piece.kind] = report.pieces.get(piece.kind, 0) + 1
    return report


@transaction.atomic
def rebuild_references(*, progress: Progress = no_progress) -> int:
    """Read anew which article names which, for all laws; returns how many references there are."""
    laws_changed.send(sender=Law)
    return rewrite_references(articles=None, progress=progress)


@transaction.atomic
def save_name(*, name: LawName) -> LawName:
    """Keep a short name that an editor gave to a law, new or changed.

    Raises ValidationError when it is empty or means another law already. Texts that call the law so are read anew.
    """
    name.name = name.name.strip()
    name.origin = LawName.Origin.EDITOR
    name.full_clean()
    before = LawName.objects.filter(pk=name.pk).select_related("law").first() if name.pk else None
    name.save()
    _reread({name.name, before.name if before else name.name})
    outbox.record(LAW_SOURCE, {name.law_id, before.law_id if before else name.law_id})
    return name


@transaction.atomic
def delete_name(*, name: LawName) -> None:
    """Take a short name from its law. Names that follow from the title come back with the next import."""
    law = name.law_id
    name.delete()
    _reread({name.name})
    outbox.record(LAW_SOURCE, [law])


def _reread(names: set[str]) -> None:
    """Find anew which articles the texts that hold one of these names refer to."""
    articles: set[int] = set()
    for name in names:
        articles |= set(Article.objects.current().filter(text__contains=name).values_list("pk", flat=True))
    if articles:
        rewrite_references(articles=articles)
