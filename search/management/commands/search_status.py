"""The state of the index and of the changes on their way to it."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from search import semantic
from search.engines import ENGINES, get_engine
from search.outbox import lag, problems, waiting_lines


class Command(BaseCommand):
    """Says what is in the index, what waits, and what failed; exits with 1 when the index cannot be searched."""

    help = "Show the state of the search index and of the changes that wait for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `help` of each."""
        parser.add_argument("--engine", choices=sorted(ENGINES), help="the engine to look at (default: the site's)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the state."""
        engine = get_engine(options["engine"])
        status, failed = engine.status(), problems()
        state = {
            "engine": engine.name,
            **asdict(status),
            "built_at": status.built_at and status.built_at.isoformat(),
            "semantic": asdict(semantic.status(engine)),
            "waiting": len(waiting_lines()),
            "lag_seconds": round(lag().total_seconds(), 1),
            "failed": [{"document": str(line), "attempts": line.attempts, "error": line.error} for line in failed],
        }
        if options["json"]:
            self.stdout.write(json.dumps(state, ensure_ascii=False, indent=2))
        else:
            self._tell(state)
        if not status.available:
            raise CommandError(status.message)

    def _tell(self, state: dict[str, Any]) -> None:
        self.stdout.write(f"engine     {state['engine']}, {state['location']}")
        if state["available"]:
            self.stdout.write(f"state      {state['message']}; built {state['built_at']}")
            kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(state["by_kind"].items()))
            self.stdout.write(f"documents  {state['documents']:,} ({kinds}), {filesizeformat(state['size'])}")
        self.stdout.write(f"meaning    {_meaning(state['semantic'])}")
        self.stdout.write(f"outbox     {state['waiting']} waiting, the oldest for {state['lag_seconds']:.0f} s")
        for failure in state["failed"]:
            self.stdout.write(f"failed     {failure['document']} ({failure['attempts']}×): {failure['error']}")


def _meaning(state: dict[str, Any]) -> str:
    """Whether questions are understood by meaning, in a line."""
    if not state["available"]:
        return str(state["message"])
    counts = f"{state['encoded']:,} of {state['documents']:,} documents have vectors, {filesizeformat(state['size'])}"
    return counts if state["ready"] else f"{counts}: not used yet, run manage.py encode_search"
