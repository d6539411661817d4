"""What the first search of a process would load, loaded before anybody waits for it."""

import gc
from contextlib import suppress

from .analysis import terms
from .pinyin import readings
from .semantic import ModelUnavailable, get_encoder


def warm() -> None:
    """Load dictionaries and the model of meaning, if there is one; asks neither the database nor the engine.

    What is there afterwards stays for good, hundreds of thousands of objects. The garbage collector is told so:
    otherwise it looks at each of them again every so many searches, which then take a fifth of a second longer.
    """
    terms("垃圾分类")
    readings("类")
    with suppress(ModelUnavailable):
        get_encoder().encode(["垃圾分类"])
    gc.collect()
    gc.freeze()
