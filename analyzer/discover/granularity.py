"""How many themes there are, chosen without labels.

Leiden finds few broad or many fine communities, as its resolution says; which resolution is right
depends on the comments and on how many there are. Each resolution of a grid is weighed by how short
it lets the neighbour graph be described: the edges within and between communities, the membership
of each segment, and a price for each community. This is the planted partition of Zhang & Peixoto
(2020), Statistical inference of assortative community structures, Phys. Rev. Research 2:043271, in
its simplest form. The shortest description has as many themes as the graph gives evidence for.

More segments give evidence for ever finer themes than a reader wants, so a large side is judged by
samples of SAMPLE segments: as many themes as can be told apart there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analyzer.discover.communities import Graph
from analyzer.discover.graph import graph_of, neighbours
from analyzer.types import Labels, Vectors

SAMPLE = 5000
SAMPLES = 3
SEEDS = 2
GRID: NDArray[np.float64] = 2.0 ** np.arange(-1.0, 6.01, 0.5)


def resolution(vectors: Vectors, comment: Labels, graph: Graph, k: int) -> float:
    """Return the resolution that suits the whole side's graph.

    ``vectors`` (n, d) in an order that says nothing (samples are every so-many-th comment);
    ``comment`` (n,) numbers each segment's comment; ``k`` neighbours are in the samples' graphs.
    The same segments give the same number: no generator, so that another seed finds as many themes.
    """
    if graph.count <= SAMPLE:
        return float(np.exp(_sweep(graph, SEEDS)[1]))
    wanted = []
    share = int(np.ceil(graph.count / SAMPLE))
    for start in range(min(SAMPLES, share)):
        kept = np.flatnonzero(comment % share == start)
        _, own = np.unique(comment[kept], return_inverse=True)
        found, best = _sweep(graph_of(neighbours(vectors[kept], k), own, k), SEEDS)
        wanted.append(np.interp(best, np.log(GRID), np.log(found)))
    sizes, _ = _sweep(graph, 1)
    return float(np.exp(np.interp(np.mean(wanted), np.log(sizes), np.log(GRID))))


def _sweep(graph: Graph, seeds: int) -> tuple[NDArray[np.float64], float]:
    """Return how many communities each resolution of the grid gives, and the best one's log.

    The numbers are made to rise strictly, so that they can be read backwards.
    """
    counts, lengths = np.zeros(len(GRID)), np.zeros(len(GRID))
    for step, value in enumerate(GRID):
        for seed in range(seeds):
            groups = graph.communities(float(value), seed)
            counts[step] += (groups.max() + 1) / seeds
            lengths[step] += description_length(graph, groups) / seeds
    rising = np.maximum.accumulate(counts) + 1e-6 * np.arange(len(GRID))
    return rising, _lowest(np.log(GRID), lengths)


def _lowest(steps: NDArray[np.float64], lengths: NDArray[np.float64]) -> float:
    """Return where ``lengths`` is lowest: the vertex of the parabola through its lowest three."""
    best = int(lengths.argmin())
    if not 0 < best < len(steps) - 1:
        return float(steps[best])
    left, middle, right = lengths[best - 1 : best + 2]
    bend = max(left - 2 * middle + right, 1e-12)
    return float(steps[best] + (steps[1] - steps[0]) * (left - right) / (2 * bend))


def description_length(graph: Graph, groups: Labels) -> float:
    """Return the nats that it takes to write down the graph by its communities (planted model)."""
    sizes = np.bincount(groups)
    sizes = sizes[sizes > 0]
    within = float((sizes * (sizes - 1) / 2).sum())
    between = graph.count * (graph.count - 1) / 2 - within
    inside = float((groups[graph.source] == groups[graph.target]).sum())
    edges = _binomial(inside, within) + _binomial(len(graph.source) - inside, between)
    membership = -float((sizes * np.log(sizes / graph.count)).sum())
    return edges + membership + len(sizes) * float(np.log(max(graph.count, 2)))


def _binomial(hits: float, places: float) -> float:
    """Return the nats of saying which of so many places are hits."""
    share = hits / places if places else 0.0
    if not 0 < share < 1:
        return 0.0
    return float(-hits * np.log(share) - (places - hits) * np.log(1 - share))
