"""The embedding model: a text to a vector of unit length, so that texts of like meaning lie close together.

A model is a folder that holds `model.onnx` (a BERT-like encoder) and `tokenizer.json`. The first token's vector stands
for the text. It runs on a plain CPU; without the folder, or the packages that run it, the search goes by terms alone.
"""

import hashlib
import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from .texts import PREPARATION, prepare

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
MAX_TOKENS = 512
"""What the encoder reads of a text; an article of a law has 92 characters in the median, 440 at the 99th percentile."""


class ModelUnavailable(Exception):  # noqa: N818 -- what it means to the caller, not that something went wrong
    """There is no model that can run. `str()` of it says what is missing and what an operator does about it."""


class Encoder(Protocol):
    """What the rest of the search needs of a model."""

    fingerprint: str
    """Of the model and of how texts are prepared for it: vectors of two fingerprints must not be compared."""
    dimensions: int

    def encode(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """One row of unit length for each text: shape (texts, dimensions)."""


class OnnxEncoder:
    """A model in a folder, run by ONNX Runtime on one thread."""

    def __init__(self, folder: Path) -> None:
        """Load the model. Raises ModelUnavailable."""
        try:
            import onnxruntime
            import tokenizers
        except ImportError as error:
            raise ModelUnavailable(_("语义模型需要的软件包没有安装：运行 make semantic。")) from error
        self.folder = folder
        self.fingerprint = fingerprint(folder)
        options = onnxruntime.SessionOptions()
        # One thread: questions of several visitors run side by side anyway, and a process that starts no threads can
        # be forked. The arena would keep the memory of the longest text for good.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer: Any = tokenizers.Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        except Exception as error:  # the two libraries raise whatever their native parts do
            raise ModelUnavailable(_("语义模型打不开：%s") % error) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._inputs = [given.name for given in self._session.get_inputs()]
        self.dimensions = int(self._session.get_outputs()[0].shape[-1])

    def encode(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """One row of unit length for each text: shape (texts, dimensions).

        One text at a time: a quantized model scales its numbers over a whole batch, so that a text's vector would
        depend on its neighbours there; and on one thread a batch is no faster.
        """
        import numpy as np

        rows = np.empty((len(texts), self.dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[:] = self._first_token(self._tokenizer.encode(prepare(text)).ids)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)

    def _first_token(self, ids: list[int]) -> "NDArray[np.float32]":
        import numpy as np

        tokens = np.array([ids], np.int64)
        given = {"input_ids": tokens, "attention_mask": np.ones_like(tokens), "token_type_ids": np.zeros_like(tokens)}
        hidden = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        return hidden[0, 0]


def fingerprint(folder: Path) -> str:
    """A hash of the model's files and of how texts are prepared. Raises ModelUnavailable when a file is missing."""
    state = hashlib.sha256(f"{PREPARATION} {MAX_TOKENS}".encode())
    for name in (MODEL_FILE, TOKENIZER_FILE):
        try:
            with (folder / name).open("rb") as file:
                state.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise ModelUnavailable(
                _("没有语义模型（%s），只按词语搜索；运行 make semantic 可以安装。") % (folder / name)
            ) from error
    return state.hexdigest()[:16]


class _Loaded:
    """The model of this process: loaded at the first use, by one thread, and again after a fork or a new setting."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.made_for: tuple[Any, ...] = ()
        self.encoder: Encoder | None = None
        self.reason = ""


_loaded = _Loaded()


def get_encoder() -> Encoder:
    """The model that the setting SEARCH_SEMANTIC_MODEL names. Raises ModelUnavailable.

    A model that comes later is found without a restart: a missing file costs one look each time.
    """
    folder = Path(settings.SEARCH_SEMANTIC_MODEL)
    with _loaded.lock:
        wanted = (os.getpid(), *_state(folder))
        if _loaded.made_for != wanted:
            _loaded.made_for, _loaded.encoder, _loaded.reason = wanted, None, ""
            try:
                _loaded.encoder = OnnxEncoder(folder)
            except ModelUnavailable as error:
                _loaded.reason = str(error)
        if _loaded.encoder is None:
            raise ModelUnavailable(_loaded.reason)
        return _loaded.encoder


def _state(folder: Path) -> tuple[Any, ...]:
    """What changes when another model is put into the folder."""
    try:
        return (folder, (folder / MODEL_FILE).stat().st_mtime_ns)
    except OSError:
        return (folder, None)
