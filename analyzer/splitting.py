"""A theme that people want in two: its halves, and the words that tell one from the other. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analyzer import label
from analyzer.discover.assign import unit
from analyzer.types import Vectors

ROUNDS = 50
TERMS = 8
# So many more uses than there were, lest a word used once count as telling.
SMOOTHING = 1.0


def halves(vectors: Vectors) -> NDArray[np.bool_]:
    """Return (n,) which segments are in the smaller of two parts, by spherical 2-means.

    It starts from the sign of the first principal component, so it draws no chance. Dhillon & Modha
    (2001), Concept decompositions for large sparse text data, Machine Learning 42.
    """
    around = (vectors - vectors.mean(axis=0)).astype(np.float64)
    _, _, axes = np.linalg.svd(around.T @ around)
    part = around @ axes[0] > 0
    for _ in range(ROUNDS):
        if part.all() or not part.any():
            break
        middles = unit(np.array([vectors[~part].mean(axis=0), vectors[part].mean(axis=0)]))
        near = vectors @ middles.T
        again = near[:, 1] > near[:, 0]
        if np.array_equal(again, part):
            break
        part = again
    smaller: NDArray[np.bool_] = part if part.sum() * 2 <= len(part) else ~part
    return smaller


def telling(own: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return the words that segments of one part use more than those of the other, at most TERMS.

    The most telling come first: by their share of segments x the log of how much larger it is.
    """
    stop = set(label.stop_words())
    here, there = (Counter(w for text in texts for w in label.words(text) - stop)
                   for texts in (own, others))  # fmt: skip

    def weight(word: str) -> float:
        shares = [
            (uses[word] + SMOOTHING) / (len(texts) + 2 * SMOOTHING)
            for uses, texts in ((here, own), (there, others))
        ]
        return float(here[word] / max(len(own), 1) * np.log(shares[0] / shares[1]))

    ranked = sorted((word for word in here if weight(word) > 0), key=lambda w: (-weight(w), w))
    return ranked[:TERMS]
