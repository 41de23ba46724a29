"""The cosine k-nearest-neighbour graph of segments, exact, in blocks of bounded memory."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzer.discover.communities import Graph
from analyzer.errors import BothsidesError
from analyzer.types import Labels, Vectors

BLOCK = 2048
# Enough for the votes.
NEIGHBOURS_KEPT = 25
# More are kept than the graph uses, since it leaves a comment's own segments out.
SPARE = 10
# The graph of a side of so many segments has the neighbours that the settings say; a larger side
# has more, up to MOST, and a small one fewer, lest everything be everything's neighbour.
USUAL_SEGMENTS = 6000
MOST = 25


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


def neighbours(vectors: Vectors, k: int) -> Neighbours:
    """Return the nearest others of each segment, for a graph of ``k`` and for assignment."""
    kept = max(NEIGHBOURS_KEPT, k + SPARE)
    return Neighbours(*nearest(vectors, vectors, kept, themselves=True))


def degree(count: int, usual: int) -> int:
    """Return how many neighbours join each of ``count`` segments; ``usual`` is the setting."""
    if count > USUAL_SEGMENTS:
        grown = usual * math.sqrt(count / USUAL_SEGMENTS)
        return round(min(grown, max(MOST, usual)))
    return max(2, min(usual, round(math.pow(count, 0.4))))


def graph_of(near: Neighbours, comment: Labels, k: int) -> Graph:
    """Return the graph that joins each segment to its ``k`` nearest of other comments.

    Segments of one comment (``comment`` numbers it) share their context, and would otherwise make
    each long comment a theme of its own; where there are too few others, they fill the row.
    """
    sibling = comment[near.index] == comment[:, None]
    order = np.argsort(sibling, axis=1, kind="stable")[:, :k]
    index = np.take_along_axis(near.index, order, axis=1)
    cosine = np.take_along_axis(near.cosine, order, axis=1)
    return Graph(len(comment), *union_edges(index, cosine))


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
