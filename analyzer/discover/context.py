"""The vectors in which themes are found: a segment's own meaning and that of its whole comment.

"Why?" means little alone; beside the rest of its comment it means a lot. The comment weighs less
the longer it is, since a long comment speaks of many things.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from analyzer.discover.assign import unit
from analyzer.types import Labels, Vectors

# The key under which the mean of all languages too rare to have their own is kept.
OTHERS = "*"
MIN_LANGUAGE_SEGMENTS = 20


def language_means(vectors: Vectors, languages: Sequence[str]) -> dict[str, Vectors]:
    """Return the mean vector of each language with enough segments, and of all (OTHERS)."""
    if not len(vectors):
        return {}
    codes = np.array(languages)
    means = {OTHERS: vectors.mean(axis=0)}
    for code in sorted(set(languages)):
        if (codes == code).sum() >= MIN_LANGUAGE_SEGMENTS:
            means[code] = vectors[codes == code].mean(axis=0)
    return means


def centred(vectors: Vectors, languages: Sequence[str], means: Mapping[str, Vectors]) -> Vectors:
    """Return the vectors (n, d) without their language's mean, at length 1; no means: unchanged."""
    if not means:
        return vectors
    return unit(vectors - np.array([means.get(code, means[OTHERS]) for code in languages]))


def with_context(vectors: Vectors, comment: Labels, weight: float) -> Vectors:
    """Return unit vectors (n, d): each segment's plus its comment's mean.

    ``comment`` (n,) numbers the comment of each segment. ``weight`` is the weight of a comment of
    two segments; with n of them it is weight x 2 / n.
    """
    if not len(vectors):
        return vectors
    size = np.bincount(comment)
    sums = np.zeros((len(size), vectors.shape[1]))
    np.add.at(sums, comment, vectors)
    share = weight * 2 / np.maximum(size, 2)
    whole = unit((sums / np.maximum(size, 1)[:, None]).astype(np.float32))
    return unit(vectors + share[comment, None].astype(np.float32) * whole[comment])
