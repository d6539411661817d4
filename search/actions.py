"""Every write that a user of the search's desk can name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from . import synonyms
from .importers import SynonymLine
from .models import SynonymGroup, SynonymSeed, UnansweredQuery


@dataclass(slots=True)
class LoadReport:
    """What loading a list of synonyms did, in groups."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    """Left as they are, because an editor changed, switched off or deleted them."""
    problems: list[str] = field(default_factory=list)
    """Lines that were not loaded, and why."""


@transaction.atomic
def load_synonyms(*, lines: Iterable[SynonymLine]) -> LoadReport:
    """Load a list of synonyms that the project brings. Loading it again changes nothing.

    A newer list changes the groups that still read as they were loaded. What an editor changed, switched off or
    deleted stays so, and a lay word that stands in another group already is not taken from it.
    """
    report = LoadReport()
    seeds = {seed.key: seed for seed in SynonymSeed.objects.select_related("group").select_for_update(of=("self",))}
    groups = list(SynonymGroup.objects.all())
    owners: dict[str, int | None] = {word: group.pk for group in groups for word in synonyms.folded(group.words)}
    new: list[SynonymLine] = []
    for line in lines:
        seed = seeds.get(line.key)
        owner = seed.group_id if seed else None
        taken = [word for word in line.lay if owners.get(word, owner) != owner]
        if seed is not None and _edited(seed):
            report.kept += 1
        elif seed is not None and _reads(seed, line):
            report.unchanged += 1
        elif taken:
            report.problems.append(f"line {line.number}: {taken[0]} stands in another group already")
        elif seed is None:
            new.append(line)
            owners |= dict.fromkeys(line.lay, -line.number)
        else:
            _update(seed, line)
            owners |= dict.fromkeys(line.lay, owner)
            report.updated += 1
    _create(new)
    report.created = len(new)
    return report


def _edited(seed: SynonymSeed) -> bool:
    group = seed.group
    return group is None or not group.active or not _reads(seed, group)


def _reads(one: Any, other: Any) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in ("words", "expansions", "field"))


def _update(seed: SynonymSeed, line: SynonymLine) -> None:
    assert seed.group is not None
    for row in (seed.group, seed):
        row.words, row.expansions, row.field = line.words, line.expansions, line.field
        row.save()


def _create(lines: Sequence[SynonymLine]) -> None:
    texts = [{"words": line.words, "expansions": line.expansions, "field": line.field} for line in lines]
    groups = SynonymGroup.objects.bulk_create([SynonymGroup(**text) for text in texts])
    seeds = [
        SynonymSeed(key=line.key, group=group, **text) for line, group, text in zip(lines, groups, texts, strict=True)
    ]
    SynonymSeed.objects.bulk_create(seeds)


@transaction.atomic
def mark_handled(*, queries: Iterable[int], by: Any) -> int:
    """Note that somebody dealt with these unanswered queries. How many there were.

    A query that is asked again and still finds nothing is waiting again.
    """
    return UnansweredQuery.objects.filter(pk__in=list(queries)).update(handled_at=timezone.now(), handled_by=by)
