"""Layout without the collector of cyclic garbage.

A page is tens of thousands of boxes that all live until it is drawn. The collector looks through them again and again,
finds nothing to free, and takes a third of the time. What a document leaves behind is freed when the collector runs
next; the memory of a worker stays as flat as before.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_holding = 0
_was_enabled = False


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold the collector off in this process until the last that asked for it is done."""
    global _holding, _was_enabled
    with _lock:
        if not _holding:
            _was_enabled = gc.isenabled()
            gc.disable()
        _holding += 1
    try:
        yield
    finally:
        with _lock:
            _holding -= 1
            if not _holding and _was_enabled:
                gc.enable()
