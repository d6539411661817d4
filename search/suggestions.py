"""What the search box offers while someone types: titles, law names, the ways that residents put a question.

The phrases are rows of a table, written when a document is delivered to the index. One query answers in every process
alike, at once after a page is published. A phrase is found by its characters, by its pinyin (`lihun`) and by the first
letters of its pinyin (`lh`), at its beginning or further on.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.functions import Length

from .analysis import clean, fold, is_han
from .documents import Document
from .models import Suggestion
from .pinyin import syllables

MIN_CHARS = 2
"""One character is in nearly every phrase."""
MAX_CHARS = 40
"""Longer input is a question, not the beginning of one."""
LIMIT = 8
"""As many as an old phone shows above its keyboard."""
_CANDIDATES = 60

_PHRASE_CHARS = 120
_LETTERS = re.compile(r"[a-z0-9\s']+")


@dataclass(frozen=True, slots=True)
class Offer:
    """One line below the search box."""

    phrase: str
    url: str
    kind: str


def rows(document: Document) -> list[Suggestion]:
    """The rows that this document's phrases make; each phrase once."""
    made: dict[str, Suggestion] = {}
    for rank, text in enumerate(document.suggest):
        phrase = " ".join(clean(text).split())[:_PHRASE_CHARS]
        folded = fold(phrase)[:_PHRASE_CHARS]
        sounds = syllables(phrase)
        if not sounds or folded in made:
            continue
        made[folded] = Suggestion(
            document=document.key,
            kind=document.kind,
            phrase=phrase,
            folded=folded,
            pinyin="".join(sound.capitalize() for sound in sounds),
            initials="".join(sound[0] for sound in sounds),
            url=document.url,
            rank=rank,
        )
    return list(made.values())


def update(documents: Iterable[Document], gone: Iterable[str] = ()) -> None:
    """Put the phrases of these documents in the place of their old ones; forget those of the keys that are gone."""
    documents = list(documents)
    keys = [document.key for document in documents] + list(gone)
    with transaction.atomic():
        for start in range(0, len(keys), 500):
            Suggestion.objects.filter(document__in=keys[start : start + 500]).delete()
        Suggestion.objects.bulk_create([row for document in documents for row in rows(document)], batch_size=500)


def replace_all(documents: Iterable[Document]) -> int:
    """Put the phrases of all documents in the place of the whole table, at once. How many there are now."""
    made = [row for document in documents for row in rows(document)]
    with transaction.atomic():
        Suggestion.objects.all().delete()
        Suggestion.objects.bulk_create(made, batch_size=500)
    return len(made)


def suggest(text: str, *, limit: int = LIMIT) -> list[Offer]:
    """The phrases to offer for what was typed so far, best first; one for each page.

    What begins with the text comes first, then what holds it; titles before other ways to say the same; short before
    long. Nothing for less than MIN_CHARS or more than MAX_CHARS characters.
    """
    typed = " ".join(fold(clean(text)[: MAX_CHARS * 4]).split())
    if not MIN_CHARS <= len(typed) <= MAX_CHARS:
        return []
    found = _by_sound(typed) if _LETTERS.fullmatch(typed) else _by_characters(typed)
    if not found and any(map(is_han, typed)):
        # Nothing is written like that; what sounds like it is often what was meant: 离昏.
        found = _by_sound("".join(syllables(typed)), initials=False)
    offers: dict[str, Offer] = {}
    for row in found:
        offers.setdefault(row.url, Offer(row.phrase, row.url, row.kind))
    return list(offers.values())[:limit]


def _by_characters(typed: str) -> list[Suggestion]:
    return _best(Q(folded__contains=typed), Q(folded__startswith=typed))


def _by_sound(typed: str, *, initials: bool = True) -> list[Suggestion]:
    """Phrases with this pinyin, whole syllables at its beginning, or with these first letters."""
    letters = re.sub(r"[\s']", "", typed)
    if len(letters) < MIN_CHARS:
        return []
    matching, tiers = Q(pinyin__icontains=letters), [Q(pinyin__istartswith=letters)]
    if initials:
        matching |= Q(initials__contains=letters) | Q(folded__contains=typed)
        tiers += [Q(initials__startswith=letters), Q(folded__contains=typed)]
    return [row for row in _best(matching, *tiers) if _sounds(row, letters) or typed in row.folded]


def _sounds(row: Suggestion, letters: str) -> bool:
    """Whether the letters begin at the beginning of a syllable. Each syllable is written with a capital."""
    if letters in row.initials:
        return True
    sound = row.pinyin.lower()
    places = (place for place in range(len(sound)) if sound.startswith(letters, place))
    return any(not row.pinyin[place].islower() for place in places)


def _best(matching: Q, *tiers: Q) -> list[Suggestion]:
    """The matching rows: by the first tier that holds, titles first, short ones first."""
    tier = Case(
        *(When(condition, then=Value(number)) for number, condition in enumerate(tiers)),
        default=Value(len(tiers)),
        output_field=IntegerField(),
    )
    alternative = Case(When(rank=0, then=Value(0)), default=Value(1), output_field=IntegerField())
    ordered = Suggestion.objects.filter(matching).order_by(tier, alternative, Length("phrase"), "folded", "pk")
    return list(ordered[:_CANDIDATES])
