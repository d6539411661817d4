"""The names of all laws, kept in line with their titles. Part of the import (see actions.py)."""

from .models import Edition, Law, LawName
from .names import curated_names, name_key, unique_names

Origin = LawName.Origin


def rewrite_names() -> set[int]:
    """Give each law the names that follow from its titles and from the curated list; returns the laws that changed.

    Names that editors gave stay, and win over generated ones.
    """
    wanted = _wanted()
    known = {name.key: name for name in LawName.objects.all()}
    kept = {key for key, name in known.items() if name.origin == Origin.EDITOR}
    stale = {key: name for key, name in known.items() if key not in kept and not _same(name, wanted.get(key))}
    new = [name for key, name in wanted.items() if key not in kept and (key not in known or key in stale)]
    LawName.objects.filter(pk__in=[name.pk for name in stale.values()]).delete()
    LawName.objects.bulk_create(new, batch_size=1000)
    return {name.law_id for name in [*new, *stale.values()]}


def _same(known: LawName, wanted: LawName | None) -> bool:
    return wanted is not None and (known.law_id, known.name, known.origin) == (
        wanted.law_id,
        wanted.name,
        wanted.origin,
    )


def _wanted() -> dict[str, LawName]:
    """All names by key, the surest first: titles, then the curated list, older titles, and what follows by rule."""
    laws = list(Law.objects.order_by("title_key"))
    by_title = {law.title: law for law in laws}
    names: dict[str, LawName] = {}

    def claim(law: Law, name: str, origin: str) -> None:
        if key := name_key(name):
            names.setdefault(key, LawName(law=law, name=name, key=key, origin=origin))

    for law in laws:
        claim(law, law.title, Origin.TITLE)
    for name, title in curated_names():
        if target := names.get(name_key(title)):
            claim(target.law, name, Origin.CURATED)
    for edition in Edition.objects.filter(is_current=False).select_related("law").order_by("pk"):
        claim(edition.law, edition.title, Origin.TITLE)
    for title, generated in unique_names(by_title).items():
        for name in generated:
            claim(by_title[title], name, Origin.GENERATED)
    return names
