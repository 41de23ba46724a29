"""The one rule that gives a segment its theme, in fitting and in prediction.

score(segment, theme) = share of the theme among the segment's nearest known segments (votes
weighted
by cosine to the fourth) + CENTROID_WEIGHT x cosine with the theme's centroid. Fitting repeats the
rule on its own result until nothing moves, so applying it once more to a known segment (which is
its own nearest neighbour) gives the theme that it has: prediction equals fitting.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzer.discover.graph import BLOCK, Neighbours, nearest
from analyzer.types import Labels, Vectors

VOTERS = 20
VOTE_POWER = 4
CENTROID_WEIGHT = 6.0
MAX_ROUNDS = 50


@dataclass(frozen=True)
class Known:
    """What prediction needs: known vectors (n, d), their themes (n,), centroids (k, d)."""

    vectors: Vectors
    theme: Labels
    centroids: Vectors


def unit(rows: Vectors) -> Vectors:
    """Return the rows with length 1; rows of zeros stay zeros."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Vectors = (rows / np.maximum(length, 1e-12)).astype(np.float32)
    return scaled


def centroids(vectors: Vectors, theme: Labels, count: int) -> Vectors:
    """Return the unit mean vector of each theme (count, d); theme -1 counts nowhere."""
    sums = np.zeros((count, vectors.shape[1]), dtype=np.float64)
    held = theme >= 0
    np.add.at(sums, theme[held], vectors[held])
    return unit(sums.astype(np.float32))


def settle(
    vectors: Vectors, near: Neighbours, theme: Labels, smallest: int
) -> tuple[Known, NDArray[np.float64]]:
    """Repeat the rule until no segment moves, dropping themes of fewer than ``smallest`` segments.

    ``theme`` (n,) is a strategy's grouping, -1 for those that it left out; they are given a theme
    too. Returns what is known, themes numbered by falling size, and each segment's confidence.
    """
    theme = _renumbered(theme)
    index = np.hstack([np.arange(len(vectors))[:, None], near.index[:, : VOTERS - 1]])
    own = np.ones((len(vectors), 1), dtype=np.float32)
    cosine = np.hstack([own, near.cosine[:, : VOTERS - 1]])
    confidence = np.zeros(len(vectors))
    for _ in range(MAX_ROUNDS):
        theme = _renumbered(_without_small(theme, smallest))
        before = theme
        theme, confidence = _apply(vectors, index, cosine, theme, _centroids_of(vectors, theme))
        sizes = np.bincount(theme)
        if np.array_equal(theme, before) and sizes[sizes > 0].min() >= min(smallest, sizes.max()):
            break
    return Known(vectors, theme, _centroids_of(vectors, theme)), confidence


def predict(known: Known, vectors: Vectors) -> tuple[Labels, NDArray[np.float64]]:
    """Return the theme (n,) and the confidence (n,), 0..1, of segments by the rule of fitting."""
    index, cosine = nearest(vectors, known.vectors, VOTERS)
    return _apply(vectors, index, cosine, known.theme, known.centroids)


def _centroids_of(vectors: Vectors, theme: Labels) -> Vectors:
    return centroids(vectors, theme, int(theme.max()) + 1)


def _apply(
    vectors: Vectors, index: Labels, cosine: Vectors, known: Labels, centres: Vectors
) -> tuple[Labels, NDArray[np.float64]]:
    count = len(centres)
    theme = np.zeros(len(vectors), dtype=np.int64)
    confidence = np.zeros(len(vectors))
    for start in range(0, len(vectors), BLOCK):
        block = slice(start, start + BLOCK)
        weight = np.maximum(cosine[block], 0).astype(np.float64) ** VOTE_POWER
        voted = known[index[block]]
        weight[voted < 0] = 0
        votes = np.zeros((len(weight), count))
        rows = np.repeat(np.arange(len(weight)), weight.shape[1])
        np.add.at(votes, (rows, np.maximum(voted, 0).ravel()), weight.ravel())
        votes /= np.maximum(votes.sum(axis=1, keepdims=True), 1e-12)
        score = votes + CENTROID_WEIGHT * (vectors[block] @ centres.T).astype(np.float64)
        theme[block] = score.argmax(axis=1)
        confidence[block] = score.max(axis=1) / (1 + CENTROID_WEIGHT)
    return theme, np.clip(confidence, 0.0, 1.0)


def _without_small(theme: Labels, smallest: int) -> Labels:
    """Return the themes with small ones taken away (-1), unless all are small."""
    sizes = np.bincount(theme[theme >= 0])
    keep = sizes >= min(smallest, sizes.max())
    return np.where((theme >= 0) & keep[np.maximum(theme, 0)], theme, -1)


def _renumbered(theme: Labels) -> Labels:
    """Return the same groups numbered by falling size, ties by first appearance; all -1 -> one."""
    held = theme >= 0
    if not held.any():
        return np.zeros_like(theme)
    values, first, inverse, counts = np.unique(
        theme[held], return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(values), dtype=np.int64)
    rank[np.lexsort((first, -counts))] = np.arange(len(values))
    result = np.full_like(theme, -1)
    result[held] = rank[inverse]
    return result
