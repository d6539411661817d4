"""How well questions are answered by what Wagtail has in stock and by our engines, in one run on one machine.

    ELASTICSEARCH_URL=… python -m tests.benchmarks.search_table QUESTIONS.jsonl [--questions 767]

Needs a site on SQLite with its laws, an index of each engine (`rebuild_search --engine`) and, for the rows with
meaning, `make semantic`. Wagtail's own database search is fed the same articles inside a transaction that is rolled
back; its Elasticsearch analysis gets an index of its own, which is deleted. What is compared is what each finds first
and how long it takes to say so. Wagtail's database search takes seconds a question and is asked --stock of them.

Wagtail's mapping adds n-gram fields for autocompletion, which the server of `make services` cannot make (it lacks the
module of common analyzers) and which searches do not read; the `standard` analyzer that they do read is everywhere.
"""

import argparse
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from search.evaluation import Figures, Judged

DEPTHS = (10, 30, 100)
CHUNK = 2000

Find = Callable[[str], Sequence[str]]
"""The keys of what is found for a question, best first, up to the largest of DEPTHS."""


@cache
def searched_model() -> Any:
    """Articles as Wagtail would be told to index them."""
    from modelsearch import index

    from knowledge.laws.models import Article

    class Searched(index.Indexed, Article):  # type: ignore[misc]
        """An article whose text is searched."""

        search_fields = [index.SearchField("text")]

        class Meta:
            proxy = True
            app_label = "laws"

    return Searched


@contextmanager
def stock_database(operator: str) -> Iterator[Find]:
    """Wagtail's search in SQLite over the articles, in the full-text table that it keeps for every model."""
    from django.db import transaction
    from modelsearch.backends.database.sqlite.sqlite import SQLiteSearchBackend

    from knowledge.laws.models import Article

    Searched = searched_model()  # noqa: N806 -- a class
    backend = SQLiteSearchBackend({"BACKEND": "modelsearch.backends.database.sqlite"})
    with transaction.atomic():
        rows = Searched.objects.filter(pk__in=Article.objects.searchable().values("pk")).iterator(CHUNK)
        table = backend.get_index_for_model(Searched)
        while chunk := list(islice(rows, CHUNK)):
            table.add_items(Searched, chunk)

        def find(text: str) -> list[str]:
            found = backend.search(text, Searched.objects.only("pk"), operator=operator)
            return [f"article:{row.pk}" for row in found[: max(DEPTHS)]]

        yield find
        transaction.set_rollback(True)


@contextmanager
def stock_elasticsearch() -> Iterator[Find]:
    """The articles in an index with the `standard` analyzer, asked as Wagtail asks: any of the words, in any field."""
    from elasticsearch import Elasticsearch, helpers

    from knowledge.laws.models import Article
    from search.engines.elasticsearch import Options

    options = Options.from_settings()
    client = Elasticsearch(list(options.urls), request_timeout=60)
    name = f"benchmark-{uuid.uuid4().hex[:12]}"
    text = {"type": "text", "analyzer": "standard"}
    client.indices.create(
        index=name,
        settings={"number_of_shards": options.shards, "number_of_replicas": 0},
        mappings={"_source": {"enabled": False}, "properties": {"title": text, "text": text}},
    )
    try:
        rows = Article.objects.searchable().select_related("edition__law")
        helpers.bulk(
            client,
            (
                {"_index": name, "_id": f"article:{row.pk}", "title": row.citation, "text": row.text}
                for row in rows.iterator(CHUNK)
            ),
        )
        client.indices.refresh(index=name)
        client.indices.forcemerge(index=name, max_num_segments=1)

        def find(text: str) -> list[str]:
            query = {"multi_match": {"query": text, "fields": ["title", "text"]}}
            hits = client.search(index=name, query=query, size=max(DEPTHS), source=False)["hits"]["hits"]
            return [hit["_id"] for hit in hits]

        yield find
    finally:
        client.indices.delete(index=name)


def stock_figures(find: Find, questions: "Sequence[Judged]") -> "Figures":
    """What a search that gives keys is worth, by the measures of `evaluate_search`."""
    from search.evaluation import figures, score

    rows, times = [], []
    for question in questions:
        started = time.perf_counter()
        keys = find(question.text)
        times.append((time.perf_counter() - started) * 1000)
        ranks = [rank for rank, key in enumerate(keys, start=1) if key in question.keys]
        rows.append(score(ranks, question.answers, DEPTHS))
    return figures(rows, times, DEPTHS)


def show(name: str, found: "Figures") -> None:
    """One line of the table."""
    recalls = " | ".join(f"{found.recall[depth]:.3f}" for depth in DEPTHS)
    print(
        f"| {name} | {found.mrr:.3f} | {recalls} | {found.ndcg:.3f} | {found.ms_mean:.0f} / {found.ms_p95:.0f} |",
        flush=True,
    )


def main() -> None:
    """Measure each row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--questions", dest="count", type=int, help="only so many of them")
    parser.add_argument("--stock", type=int, default=40, help="so many for Wagtail's database search")
    options = parser.parse_args()

    import django

    sys.path[:0] = [".", "site"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    django.setup()

    from search import semantic
    from search.documents import sources
    from search.engines import ENGINES, get_engine
    from search.evaluation import evaluate, judge, read_questions
    from search.warming import warm

    questions: Any = judge(list(islice(read_questions(options.questions), options.count)), sources()["article"])
    print("| | MRR@10 | Recall@10 | Recall@30 | Recall@100 | NDCG@10 | ms mean / p95 |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for operator in ("and", "or"):
        with stock_database(operator) as find:
            show(
                f"Wagtail's database search, SQLite, words joined by {operator}",
                stock_figures(find, questions[: options.stock]),
            )
    with stock_elasticsearch() as find:
        show("Wagtail's Elasticsearch analysis (`standard`)", stock_figures(find, questions))
    # As every process that serves does; what Wagtail's searches were fed is in none of those.
    warm()
    for name in sorted(ENGINES, reverse=True):
        engine = get_engine(name)
        first = questions[:20]
        for by_meaning in (False, True):
            if by_meaning and not semantic.status(engine).ready:
                print(f"{name}: {semantic.status(engine).message or 'not all documents have vectors'}")
                continue
            evaluate(first, kind="article", depths=DEPTHS, engine=engine, by_meaning=by_meaning)
            found = evaluate(questions, kind="article", depths=DEPTHS, engine=engine, by_meaning=by_meaning)
            show(f"{name}, words{' and meaning' if by_meaning else ''}", found)


if __name__ == "__main__":
    main()
