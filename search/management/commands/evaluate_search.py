"""How well the search answers questions whose answers are known."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import replace
from pathlib import Path
from typing import Any

import opencc
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from search.documents import sources
from search.engines import ENGINES, get_engine
from search.engines.base import SearchUnavailable
from search.evaluation import Figures, Judged, QuestionError, evaluate, judge, judge_pages, read_questions
from search.finding import MAX_CANDIDATES
from search.warming import warm

KIND = "article"


def _depths(text: str) -> list[int]:
    try:
        depths = sorted({int(part) for part in text.split(",")})
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a list of numbers such as 10,30,100") from None
    if not depths or depths[0] < 1 or depths[-1] > MAX_CANDIDATES:
        raise ArgumentTypeError(f"each depth must be between 1 and {MAX_CANDIDATES}")
    return depths


class Command(BaseCommand):
    """Asks every question of a file and compares what is found with what is known to answer it."""

    help = "Ask the questions of a JSON Lines file and print MRR, recall, NDCG and latency."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `help` of each."""
        parser.add_argument(
            "questions", type=Path, help='lines of {"question", "articles": [{"file", "law", "article"}]}'
        )
        parser.add_argument("--engine", choices=sorted(ENGINES), help="the engine to ask (default: the site's)")
        parser.add_argument(
            "--k", type=_depths, metavar="10,30,100", help="depths at which recall is taken (of guides: 1,3,10)"
        )
        parser.add_argument(
            "--guides", action="store_true", help='the lines are {"question", "guide", "also"}: slugs of pages'
        )
        parser.add_argument("--json", type=Path, metavar="OUT", help="also write the figures to this file")
        parser.add_argument(
            "--traditional", action="store_true", help="ask in traditional characters, as they are written in Taiwan"
        )
        parser.add_argument(
            "--no-semantic", action="store_true", help="ask by words alone, as where there is no model of meaning"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the questions."""
        questions = self._questions(options["questions"], of_pages=options["guides"])
        if options["traditional"]:
            converter = opencc.OpenCC("s2tw")
            questions = [replace(question, text=converter.convert(question.text)) for question in questions]
        silent = options["verbosity"] == 0
        try:
            warm()
            figures = evaluate(
                questions,
                kind="" if options["guides"] else KIND,
                any_of=options["guides"],
                depths=options["k"] or ([1, 3, 10] if options["guides"] else [10, 30, 100]),
                engine=get_engine(options["engine"]),
                by_meaning=not options["no_semantic"],
                progress=lambda items: tqdm(items, unit="q", disable=True if silent else None),
            )
        except SearchUnavailable as reason:
            raise CommandError(str(reason)) from reason
        self._tell(figures)
        if options["json"]:
            options["json"].write_text(json.dumps(figures.as_dict(), indent=2) + "\n", encoding="utf-8")

    def _questions(self, path: Path, *, of_pages: bool) -> list[Judged]:
        source = sources().get(KIND)
        if source is None:
            raise CommandError(f"No source of {KIND}s is registered.")
        try:
            read = list(read_questions(path, of_pages=of_pages))
            questions = judge_pages(read) if of_pages else judge(read, source)
        except (OSError, QuestionError) as error:
            raise CommandError(f"{path}: {error}") from error
        if not questions:
            raise CommandError(f"{path}: there is no question in it")
        if missing := sum(question.missing for question in questions):
            total = sum(question.answers for question in questions)
            self.stderr.write(
                self.style.WARNING(f"{missing} of {total} answers are not in the database; they count as not found.")
            )
        return questions

    def _tell(self, figures: Figures) -> None:
        for name, value in figures.as_dict().items():
            shown = f"{value:.4f}" if "@" in name else f"{value:.1f}" if name.startswith("ms") else str(value)
            self.stdout.write(f"{name:<12} {shown:>8}")
