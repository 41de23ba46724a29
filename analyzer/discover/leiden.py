"""Communities of the neighbour graph by Leiden.

Traag, Waltman & van Eck (2019). From Louvain to Leiden. Scientific Reports 9:5233.
"""

from __future__ import annotations

import numpy as np

from analyzer.discover.graph import Neighbours, union_edges
from analyzer.settings import Settings
from analyzer.types import Labels, Vectors


def leiden(
    vectors: Vectors,
    near: Neighbours,
    comment: Labels,
    settings: Settings,
    rng: np.random.Generator,
) -> Labels:
    """Return a group for each segment, (n,).

    Segments of one comment (``comment`` numbers it) are no neighbours of each other: they share
    their context, and would otherwise make each long comment a theme of its own.
    """
    from graspologic_native import leiden as native_leiden

    if len(vectors) < 3:
        return np.zeros(len(vectors), dtype=np.int64)
    source, target, weight = union_edges(*_of_others(near, comment, settings.neighbours))
    edges = [
        (str(i), str(j), w)
        for i, j, w in zip(source.tolist(), target.tolist(), weight.tolist(), strict=True)
    ]
    _, groups = native_leiden(
        edges, resolution=settings.resolution, seed=int(rng.integers(2**31)), use_modularity=True
    )
    return np.array([groups[str(i)] for i in range(len(vectors))], dtype=np.int64)


def _of_others(near: Neighbours, comment: Labels, k: int) -> tuple[Labels, Vectors]:
    """Return the k nearest of other comments; where there are too few, siblings fill the row."""
    sibling = comment[near.index] == comment[:, None]
    order = np.argsort(sibling, axis=1, kind="stable")[:, :k]
    return (
        np.take_along_axis(near.index, order, axis=1),
        np.take_along_axis(near.cosine, order, axis=1),
    )
