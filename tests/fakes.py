"""Fakes that make results known beforehand."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from analyzer.types import Vectors

# Texts of one topic have a cosine of about .9: they are paraphrases, not copies.
NOISE = 0.33


def direction(word: str, dimension: int) -> np.ndarray:
    """Return the fixed random unit direction of a word."""
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).normal(size=dimension)
    return vector / np.linalg.norm(vector)


class FakeEmbedder:
    """Each topic word in a text adds its fixed direction; the text itself adds some noise.

    A vector depends on its text alone. ``calls`` and ``seen`` tell what was asked for.
    """

    name = "fake"
    centre = "none"
    similar = 0.5

    def __init__(self, topics: Iterable[str] = (), dimension: int = 48) -> None:
        self.topics = frozenset(topics)
        self.dimension = dimension
        self.fingerprint = f"fake:{dimension}"
        self.calls = 0
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        self.calls += 1
        self.seen.extend(texts)
        out = np.empty((len(texts), self.dimension), dtype=np.float32)
        for i, text in enumerate(texts):
            row = NOISE * direction(text, self.dimension)
            for word in sorted(set(re.findall(r"\w+", text.casefold())) & self.topics):
                row = row + direction(word, self.dimension)
            out[i] = row / np.linalg.norm(row)
        if progress:
            progress(len(texts))
        return out
