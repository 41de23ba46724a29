"""Vectors from an ONNX file, one text at a time.

Dynamic int8 takes the scale of its activations from everything in the batch, so a text in another
batch gets another vector. One text a call, one single-threaded session shared by as many threads as
there are cores, is repeatable to the byte, needs no padding and is faster than batches.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.base import BaseEmbedder, Identity

CHUNK = 64


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class OnnxEmbedder(BaseEmbedder):
    """Texts -> unit vectors, float32 (n, dimension)."""

    def __init__(
        self,
        identity: Identity,
        model: Path,
        tokenizer: Path,
        max_tokens: int,
        prefix: str,
    ) -> None:
        super().__init__(identity)
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(max_tokens)
        self._prefix = prefix

    def embed(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return one unit row a text; ``progress`` hears how many more are done."""
        out = np.empty((len(texts), self.dimension), dtype=np.float32)

        def run(start: int) -> int:
            stop = min(start + CHUNK, len(texts))
            for i in range(start, stop):
                out[i] = self._one(texts[i])
            return stop - start

        with ThreadPoolExecutor(usable_cores()) as pool:
            done: Iterable[int] = pool.map(run, range(0, len(texts), CHUNK))
            for count in done:
                if progress:
                    progress(count)
        return out

    def _one(self, text: str) -> NDArray[np.float32]:
        ids = self._tokenizer.encode(self._prefix + text).ids
        (vector,) = self._session.run(None, {"input_ids": np.array([ids], dtype=np.int64)})
        row: NDArray[np.float32] = vector[0]
        return row
