"""The demo's covenants: each village without one gets its own, with the procedure that it went through."""

import random
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from knowledge.samples import CitedArticles, SampleReport, cites_of, read_yaml
from registry.places.models import Kind, Place

from .actions import create_section
from .actions.samples import adopt
from .models import CovenantPage

_CLAUSES = Path(__file__).parent / "data" / "demo_clauses.yaml"
_DAYS = {"opinions": 0, "draft": 24, "submitted": 27, "reviewed": 38, "vote": 55, "filing": 58, "publication": 61}


@transaction.atomic
def load(*, places: Iterable[Place], by: Any, seed: int = 1) -> list[CovenantPage]:
    """A covenant in force for each of these villages that has none. Returns those made."""
    chapters = read_yaml(_CLAUSES)
    cites = [cite for chapter in chapters for clause in chapter["clauses"] for cite in cites_of(clause)]
    articles = CitedArticles(cites, SampleReport())
    section = create_section(by=by)
    made = []
    for place in places:
        if CovenantPage.objects.filter(place=place).exists():
            continue
        chance = random.Random(f"{seed}-{place.code}")  # noqa: S311 - a demo
        page = _page(place, _choose(chapters, articles, chance))
        section.add_child(instance=page)
        page.save_revision(user=by).publish(user=by, skip_permission_checks=True)
        adopt(page, _told(place, chance))
        made.append(page)
    return made


def _choose(chapters: list[Any], articles: CitedArticles, chance: random.Random) -> list[Any]:
    """Some clauses of each chapter, in the order in which they stand."""
    chosen = []
    for chapter in chapters:
        numbers = sorted(chance.sample(range(len(chapter["clauses"])), chapter["take"]))
        clauses = [chapter["clauses"][number] for number in numbers]
        chosen.append(
            {
                "title": chapter["title"],
                "clauses": [
                    {"text": clause["text"], "cites": articles.sources(cites_of(clause), name="demo")}
                    for clause in clauses
                ],
            }
        )
    return chosen


def _page(place: Place, chapters: list[Any]) -> CovenantPage:
    township = place.above(Kind.TOWNSHIP)
    count = sum(len(chapter["clauses"]) for chapter in chapters)
    return CovenantPage(
        title=f"{place.name}村规民约",
        place=place,
        village=f"{township.name if township else ''} {place.name}".strip(),
        summary=f"{place.name}自己商量的{count}条约定：家里、邻里、红白事和公家的事怎么办，做得好的加积分。",
        preamble=f"{place.name}的事，{place.name}人商量着办。这份约定是大家一条一条议出来的，靠自觉，也靠互相提醒。",
        chapters=[("chapter", chapter) for chapter in chapters],
    )


def _told(place: Place, chance: random.Random) -> dict[str, Any]:
    """A procedure that the law would let pass, some two years ago."""
    first = timezone.localdate().replace(day=1) - timedelta(days=chance.randint(880, 960))
    notes = {
        "opinions": f"入户听取意见，收到意见{chance.randint(38, 120)}条。",
        "draft": "按意见改了两稿。",
        "reviewed": "没有发现与法律相抵触的内容。",
        "publication": "在村务公开栏公布，自公布之日起施行。",
    }
    steps = {name: {"day": first + timedelta(days=days), "note": notes.get(name, "")} for name, days in _DAYS.items()}
    year = (first + timedelta(days=_DAYS["filing"])).year
    return {
        "filing_number": f"备〔{year}〕{chance.randint(1, 40)}号",
        "vote": _vote(place, chance),
        "steps": steps,
    }


def _vote(place: Place, chance: random.Random) -> dict[str, Any]:
    by_households = chance.random() < 0.5
    eligible = place.households or 300 if by_households else int((place.population or 900) * 0.79)
    present = int(eligible * (chance.uniform(0.68, 0.85) if by_households else chance.uniform(0.52, 0.7))) + 1
    in_favour = int(present * chance.uniform(0.82, 0.96))
    return {
        "assembly": "households" if by_households else "adults",
        "notice_days": chance.randint(10, 14),
        "eligible": eligible,
        "present": present,
        "in_favour": in_favour,
        "against": chance.randint(0, (present - in_favour) // 2),
    }
