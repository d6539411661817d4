"""Another process that uses the embedded engine: `python -m tests.integration.search.engines.worker MODE FOLDER …`."""

import os
import sys
import time
from pathlib import Path

from search.engines.base import Request, Term
from search.engines.embedded import EmbeddedEngine

from .making import page


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def write(engine: EmbeddedEngine, first: str, count: str) -> None:
    """Write pages, each in a turn of its own."""
    for number in range(int(first), int(first) + int(count)):
        with engine.writing(wait=60) as writer:
            writer.add(page(number, body="押金"))
    say("done")


def hold(engine: EmbeddedEngine) -> None:
    """Write a page and die before it is done: killed by whoever started this."""
    with engine.writing(wait=60) as writer:
        writer.add(page(666, body="押金"))
        say("holding")
        time.sleep(600)


def rebuild(engine: EmbeddedEngine) -> None:
    """Begin a new index and die before it is done."""
    with engine.rebuilding() as new:
        new.add(page(666, body="押金"))
        say("holding")
        time.sleep(600)


def read(engine: EmbeddedEngine) -> None:
    """Search until told to stop; every answer must hold page 1, and its documents must be there."""
    searches = 0
    say("reading")
    while not Path(engine.root / "stop").exists():
        response = engine.search(Request(terms=(Term("押金"),), limit=50))
        found = {candidate.key for candidate in response.candidates}
        assert "page:1" in found, found
        assert engine.documents(["page:1"])
        searches += 1
    say(f"{searches}")


def fork(engine: EmbeddedEngine) -> None:
    """Search, fork as a server does that loads the site before its workers, and search again in the child."""
    before = engine.generations.current()
    child = os.fork()
    if not child:
        say("same" if engine.generations.current() is before else "own")
        say(engine.search(Request(terms=(Term("押金"),))).candidates[0].key)
        os._exit(0)
    os.waitpid(child, 0)


if __name__ == "__main__":
    mode, folder, *arguments = sys.argv[1:]
    modes = {"write": write, "hold": hold, "rebuild": rebuild, "read": read, "fork": fork}
    modes[mode](EmbeddedEngine(Path(folder)), *arguments)
