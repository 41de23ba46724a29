"""Several embedders as one: a text's vectors side by side, each times its weight, at length 1.

Two models err differently; side by side they find the themes of public intent data better than
either alone (`benchmarks/results/`).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence

import numpy as np

from analyzer.types import Embedder, Vectors
from models.base import BaseEmbedder, Identity
from models.manifest import BesideCard


class BesideEmbedder(BaseEmbedder):
    """Texts -> unit vectors, float32 (n, sum of the parts' dimensions)."""

    def __init__(self, card: BesideCard, parts: Sequence[Embedder]) -> None:
        weights = [card.parts[part.name] for part in parts]
        recipe = [f"{part.fingerprint} x {w:g}" for part, w in zip(parts, weights, strict=True)]
        digest = hashlib.sha256("\n".join(recipe).encode()).hexdigest()
        super().__init__(
            Identity(
                name=card.name,
                fingerprint=f"{card.name}:{digest[:16]}",
                dimension=sum(part.dimension for part in parts),
                centre=card.centre,
                similar=card.similar,
            )
        )
        # Each part's vectors have length 1: the whole has this length before it is scaled.
        whole = math.sqrt(sum(weight**2 for weight in weights))
        self._parts = [(part, weight / whole) for part, weight in zip(parts, weights, strict=True)]

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Return one unit row a text; ``progress`` hears how many more are done."""
        columns = []
        for number, (part, weight) in enumerate(self._parts):
            last = number == len(self._parts) - 1
            vectors = part.embed(texts, progress if last else None)
            columns.append(np.float32(weight) * vectors)
        return np.hstack(columns)
