"""The whole index built anew."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from tqdm import tqdm

from search.documents import Document, Source
from search.engines import ENGINES, get_engine
from search.engines.base import Engine, EngineBusy, SearchUnavailable
from search.rebuilding import rebuild


class Command(BaseCommand):
    """Builds a new index beside the one in use and puts it in its place. The site is searched all the while."""

    help = "Build the search index anew, without the site being without search for a moment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `help` of each."""
        parser.add_argument("--engine", choices=sorted(ENGINES), help="the engine to build for (default: the site's)")
        parser.add_argument("--previous", action="store_true", help="instead, go back to the index before the last one")
        parser.add_argument("--if-missing", action="store_true", help="only where there is no index that can be used")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build the index and say what is in it."""
        engine = get_engine(options["engine"])
        if options["if_missing"] and engine.status().available:
            return
        if options["previous"]:
            self._roll_back(engine)
            return

        def progress(documents: Iterable[Document], source: Source, total: int) -> Iterable[Document]:
            silent = True if options["verbosity"] == 0 else None
            return tqdm(documents, desc=f"{source.label}", total=total, unit="", disable=silent, leave=False)

        try:
            report = rebuild(engine=engine, progress=progress)
        except (EngineBusy, SearchUnavailable) as reason:
            raise CommandError(str(reason)) from reason
        for key, error in report.errors.items():
            self.stderr.write(self.style.WARNING(f"{key}: {error}"))
        if options["verbosity"] > 0:
            counts = ", ".join(f"{count:,} {name}" for name, count in report.documents.items() if count) or "nothing"
            self.stdout.write(f"Indexed {counts} in {report.seconds:.1f} s ({filesizeformat(engine.status().size)}).")
            if report.replayed:
                self.stdout.write(f"{report.replayed} changes made in the meantime are in it.")
        if report.errors:
            raise CommandError(f"{len(report.errors)} documents are missing from the index.", returncode=2)

    def _roll_back(self, engine: Engine) -> None:
        """Let the index before the last rebuild serve, and say what it lacks."""
        try:
            engine.roll_back()
        except (EngineBusy, SearchUnavailable) as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write("The index before the last rebuild serves again. verify_search --repair brings the rest.")
