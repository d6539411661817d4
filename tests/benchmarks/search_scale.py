"""How search grows: index time, size and latency at 10,000, 100,000 and 1,000,000 documents.

    python -m tests.benchmarks.search_scale --engine elasticsearch --sizes 10000,100000,1000000 --minutes 40

Needs `make setup` first. The documents are the real articles and, beyond those, records made of the articles' own
sentences and of real lengths, so that words are as frequent as they are in the law. The queries are real questions
and what the site asks of an engine to answer them. The benchmark uses an index of its own, deletes it at the end, and
stops by itself when the minutes are over: what was measured until then is printed.
"""

import argparse
import json
import multiprocessing
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

import django

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
django.setup()

from django.db import connections  # noqa: E402

from search import analysis, finding, queries, ranking  # noqa: E402
from search.documents import Document  # noqa: E402
from search.engines.base import Engine, Request, Term  # noqa: E402
from search.engines.elasticsearch import ElasticsearchEngine, Options  # noqa: E402
from search.engines.embedded import EmbeddedEngine  # noqa: E402
from search.engines.fields import FACETS  # noqa: E402
from search.results import Filters  # noqa: E402
from search.warming import warm  # noqa: E402

# As every process that serves does.
warm()

ARTICLE = re.compile(r"^(第[零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?)[\s　]*(.+)$")
TOPICS = ("婚姻", "继承", "劳动", "租房", "邻里", "土地", "消费", "交通", "借贷", "养老")
CLIENTS = 16


def articles(folder: Path) -> Iterator[Document]:
    """The articles of the statute texts, read as plainly as a benchmark needs them."""
    number = 0
    for file in sorted(folder.rglob("*.md")):
        law, heading, kind = file.stem, "", file.parent.name
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                heading = line.lstrip("# ")
            elif found := ARTICLE.match(line):
                number += 1
                yield Document(
                    key=f"article:{number}",
                    kind="article",
                    title=f"{law} {found[1]}",
                    url=f"/laws/{number}/",
                    body=found[2],
                    heading=f"{law} {heading}",
                    law=f"law-{crc32(law.encode())}",
                    law_kind=kind,
                    prior=1.2,
                )


def records(real: Sequence[Document], count: int, seed: int) -> Iterator[Document]:
    """Records of the registers, made of real sentences: as long as articles are, each of them different."""
    chance = random.Random(seed)
    sentences = [part for document in real for part in re.split(r"(?<=[。；])", document.body) if len(part) > 5]
    for number in range(1, count + 1):
        body = "".join(chance.choices(sentences, k=chance.choice((1, 2, 2, 3, 4))))
        village = f"第{chance.randrange(600)}村"
        yield Document(
            key=f"record:{number}",
            kind="record",
            title=f"{village}登记 {number}",
            url=f"/records/{number}/",
            body=f"{body}\n{village}登记第{number}号。",
            topics=(chance.choice(TOPICS),),
            place=f"village-{chance.randrange(600)}",
        )


def corpus(folder: Path, size: int) -> Iterator[Document]:
    """So many documents: a sample of the articles below their number, all of them and records above."""
    real = list(articles(folder))
    if size < len(real):
        yield from random.Random(size).sample(real, size)
        return
    yield from real
    yield from records(real, size - len(real), seed=size)


@dataclass(slots=True)
class Times:
    """Latencies of one kind of query, in milliseconds."""

    p50: float
    p95: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Times":
        """The quantiles of these durations."""
        cuts = statistics.quantiles(seconds, n=100)
        return cls(round(cuts[49] * 1000, 1), round(cuts[94] * 1000, 1))


@dataclass(slots=True)
class Measured:
    """What one size showed."""

    documents: int
    seconds_per_thousand: float
    megabytes: float
    alone: dict[str, Times] = field(default_factory=dict)
    together: dict[str, Times] = field(default_factory=dict)
    searches_per_second: float = 0.0


Query = Callable[[Engine, str], object]


def _asking(text: str, **more: Any) -> Request:
    """As the site asks: lone characters find nothing by themselves."""
    terms = tuple(map(Term, analysis.query_terms(text)))
    return Request(terms=terms, needed=ranking.needed_terms(terms), **more)


def _pool(engine: Engine, text: str) -> tuple[str, ...]:
    found = engine.search(_asking(text, limit=finding.MAX_CANDIDATES)).candidates
    return tuple(candidate.key for candidate in found)


def _phrase(text: str) -> tuple[str, ...]:
    return tuple(analysis.folded_terms(analysis.fold(text)[:4]))


KINDS: dict[str, Query] = {
    "page of results": lambda engine, text: queries.search(text, engine=engine),
    "question, ten hits": lambda engine, text: engine.search(_asking(text)),
    "question, all candidates": _pool,
    "two characters": lambda engine, text: engine.search(_asking(text[-3:-1])),
    "question in one kind": lambda engine, text: engine.search(_asking(text, filters=Filters(kinds=("article",)))),
    "phrase": lambda engine, text: engine.search(Request(phrases=(_phrase(text),))),
    "counts over candidates": lambda engine, text: engine.facets(Request(keys=_pool(engine, text)), list(FACETS)),
}
"""What the site asks of an engine. The last one holds the search for the candidates that it counts."""


def measure_alone(engine: Engine, questions: Sequence[str], deadline: float) -> dict[str, Times]:
    """One client, one query after the other."""
    found = {}
    for name, ask in KINDS.items():
        _durations(engine, ask, questions[:20], deadline)
        found[name] = Times.of(_durations(engine, ask, questions, deadline))
    return found


