"""The default strategy: what many runs of Leiden on the neighbour graph agree on."""

from __future__ import annotations

import numpy as np

from analyzer.discover.communities import consensus
from analyzer.discover.granularity import resolution
from analyzer.discover.graph import Neighbours, degree, graph_of
from analyzer.settings import Settings
from analyzer.types import Labels, Vectors


def leiden(
    vectors: Vectors,
    near: Neighbours,
    comment: Labels,
    settings: Settings,
    rng: np.random.Generator,
) -> Labels:
    """Return a group for each segment, (n,); ``comment`` (n,) numbers each segment's comment.

    How many groups there are is chosen by the graph, unless the settings name a resolution.
    """
    if len(vectors) < 3:
        return np.zeros(len(vectors), dtype=np.int64)
    graph = graph_of(near, comment, degree(len(vectors), settings.neighbours))
    fineness = settings.resolution or resolution(vectors, comment, graph, settings.neighbours)
    return consensus(graph, fineness, rng)
