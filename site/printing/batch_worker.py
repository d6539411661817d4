"""What happens in a process of its own: one document of a batch. Loaded anew in each, so it loads nothing itself."""

import gc
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """What became of an item: a document's key, or bytes and a name; what is told of it; or an error for the user."""

    document: int | None = None
    content: bytes = b""
    filename: str = ""
    figures: Any = None
    error: str = ""


class TooLong(Exception):  # noqa: N818 - reads as what it tells
    """A document took longer than it may."""


def set_up(path: list[str]) -> None:
    """Make a fresh process ready: the same packages as in the one that started it, then Django."""
    import sys

    sys.path[:] = path
    # A signal to stop is for the process that leads; it lets this one finish its document.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    import django

    django.setup()
    # What is loaded by now stays: the collector need not look through it after each document.
    gc.freeze()
    if hasattr(os, "nice"):
        os.nice(5)


def _end_with(leader: int) -> None:
    """End when the leading process was killed: nobody is left to hand anything to."""
    while os.getppid() == leader:
        time.sleep(2)
    os._exit(1)


def make(producer: str, arguments: Mapping[str, Any], seconds: int) -> Made:
    """Make one document; whatever goes wrong is told in the result, for the user."""
    from django.core.exceptions import ValidationError
    from django.utils import translation
    from django.utils.translation import gettext as _

    from .batches import ItemFailed, WithFigures, get_producer
    from .errors import PrintingError
    from .models import IssuedDocument

    # Layout holds the collector off (`undisturbed`): what the last document left would otherwise lie beside this one.
    gc.collect()
    with translation.override("zh-hans"):
        try:
            with _time_limit(seconds):
                result = get_producer(producer)(**arguments)
        except TooLong:
            return Made(error=_("超过 %(seconds)s 秒还没有生成，已停止。") % {"seconds": seconds})
        except ValidationError as error:
            return Made(error="；".join(error.messages))
        except (ItemFailed, PrintingError) as error:
            return Made(error=str(error) or _("没有生成，原因不明。"))
        except Exception:
            logger.exception("%s failed", producer)
            return Made(error=_("系统出错，没有生成。管理员可以在日志里看到原因。"))
        made, figures = (result.made, result.figures) if isinstance(result, WithFigures) else (result, None)
        if isinstance(made, IssuedDocument):
            return Made(document=made.pk, filename=made.filename, figures=figures)
        return Made(content=made.content, filename=made.filename, figures=figures)


@contextmanager
def _time_limit(seconds: int) -> Iterator[None]:
    """Raise TooLong in the main thread of a process after so many seconds; 0: never."""

    def stop(*_: object) -> None:
        raise TooLong

    if not seconds or not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
