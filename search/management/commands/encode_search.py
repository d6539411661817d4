"""Vectors for all documents that lack them."""

from argparse import ArgumentParser
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from search import semantic
from search.engines import ENGINES, get_engine
from search.engines.base import SearchUnavailable
from search.semantic.model import Encoder, OnnxEncoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PORTION = 20
"""Texts that a process takes at a time."""


class Command(BaseCommand):
    """May be stopped at any time, and goes on from there; the site searches by terms meanwhile."""

    help = "Encode what the search index holds, so that questions are compared with it by meaning."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `help` of each."""
        parser.add_argument("--engine", choices=sorted(ENGINES), help="the engine to read (default: the site's)")
        parser.add_argument("--jobs", type=int, default=1, help="processes that encode side by side")

    def handle(self, *, jobs: int, **options: Any) -> None:
        """List, encode, prune, report."""
        try:
            engine = get_engine(options["engine"])
            space = semantic.get_space(engine)
        except semantic.ModelUnavailable as reason:
            raise CommandError(str(reason)) from reason
        # NumPy is there when a model is.
        from search.semantic import encoding

        try:
            space.relist()
            documents, encoded = space.counts()
            silent = True if options["verbosity"] == 0 else None
            with ExitStack() as stack:
                progress = stack.enter_context(tqdm(total=documents - encoded, unit="", disable=silent))
                encode = _encode(jobs, stack)
                done = encoding.catch_up(space, engine, encode, told=progress.update)
        except SearchUnavailable as reason:
            raise CommandError(str(reason)) from reason
        if options["verbosity"] > 0:
            state = semantic.status(engine)
            self.stdout.write(f"{done:,} documents encoded; {state.encoded:,} of {state.documents:,} have vectors.")


def _encode(jobs: int, stack: ExitStack) -> Any:
    """The model's `encode`, or one that shares the work out among processes."""
    encoder = semantic.get_encoder()
    if jobs <= 1 or not isinstance(encoder, OnnxEncoder):
        return encoder.encode
    pool = stack.enter_context(
        ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_load, initargs=(encoder.folder,))
    )

    def encode(texts: Sequence[str]) -> "NDArray[np.float32]":
        import numpy as np

        portions = [texts[start : start + PORTION] for start in range(0, len(texts), PORTION)]
        return np.array(list(chain.from_iterable(pool.map(_encode_portion, portions))), np.float32)

    return encode


_of_this_process: Encoder | None = None


def _load(folder: Path) -> None:
    global _of_this_process
    _of_this_process = OnnxEncoder(folder)


def _encode_portion(texts: Sequence[str]) -> "NDArray[np.float32]":
    assert _of_this_process is not None
    return _of_this_process.encode(texts)
