"""The cosine k-nearest-neighbour graph of segments, exact, in blocks of bounded memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzer.errors import BothsidesError
from analyzer.types import Labels, Vectors

BLOCK = 2048
# Enough for the graph, for the votes, and for a comment's own segments that the graph leaves out.
NEIGHBOURS_KEPT = 25


@dataclass(frozen=True)
class Neighbours:
    """Each segment's nearest others, in falling order: indices and cosines, both (n, k)."""

    index: Labels
    cosine: Vectors


def nearest(
    queries: Vectors,
    references: Vectors,
    k: int,
    *,
    themselves: bool = False,
    progress: Callable[[int], None] | None = None,
) -> tuple[Labels, Vectors]:
    """Return the indices and cosines (n_queries, k) of each query's nearest references.

    Rows are in falling order of cosine; ties go to the lower index, so that the order is stable.
    ``themselves``: queries are the references, and a row's own index is left out.

    Raises:
        BothsidesError: a vector is not finite (a graph of such weights would bring Leiden down).
    """
    if not (np.isfinite(queries).all() and np.isfinite(references).all()):
        raise BothsidesError("An embedding holds a value that is not a number. Run: models verify")
    k = max(0, min(k, len(references) - themselves))
    index = np.zeros((len(queries), k), dtype=np.int64)
    cosine = np.zeros((len(queries), k), dtype=np.float32)
    if k == 0:
        return index, cosine
    for start in range(0, len(queries), BLOCK):
        block = queries[start : start + BLOCK] @ references.T
        rows = np.arange(len(block))
        if themselves:
            block[rows, start + rows] = -np.inf
        top = np.argpartition(-block, k - 1, axis=1)[:, :k]
        top.sort(axis=1)
        values = np.take_along_axis(block, top, axis=1)
        order = np.argsort(-values, axis=1, kind="stable")
        index[start : start + BLOCK] = np.take_along_axis(top, order, axis=1)
        cosine[start : start + BLOCK] = np.take_along_axis(values, order, axis=1)
        if progress:
            progress(len(block))
    return index, cosine


def neighbours(vectors: Vectors, at_least: int) -> Neighbours:
    """Return the nearest others of each segment, computed once for grouping and for assignment."""
    k = max(NEIGHBOURS_KEPT, at_least)
    return Neighbours(*nearest(vectors, vectors, k, themselves=True))


def union_edges(index: Labels, cosine: Vectors) -> tuple[Labels, Labels, NDArray[np.float64]]:
    """Return the undirected graph that joins i and j when either is near the other.

    Returns source, target (source < target) and weights, each (n_edges,), sorted.
    """
    n, k = index.shape
    source = np.repeat(np.arange(n, dtype=np.int64), k)
    target = index.ravel()
    low, high = np.minimum(source, target), np.maximum(source, target)
    _, first = np.unique(low * n + high, return_index=True)
    weight = np.maximum(cosine.ravel()[first].astype(np.float64), 1e-6)
    return low[first], high[first], weight
