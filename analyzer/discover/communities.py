"""Communities of a graph of segments by Leiden, and what many runs of it agree on.

Traag, Waltman & van Eck (2019). From Louvain to Leiden. Scientific Reports 9:5233.
Lancichinetti & Fortunato (2012). Consensus clustering in complex networks. Scientific Reports
2:336: the graph is weighted anew by how often many runs put an edge's ends together, and grouped
again. One run depends on its seed far more than the consensus of many does.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from analyzer.types import Labels

# Rounds of consensus, and runs in each: about so many edges are worked through in a round.
ROUNDS = 2
EDGES_A_ROUND = 4_000_000
FEWEST_RUNS, MOST_RUNS = 12, 40
# The library lets other threads work meanwhile.
THREADS = 2


@dataclass(frozen=True)
class Graph:
    """An undirected graph of ``count`` nodes; ``source`` < ``target``, ``weight``: (n_edges,)."""

    count: int
    source: Labels
    target: Labels
    weight: NDArray[np.float64]
    # The library takes names, not numbers: made once, used by every run.
    _ends: tuple[list[str], list[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ends = (list(map(str, self.source.tolist())), list(map(str, self.target.tolist())))
        object.__setattr__(self, "_ends", ends)

    def communities(
        self, resolution: float, seed: int, weight: NDArray[np.float64] | None = None
    ) -> Labels:
        """Return a community for each node (count,); a node without edges is one of its own."""
        from graspologic_native import leiden

        weights = (self.weight if weight is None else weight).tolist()
        edges = list(zip(*self._ends, weights, strict=True))
        found: dict[str, int] = {}
        if edges:
            _, found = leiden(edges, resolution=resolution, seed=seed, use_modularity=True)
        groups = np.full(self.count, -1, dtype=np.int64)
        groups[np.array(list(map(int, found)), dtype=np.int64)] = list(found.values())
        alone = groups < 0
        groups[alone] = groups.max(initial=-1) + 1 + np.arange(alone.sum())
        return groups


def consensus(
    graph: Graph, resolution: float, rng: np.random.Generator, most_runs: int = MOST_RUNS
) -> Labels:
    """Return the groups (count,) that many runs of Leiden at ``resolution`` agree on."""
    affordable = EDGES_A_ROUND // max(len(graph.source), 1)
    runs = max(FEWEST_RUNS, min(affordable, MOST_RUNS))
    runs = min(runs, most_runs)
    weight = graph.weight
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(ROUNDS):
            seeds = rng.integers(2**31, size=runs).tolist()
            found = pool.map(partial(graph.communities, resolution, weight=weight), seeds)
            together = np.zeros(len(weight))
            for groups in found:
                together += groups[graph.source] == groups[graph.target]
            # The library wants weights above 0.
            weight = np.maximum(together / runs, 1e-6)
    return graph.communities(resolution, int(rng.integers(2**31)), weight)
