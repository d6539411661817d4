"""What a search by words costs, part by part, on the site's own index; and what each part is beside the whole.

    python -m tests.benchmarks.search_engine QUESTIONS.jsonl [--questions 200] [--deliveries 20]

Prints processor time in milliseconds, mean and 95th percentile, which tells what the search needs also while other
programs use the machine, and each mean as a part of a whole page: a ratio within one run, which does not depend on the
machine. Writes to a copy of the index, not to the one in use.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def times(run: Callable[[T], object], inputs: Sequence[T]) -> list[float]:
    """Processor milliseconds of one run for each input, sorted."""
    found: list[float] = []
    for given in inputs:
        busy = time.process_time()
        run(given)
        found.append((time.process_time() - busy) * 1000)
    return sorted(found)


def show(name: str, found: Sequence[float], whole: float) -> None:
    """One line of the table."""
    mean = sum(found) / len(found)
    print(f"{name:<34} {mean:8.2f} {found[int(len(found) * 0.95)]:8.2f} {mean / whole:7.2f}")


def main() -> None:
    """Measure each part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--questions", dest="count", type=int, default=200)
    parser.add_argument("--deliveries", type=int, default=20)
    options = parser.parse_args()

    import django

    sys.path[:0] = [".", "site"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    django.setup()

    from search.evaluation import read_questions
    from search.queries import search

    texts = [question.text for question in read_questions(options.questions)][: options.count]
    for text in texts[:5]:
        search(text, by_meaning=False)
    page = times(lambda text: search(text, by_meaning=False), texts)
    whole = sum(page) / len(page)
    print(f"{len(texts)} questions{'':<21} {'mean':>8} {'p95':>8} {'of page':>7}")
    show("a page of results", page, whole)
    _parts(texts, whole)
    _deliveries(options.deliveries, whole)


def _parts(texts: Sequence[str], whole: float) -> None:
    """The engine's answers to what a page asks of it."""
    from search import ranking
    from search.engines import get_engine
    from search.engines.base import Request, Term
    from search.engines.fields import FACETS
    from search.finding import MAX_CANDIDATES
    from search.parsing import parse
    from search.queries import search
    from search.results import Filters

    engine = get_engine()
    articles = Filters(kinds=("article",))
    terms = [ranking.weighted_terms(parsed.words, parsed.terms) for parsed in map(parse, texts)]
    found = [search(text, by_meaning=False).keys for text in texts]

    def request(given: tuple[Term, ...], **more: object) -> Request:
        return Request(terms=given, needed=ranking.needed_terms(given), limit=MAX_CANDIDATES, **more)  # type: ignore[arg-type]

    show("  text to terms", times(lambda text: parse(text).terms, texts), whole)
    show("  candidates", times(lambda given: engine.search(request(given)), terms), whole)
    show("  candidates of one kind", times(lambda given: engine.search(request(given, filters=articles)), terms), whole)
    show("  counts", times(lambda keys: engine.facets(Request(keys=keys), list(FACETS)), found), whole)
    show("  ten documents", times(lambda keys: engine.documents(keys[:10]), found), whole)
    show("a page of articles alone", times(lambda text: search(text, filters=articles, by_meaning=False), texts), whole)
    longest = ["".join(texts)[place : place + 200] for place in range(0, min(len("".join(texts)), 4000) - 200, 200)]
    show("a page for 200 characters", times(lambda text: search(text, by_meaning=False), longest), whole)
    phrases = [f'"{text[:6]}"' for text in texts]
    show("a page for a phrase", times(lambda text: search(text, by_meaning=False), phrases), whole)


def _deliveries(count: int, whole: float) -> None:
    """Changes of one document, and of a hundred, written to a copy of the index."""
    from search.engines import get_engine
    from search.engines.base import Request
    from search.engines.embedded import EmbeddedEngine

    engine = get_engine()
    if not isinstance(engine, EmbeddedEngine):
        return
    keys = [candidate.key for candidate in engine.search(Request(limit=100)).candidates]
    documents = list(engine.documents(keys).values())
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(engine.root, folder, dirs_exist_ok=True)
        copy = EmbeddedEngine(Path(folder))

        def deliver(number: int) -> None:
            with copy.writing(wait=10) as writer:
                for document in documents[:number]:
                    writer.add(document)

        show("delivery of one document", times(deliver, [1] * count), whole)
        show("delivery of a hundred", times(deliver, [100] * count), whole)


if __name__ == "__main__":
    main()
