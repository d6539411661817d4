"""How soon an edit is found: publish a page with a new word in its title, and search for the word until it is there.

    python -m tests.benchmarks.search_freshness --engine elasticsearch --edits 50

Needs `make setup` first; publishes to the site of the data folder, and gives the page its title back at the end. Each
edit is measured from the moment before it is published. It is brought to the index twice over: by the process that
publishes, after its commit; and, with that held back, by `deliver_search --watch` alone, as when the request could not
deliver or was an import.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from wagtail.models import Page

ROOT = Path(__file__).resolve().parents[2]
WITHIN = 30.0
"""Seconds after which an edit counts as lost."""
POLL = 0.02


def main() -> None:
    """Measure both ways and print the quantiles in seconds."""
    options = parse()
    set_up(options.engine)
    from search import outbox
    from search.engines import get_engine
    from search.rebuilding import rebuild

    if options.engine == "elasticsearch" or not get_engine().status().available:
        rebuild()
    try:
        with worker():
            report("by the process that publishes", measure(options.edits, nullcontext))
            report("by deliver_search --watch alone", measure(options.edits, outbox.held))
    finally:
        forget(options.engine)


def set_up(engine: str) -> None:
    """The site's settings, with an index that no other site uses."""
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    os.environ |= {"SEARCH_ENGINE": engine, "ELASTICSEARCH_INDEX": "search-freshness"}
    django.setup()


@contextmanager
def worker() -> Iterator[None]:
    """`deliver_search --watch` in a process of its own."""
    process = subprocess.Popen([sys.executable, str(ROOT / "manage.py"), "deliver_search", "--watch"])
    try:
        # It imports the site first.
        time.sleep(5)
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def measure(edits: int, delivering: Callable[[], AbstractContextManager[None]]) -> list[float]:
    """Seconds until each edit was found."""
    from knowledge.guides.models import GuidePage

    page = GuidePage.objects.live().order_by("pk")[0]
    title, seconds = page.title, []
    try:
        for number in range(edits):
            word = f"fresh{time.time_ns() // 1000}n{number}"
            began = time.perf_counter()
            with delivering():
                publish(page, f"{title} {word}")
            seconds.append(until_found(word, f"guide:{page.pk}", began))
            time.sleep(0.1)
    finally:
        publish(page, title)
    return seconds


def publish(page: "Page", title: str) -> None:
    """What the editor's button does."""
    page.title = title
    page.save_revision().publish()


def until_found(word: str, key: str, began: float) -> float:
    """Search as visitors do until the page is among the results; seconds since `began`."""
    from search.queries import search

    while (waited := time.perf_counter() - began) < WITHIN:
        if key in search(word, by_meaning=False).keys:
            return time.perf_counter() - began
        time.sleep(POLL)
    raise SystemExit(f"{word} was not found within {waited:.0f} s")


def report(name: str, seconds: list[float]) -> None:
    """One line."""
    cuts = statistics.quantiles(seconds, n=100)
    print(f"{name}: p50 {cuts[49]:.2f} s, p95 {cuts[94]:.2f} s, longest {max(seconds):.2f} s, {len(seconds)} edits")


def forget(engine: str) -> None:
    """Delete the index of this benchmark."""
    from search.engines import get_engine
    from search.engines.elasticsearch import ElasticsearchEngine

    if engine == "elasticsearch" and isinstance(found := get_engine(), ElasticsearchEngine):
        for name in found.indices.names():
            found.indices.drop(name)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--engine", choices=["embedded", "elasticsearch"], default="embedded")
    parser.add_argument("--edits", type=int, default=50)
    return parser.parse_args()


if __name__ == "__main__":
    main()