def measure_together(questions: Sequence[str], deadline: float) -> tuple[dict[str, Times], float]:
    """Sixteen clients at once, each a process of its own; and how many pages of results they got a second."""
    connections.close_all()
    found, rate = {}, 0.0
    for name in ("page of results", "question, ten hits"):
        started = time.perf_counter()
        with multiprocessing.get_context("fork").Pool(CLIENTS) as pool:
            shares = [(name, questions[place::CLIENTS], deadline) for place in range(CLIENTS)]
            seconds = [second for share in pool.starmap(_client, shares) for second in share]
        if name == "page of results":
            rate = len(seconds) / (time.perf_counter() - started)
        found[name] = Times.of(seconds)
    return found, rate


_engine: Engine
"""The engine that is measured; clients make connections of their own."""


def _client(name: str, questions: Sequence[str], deadline: float) -> list[float]:
    if isinstance(_engine, ElasticsearchEngine):
        engine: Engine = ElasticsearchEngine(_engine.options)
    else:
        engine = _engine
    # Connections and threads are made for the first question, once in the life of a process.
    KINDS[name](engine, questions[0])
    return _durations(engine, KINDS[name], questions, deadline)


def _durations(engine: Engine, ask: Query, questions: Sequence[str], deadline: float) -> list[float]:
    seconds = []
    for text in questions:
        started = time.perf_counter()
        ask(engine, text)
        seconds.append(time.perf_counter() - started)
        if time.monotonic() > deadline and len(seconds) > 20:
            break
    return seconds


def fill(engine: Engine, documents: Iterator[Document], deadline: float) -> int:
    """Build the index; how many documents were written before the time was over."""
    count = 0
    with engine.rebuilding() as new:
        for document in documents:
            new.add(document)
            count += 1
            if count % 1000 == 0 and time.monotonic() > deadline:
                break
            if count % 100_000 == 0:
                print(f"  {count} documents …", flush=True)
        with new.swapping():
            pass
    return count


def measure(engine: Engine, folder: Path, size: int, questions: Sequence[str], deadline: float) -> Measured:
    """Fill and ask at one size."""
    documents = corpus(folder, size)
    first = list(islice(documents, 1))
    started = time.perf_counter()
    count = fill(engine, (document for part in (first, documents) for document in part), deadline - 60)
    seconds = time.perf_counter() - started
    result = Measured(count, round(seconds / count * 1000, 3), 0.0)
    result.alone = measure_alone(engine, questions, deadline)
    result.together, result.searches_per_second = measure_together(questions, deadline)
    # Last of all: what was merged away is counted until it is deleted.
    result.megabytes = round(engine.status().size / 2**20, 1)
    return result


def report(results: Sequence[Measured]) -> None:
    """The measurements as the tables of docs/measurements.md."""
    sizes = [f"{result.documents:,}" for result in results]
    print(f"| | {' | '.join(sizes)} |\n|{' --- |' * (len(sizes) + 1)}")
    print(f"| seconds a thousand | {' | '.join(str(result.seconds_per_thousand) for result in results)} |")
    print(f"| MB | {' | '.join(str(result.megabytes) for result in results)} |")
    for title, attribute in (("alone", "alone"), (f"{CLIENTS} clients", "together")):
        for name in getattr(results[0], attribute):
            cells = [getattr(result, attribute)[name] for result in results if name in getattr(result, attribute)]
            print(f"| {name}, {title}: p50 / p95 ms | {' | '.join(f'{cell.p50} / {cell.p95}' for cell in cells)} |")
    rates = " | ".join(f"{result.searches_per_second:.0f}" for result in results)
    print(f"| pages of results a second, {CLIENTS} clients | {rates} |")
    if len(results) > 1:
        growth = {
            name: round(results[-1].alone[name].p95 / results[0].alone[name].p95, 2)
            for name in results[0].alone
            if name in results[-1].alone
        }
        print(f"p95 of the largest beside the smallest: {json.dumps(growth, ensure_ascii=False)}")


def own_engine(name: str, folder: Path) -> Engine:
    """An engine with an index that nothing else uses, and with patience."""
    if name == "elasticsearch":
        return ElasticsearchEngine(replace(Options.from_settings(), index="search-scale", timeout=60.0))
    return EmbeddedEngine(folder)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--engine", choices=["embedded", "elasticsearch"], default="elasticsearch")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--questions", type=int, default=400, help="how many of the real questions are asked")
    parser.add_argument("--minutes", type=float, default=40, help="stop after so many")
    return parser.parse_args()


def main() -> None:
    """Measure, print, tidy up."""
    global _engine
    options = parse()
    data = Path(os.environ.get("XIANGYUE_SHARED_DATA") or ROOT.parent / "shared" / "data")
    lines = (data / "questions" / "dev.jsonl").read_text(encoding="utf-8").splitlines()[: options.questions]
    questions = [json.loads(line)["question"] for line in lines]
    deadline = time.monotonic() + options.minutes * 60
    results: list[Measured] = []
    with TemporaryDirectory() as folder:
        _engine = own_engine(options.engine, Path(folder))
        try:
            for size in map(int, options.sizes.split(",")):
                print(f"{size:,} documents:", flush=True)
                results.append(measure(_engine, data / "laws", size, questions, deadline))
                print(json.dumps(asdict(results[-1]), ensure_ascii=False), flush=True)
                if time.monotonic() > deadline:
                    print("The time is over.")
                    break
        finally:
            if isinstance(_engine, ElasticsearchEngine):
                for name in _engine.indices.names():
                    _engine.indices.drop(name)
    report(results)


if __name__ == "__main__":
    main()
