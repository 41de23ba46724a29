"""BERTopic's classic chain: UMAP to five dimensions, then HDBSCAN (Grootendorst 2022)."""

from __future__ import annotations

import warnings

import numpy as np

from analyzer.discover.graph import Neighbours
from analyzer.settings import Settings
from analyzer.types import Labels, Vectors

MIN_SEGMENTS = 30


def umap_hdbscan(
    vectors: Vectors,
    near: Neighbours,
    comment: Labels,
    settings: Settings,
    rng: np.random.Generator,
) -> Labels:
    """Return a group for each segment, (n,), -1 for those that HDBSCAN calls noise.

    The numbers are BERTopic's defaults: 15 neighbours, 5 dimensions, clusters of 10 and more. Fewer
    than MIN_SEGMENTS segments are one group: UMAP's spectral start needs more points.
    """
    if len(vectors) < MIN_SEGMENTS:
        return np.zeros(len(vectors), dtype=np.int64)
    from hdbscan import HDBSCAN
    from umap import UMAP

    with warnings.catch_warnings():
        # umap warns that a fixed seed means one thread: that is what we ask for.
        warnings.simplefilter("ignore")
        reduced = UMAP(
            n_neighbors=15,
            n_components=5,
            min_dist=0.0,
            metric="cosine",
            random_state=int(rng.integers(2**31)),
            n_jobs=1,
        ).fit_transform(vectors)
        groups = HDBSCAN(min_cluster_size=10, metric="euclidean").fit_predict(reduced)
    return np.asarray(groups, dtype=np.int64)
