"""The cache around an embedder: a text that was embedded once is never embedded again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from analyzer.errors import BothsidesError
from analyzer.types import Embedder, Vectors

# New vectors are handed to the cache this often, so that a killed run goes on where it stopped.
CHECKPOINT = 512


class VectorCache(Protocol):
    """Where vectors are kept, under an embedder's fingerprint and the hash of a text."""

    def load(self, fingerprint: str, hashes: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """Return the bytes of those vectors that are there."""

    def save(self, fingerprint: str, vectors: Mapping[bytes, bytes]) -> None:
        """Keep vectors for good."""


def text_hash(text: str) -> bytes:
    """Return the key of a text: 16 bytes of its sha256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


class CachedEmbedder:
    """An embedder that asks the cache first. Same vectors, same attributes."""

    def __init__(self, inner: Embedder, cache: VectorCache) -> None:
        self._inner = inner
        self._cache = cache
        self.name = inner.name
        self.fingerprint = inner.fingerprint
        self.dimension = inner.dimension
        self.centre = inner.centre
        self.similar = inner.similar

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Return one unit row a text, float32 (n, dimension).

        Raises:
            BothsidesError: the inner embedder gave vectors of another shape, or not finite ones.
        """
        hashes = [text_hash(text) for text in texts]
        known = dict(self._cache.load(self.fingerprint, list(dict.fromkeys(hashes))))
        missing = {key: text for key, text in zip(hashes, texts, strict=True) if key not in known}
        if progress:
            progress(len(texts) - len(missing))
        keys = list(missing)
        for start in range(0, len(keys), CHECKPOINT):
            batch = keys[start : start + CHECKPOINT]
            rows = self._checked([missing[key] for key in batch], progress)
            fresh = {key: row.astype("<f4").tobytes() for key, row in zip(batch, rows, strict=True)}
            self._cache.save(self.fingerprint, fresh)
            known.update(fresh)
        out = np.empty((len(texts), self.dimension), dtype=np.float32)
        for i, key in enumerate(hashes):
            out[i] = np.frombuffer(known[key], dtype="<f4")
        return out

    def _checked(self, texts: Sequence[str], progress: Callable[[int], None] | None) -> Vectors:
        rows = self._inner.embed(texts, progress)
        if rows.shape != (len(texts), self.dimension) or not np.isfinite(rows).all():
            raise BothsidesError(
                f"The model {self.name} gave vectors that cannot be used (shape {rows.shape}). "
                "Run: bothsides models verify"
            )
        return rows
