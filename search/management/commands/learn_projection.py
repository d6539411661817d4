"""How residents ask, learned from questions whose answers are known."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from search import semantic
from search.documents import sources
from search.engines import get_engine
from search.engines.base import Engine, SearchUnavailable
from search.evaluation import Figures, Judged, QuestionError, evaluate, judge, merged, read_questions

KIND = "article"
DEPTHS = (10, 30, 100)


class Command(BaseCommand):
    """Measures first, on questions that were held back; writes when told to."""

    help = "Learn from questions with known answers how to correct a question's vector; print what that is worth."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `help` of each."""
        parser.add_argument("questions", type=Path, help="lines as of evaluate_search")
        parser.add_argument("--folds", type=int, default=5, help="parts, none of which is measured with what it taught")
        parser.add_argument("--write", action="store_true", help="learn from all questions and keep the result")

    def handle(self, **options: Any) -> None:
        """Measure, learn, keep."""
        try:
            questions = judge(list(read_questions(options["questions"])), sources()[KIND])
            # NumPy is there when a model is.
            semantic.get_encoder()
            from search.semantic import learning

            engine = get_engine()
            self._measure(engine, learning.folds(questions, options["folds"]))
            if options["write"]:
                path = Path(settings.SEARCH_SEMANTIC_PROJECTION)
                learning.learned(engine, questions).save(path)
                self.stdout.write(f"written to {path}")
        except (OSError, QuestionError, ValueError, SearchUnavailable, semantic.ModelUnavailable) as reason:
            raise CommandError(str(reason)) from reason

    def _measure(self, engine: Engine, parts: list[list[Judged]]) -> None:
        """Each part with what the others taught, beside the same without it."""
        from search.semantic import learning, projection

        self.stdout.write(f"questions in parts of {', '.join(str(len(part)) for part in parts)}")
        plain: list[Figures] = []
        corrected: list[Figures] = []
        for part in parts:
            others = [question for other in parts if other is not part for question in other]
            taught = learning.learned(engine, others)
            for projected, scores in ((None, plain), (taught, corrected)):
                with projection.using(projected):
                    scores.append(evaluate(part, kind=KIND, depths=DEPTHS, engine=engine))
        self._tell("as they are", merged(plain))
        self._tell("corrected", merged(corrected))

    def _tell(self, name: str, figures: Figures) -> None:
        shown = ", ".join(f"{key} {value:.4f}" for key, value in figures.as_dict().items() if "@" in key)
        self.stdout.write(f"{name}: {shown}")
