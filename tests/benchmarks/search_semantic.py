"""What understanding a question costs: the parts of a search by meaning, one after the other, on the site's own index.

    python -m tests.benchmarks.search_semantic QUESTIONS.jsonl [--questions 200] [--texts 300]

Prints wall and processor time in milliseconds, mean and 95th percentile. The processor time tells what the search
needs, also while other programs use the machine.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def measure(name: str, run: Callable[[T], object], inputs: Sequence[T]) -> None:
    """Run once for each input and print the times."""
    wall: list[float] = []
    processor: list[float] = []
    for given in inputs:
        before, busy = time.perf_counter(), time.process_time()
        run(given)
        wall.append((time.perf_counter() - before) * 1000)
        processor.append((time.process_time() - busy) * 1000)
    print(f"{name:<28} {_figures(wall)}   {_figures(processor)}")


def _figures(values: Iterable[float]) -> str:
    ordered = sorted(values)
    return f"{sum(ordered) / len(ordered):8.1f} {ordered[int(len(ordered) * 0.95)]:8.1f}"


def main() -> None:
    """Measure each part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--questions", dest="count", type=int, default=200)
    parser.add_argument("--texts", type=int, default=300, help="articles to encode anew, without keeping the vectors")
    options = parser.parse_args()

    import django

    sys.path[:0] = [".", "site"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    django.setup()

    from search import semantic
    from search.engines import get_engine
    from search.evaluation import read_questions
    from search.fusion import NEAR
    from search.queries import search
    from search.semantic.texts import texts
    from search.warming import warm

    warm()
    state = semantic.status(get_engine())
    if not state.ready:
        sys.exit(state.message or f"{state.encoded} of {state.documents} documents have vectors: encode_search first")
    asked = [question.text for question in islice(read_questions(options.questions), options.count)]
    encoder, view = semantic.get_encoder(), semantic.get_index().view()
    vectors = encoder.encode(asked)
    cosines = view.cosines(vectors[0])
    keys = [key for key in view.keys if key.startswith("article:")][:: max(len(view.keys) // options.texts, 1)]
    bodies = [text for document in get_engine().documents(keys).values() for text in texts(document)]
    search(asked[0])

    print(f"{state.documents:,} documents, {len(view.records):,} vectors, {state.size / 1e6:.0f} MB")
    print(f"{'ms':<28} {'wall':>8} {'p95':>8}   {'cpu':>8} {'p95':>8}")
    measure("encode a question", lambda text: encoder.encode([text]), asked)
    measure("compare it with all vectors", view.cosines, list(vectors))
    measure(f"take the nearest {NEAR}", lambda _: view.nearest(cosines, NEAR), asked)
    measure("search by words", lambda text: search(text, by_meaning=False), asked)
    measure("search by words and meaning", search, asked)
    measure("encode an article", lambda text: encoder.encode([text]), bodies)


if __name__ == "__main__":
    main()
