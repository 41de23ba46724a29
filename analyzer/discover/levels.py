"""Broad themes: the communities of the same graph at modularity's own resolution, 1.

A theme belongs to the broad community that holds most of its segments, so each broad theme is made
of whole themes.
"""

from __future__ import annotations

import numpy as np

from analyzer.discover.communities import Graph, consensus
from analyzer.types import Labels

BROAD_RESOLUTION = 1.0
# At so low a resolution fewer runs agree well enough.
RUNS = 8


def broad(graph: Graph, theme: Labels, rng: np.random.Generator) -> Labels:
    """Return the broad theme of each theme (n_themes,), numbered by falling number of segments.

    ``graph`` joins the segments, ``theme`` (n,) is the theme of each.
    """
    if not len(theme):
        return theme
    groups = consensus(graph, BROAD_RESOLUTION, rng, RUNS)
    held = np.zeros((theme.max() + 1, groups.max() + 1))
    np.add.at(held, (theme, groups), 1)
    chosen = held.argmax(axis=1)
    sizes = np.bincount(chosen, weights=held.sum(axis=1), minlength=held.shape[1])
    used = np.flatnonzero(np.bincount(chosen, minlength=held.shape[1]))
    rank = np.zeros(held.shape[1], dtype=np.int64)
    rank[used[np.argsort(-sizes[used], kind="stable")]] = np.arange(len(used))
    ranked: Labels = rank[chosen]
    return ranked
