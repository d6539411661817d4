"""What someone means who types a law and a number: 民法典1079条, 道交法 76, 刑法133条之一."""

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from search.analysis import fold

from .directory import Directory
from .keys import MAX_SLUG
from .models import Article, Edition, Law, LawName
from .names import name_key
from .numerals import MAX_NUMBER, format_label, parse_number

MAX_QUERY = 120
"""A citation that someone types is shorter; longer texts are questions."""
_N = r"[零〇○一二三四五六七八九十百千两0-9]{1,9}"
_TYPED = re.compile(
    rf"(?P<name>.*?\D)\s*(?P<di>第)?\s*(?P<number>{_N})\s*(?P<tiao>条)?"
    rf"(?:\s*(?:之|-)\s*(?P<sub>{_N}))?"
    rf"(?:\s*第\s*(?P<paragraph>{_N})\s*款)?(?:\s*第?\s*\(?\s*(?P<item>{_N})\s*\)?\s*项)?[\s。?]*"
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A law and an article as someone typed them."""

    name: str
    number: int
    sub: int = 0
    paragraph: int = 0
    is_explicit: bool = True
    """Whether 第 or 条 says that the number is an article's; 民法典 1079 leaves that to the name."""

    @property
    def label(self) -> str:
        """The label that the article would have."""
        if self.number > MAX_NUMBER or self.sub > MAX_NUMBER:
            return f"第{self.number}条"
        return format_label(self.number, self.sub)


def read(text: str) -> Typed | None:
    """The law and the article that a query names, or None when it is anything else."""
    if len(text) > MAX_QUERY:
        return None
    match = _TYPED.fullmatch(fold(text).strip())
    if match is None or not name_key(match["name"]):
        return None
    number, sub = _number(match["number"]), _number(match["sub"] or "0")
    explicit = bool(match["di"] or match["tiao"])
    if not number or sub is None or not (explicit or match["number"].isdecimal()):
        return None
    return Typed(match["name"].strip(), number, sub, _number(match["paragraph"] or "0") or 0, explicit)


def _number(written: str) -> int | None:
    """The value; numbers that no article has are read as well, so that it can be said that there is none."""
    return int(written) if written.isdecimal() else parse_number(written)


def parse_day(text: str) -> date | None:
    """The day of an address, 2018-10-26; None when there is no such day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def find_law(name: str) -> Law | None:
    """The law that is called so."""
    law_id = Directory().law_id(name)
    return Law.objects.get(pk=law_id) if law_id else None


def nearest_laws(name: str, count: int = 5) -> list[Law]:
    """The laws whose names have most in common with this one, the nearest first; empty when nothing is near."""
    wanted = _pairs(name_key(name))
    if not wanted:
        return []
    scored: dict[int, float] = {}
    for key, law in LawName.objects.values_list("key", "law"):
        pairs = _pairs(key)
        common = len(wanted & pairs)
        if common:
            share = 2 * common / (len(wanted) + len(pairs))
            scored[law] = max(scored.get(law, 0.0), share)
    best = sorted((law for law, share in scored.items() if share >= 0.3), key=lambda law: (-scored[law], law))[:count]
    laws = Law.objects.in_bulk(best)
    return [laws[law] for law in best]


def _pairs(key: str) -> set[str]:
    return {key[at : at + 2] for at in range(len(key) - 1)} or ({key} if key else set())


def nearest_slugs(slug: str, count: int = 5) -> list[Law]:
    """The laws whose addresses are nearest to a mistyped one."""
    close = get_close_matches(slug[:MAX_SLUG], Law.objects.values_list("slug", flat=True), count, 0.6)
    laws = Law.objects.in_bulk(close, field_name="slug")
    return [laws[found] for found in close]


def nearest_articles(edition: Edition, number: int, count: int = 4) -> list[Article]:
    """The articles of an edition whose numbers are nearest to this one, in the order of the text."""
    articles = edition.articles.numbered().select_related("edition__law")
    below = list(articles.filter(number__lte=number).order_by("-number", "-sub")[:count])
    above = list(articles.filter(number__gt=number).order_by("number", "sub")[:count])
    closest = sorted([*below, *above], key=lambda article: abs((article.number or 0) - number))[:count]
    return sorted(closest, key=lambda article: article.position)
