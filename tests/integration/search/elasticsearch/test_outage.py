"""The cluster is away for a minute while people go on editing."""

import os
import threading
import time

import pytest

from search import worker
from search.engines.base import SearchUnavailable
from search.engines.elasticsearch import ElasticsearchEngine

from .conftest import drop_all, secured_options, site_engine
from .delivering import delete, differing, nothing_waits, save, wait_until, worker_process

pytestmark = [pytest.mark.nodes, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

OUTAGE = float(os.environ.get("OUTAGE_SECONDS") or 60)
"""Seconds before the dead server is started again; `bin/test` makes them fewer."""
BEFORE = 2.0
ROWS = 50


def test_a_cluster_that_is_away_under_a_stream_of_edits_loses_none(words, secured_node, tmp_path, log, monkeypatch):
    # The worker comes back first, while this process still leaves the cluster alone.
    monkeypatch.setattr(worker, "SLOWEST", 0.5)
    with site_engine(secured_options(secured_node, "site", index="xiangyue-outage"), tmp_path) as engine:
        with engine.rebuilding() as new, new.swapping():
            pass
        with worker_process():
            edits = edit_through_an_outage(secured_node, log)
            answered = time.monotonic()
            # Whoever was refused leaves the cluster alone for a while: this process may be refused the longest.
            engine.cluster.leave_alone()
            wait_until(nothing_waits, "what waited is not delivered")
            log(f"everything delivered {time.monotonic() - answered:.1f} s after the server answered again")
        assert edits > OUTAGE, "edits went on while the cluster was away"
        wait_until(lambda: asks_again(engine), "the cluster is left alone for ever")
        assert differing() == []
        drop_all(engine)


def edit_through_an_outage(node, log) -> int:
    """Edit, add and delete twenty times a second until the server that was killed answers again; how many edits."""
    restart = threading.Thread(target=node.start)
    stages = [(BEFORE, node.kill, "server killed"), (BEFORE + OUTAGE, restart.start, "server started")]
    began, edits = time.monotonic(), 0
    while stages or restart.is_alive():
        row = save(str(edits % ROWS), f"第{edits}版")
        if edits % 5 == 0:
            delete(row)
        edits += 1
        time.sleep(0.05)
        if stages and time.monotonic() - began > stages[0][0]:
            _, act, told = stages.pop(0)
            act()
            log(f"{told} after {edits} edits")
    restart.join()
    log(f"server answers again after {edits} edits")
    return edits


def asks_again(engine: ElasticsearchEngine) -> bool:
    """Whether the pause is over that a refusal begins."""
    try:
        engine.cluster.check_quiet()
    except SearchUnavailable:
        return False
    return True
