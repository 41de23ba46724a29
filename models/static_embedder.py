"""Vectors from a table of word vectors (wordllama): the mean of a text's tokens, length 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.base import BaseEmbedder, Identity

CHUNK = 1024


class StaticEmbedder(BaseEmbedder):
    """Texts -> unit vectors, float32 (n, dimension). Fast enough for millions of texts."""

    def __init__(self, identity: Identity, package: Path) -> None:
        super().__init__(identity)
        from wordllama import WordLlama

        # Without cache_dir the loader looks elsewhere and then tries to download.
        self._model = WordLlama.load(
            cache_dir=package, dim=identity.dimension, disable_download=True
        )

    def embed(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return one unit row a text; ``progress`` hears how many more are done."""
        out = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), CHUNK):
            stop = min(start + CHUNK, len(texts))
            for i in range(start, stop):
                # One text a call: in a batch the padding changes the last bits of the sums.
                out[i] = self._model.embed([texts[i]], norm=True)[0]
            if progress:
                progress(stop - start)
        return out
