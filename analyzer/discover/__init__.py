"""Discover themes: a table of strategies, one module an algorithm, one rule of assignment.

A strategy groups vectors (-1: left out); :func:`analyzer.discover.assign.settle` turns groups into
themes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analyzer.discover.assign import Known, predict, settle
from analyzer.discover.graph import Neighbours, neighbours
from analyzer.discover.leiden import leiden
from analyzer.discover.umap_hdbscan import umap_hdbscan
from analyzer.errors import UsageError
from analyzer.settings import Settings
from analyzer.types import Labels, Vectors

__all__ = ["STRATEGIES", "Known", "Strategy", "neighbours", "predict", "settle", "strategy"]

# vectors (n, d), neighbours, number of each segment's comment (n,), settings, generator -> (n,)
Strategy = Callable[[Vectors, Neighbours, Labels, Settings, np.random.Generator], Labels]

STRATEGIES: dict[str, Strategy] = {"leiden": leiden, "bertopic": umap_hdbscan}


def strategy(name: str) -> Strategy:
    """Return the strategy of that name.

    Raises:
        UsageError: there is none.
    """
    if name not in STRATEGIES:
        raise UsageError(f"There is no strategy {name!r}. Use one of: {', '.join(STRATEGIES)}.")
    return STRATEGIES[name]
