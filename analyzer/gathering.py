"""Segments that fit no theme gather; many coherent ones are a theme that nobody knew yet.

A crowd of them is a theme if enough comments are in it, if it holds together as well as the looser
of the standing themes do, and if it is as far from these as they are from each other. The standing
themes are the measure of all three, so nothing has to be chosen for a model.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analyzer.discover import Known, predict
from analyzer.discover.alike import firsts
from analyzer.discover.assign import centroids
from analyzer.grouping import without_copies
from analyzer.settings import Settings
from analyzer.types import Labels, Vectors

# A new theme holds together better than this share of the standing ones ...
LOOSEST = 0.25
# ... and is no nearer to its nearest than this share of the standing ones are to theirs.
NEAREST = 0.9
# How often a crowd is looked for around the middle of the last.
ROUNDS = 3
# A crowd is looked at if so many of those that a theme needs are near its densest point.
SEED_SHARE = 1 / 3
# Only the latest strays are looked at: old ones that found no company in so many are single.
MOST_STRAYS = 6000


def strays(known: Known, floor: NDArray[np.float64], vectors: Vectors) -> NDArray[np.bool_]:
    """Return (n,) which segments are further from their theme than is usual for it.

    ``floor`` (n_themes,) is the cosine with each theme's centroid below which few of its own are.
    """
    if not len(known.centroids):
        return np.zeros(len(vectors), dtype=np.bool_)
    theme, _ = predict(known, vectors)
    cosine = (vectors * known.centroids[theme]).sum(axis=1)
    return np.asarray(cosine < floor[theme], dtype=np.bool_)


def groups(
    vectors: Vectors,
    texts: Sequence[str],
    comment: Labels,
    known: Known,
    floor: NDArray[np.float64],
    settings: Settings,
) -> list[Labels]:
    """Return the segments (indices) of each new theme, the largest first; often there is none.

    ``vectors`` (n, d), ``texts`` and ``comment`` (n,), a number for each comment, are those of the
    strays. Copies of one text count once. Where strays are densest, there a theme is looked for.
    """
    enough = settings.new_theme_comments
    if len(np.unique(comment)) < enough:
        return []
    kept, _ = without_copies(vectors, firsts(texts), settings.neighbours)
    own = vectors[kept]
    # Segments that lie at cosine c from a theme's middle lie at about c * c from each other.
    near = own @ own.T >= np.quantile(_together(known), LOOSEST) ** 2
    free = np.ones(len(kept), dtype=np.bool_)
    middles = []
    while free.any():
        crowd = (near & free).sum(axis=1) * free
        seed = int(crowd.argmax())
        if crowd[seed] < enough * SEED_SHARE:
            break
        core = _around(own, near[seed] & free, free, float(np.quantile(floor, LOOSEST)))
        if len(np.unique(comment[kept[core]])) >= enough and _is_theme(own[core], known):
            middles.append((_middle(own[core]), _usual(own[core])))
        free[core] = False
        free[near[seed]] = False
    return _joining(vectors, middles, known)


def _middle(vectors: Vectors) -> Vectors:
    middle: Vectors = centroids(vectors, np.zeros(len(vectors), dtype=np.int64), 1)[0]
    return middle


def _usual(vectors: Vectors) -> float:
    return float((vectors @ _middle(vectors)).min())


def _around(
    vectors: Vectors, core: NDArray[np.bool_], free: NDArray[np.bool_], usual: float
) -> NDArray[np.bool_]:
    """Return (n,) the free ones as near to the middle of ``core`` as is usual in a theme."""
    for _ in range(ROUNDS):
        core = free & (vectors @ _middle(vectors[core]) >= usual)
        if not core.any():
            break
    return core


def _together(known: Known) -> NDArray[np.float64]:
    """Return the mean cosine of each standing theme's segments with its centroid."""
    own = (known.vectors * known.centroids[known.theme]).sum(axis=1)
    held = np.bincount(known.theme, minlength=len(known.centroids))
    sums = np.bincount(known.theme, weights=own, minlength=len(held))
    mean: NDArray[np.float64] = sums[held > 0] / held[held > 0]
    return mean


def _is_theme(vectors: Vectors, known: Known) -> bool:
    """Return whether a crowd holds together, and apart, as the standing themes do."""
    middle, loosest = _middle(vectors), float(np.quantile(_together(known), LOOSEST))
    if float((vectors @ middle).mean()) < loosest:
        return False
    between = known.centroids @ known.centroids.T
    np.fill_diagonal(between, -1.0)
    usual = float(np.quantile(between.max(axis=1), NEAREST))
    # Few themes may lie at the ends of the world: further apart than two segments of one theme are
    # from each other is far enough.
    return float((known.centroids @ middle).max()) <= max(usual, loosest**2)


def _joining(
    vectors: Vectors, middles: Sequence[tuple[Vectors, float]], known: Known
) -> list[Labels]:
    """Return who belongs to each new theme: those nearer to it than to any other, and near enough.

    Copies that were left out come in here.
    """
    if not middles:
        return []
    near = vectors @ np.array([middle for middle, _ in middles]).T
    best = near.argmax(axis=1)
    cosine = near[np.arange(len(vectors)), best]
    usual = np.array([floor for _, floor in middles])
    joins = (cosine >= usual[best] - 1e-6) & (cosine > (vectors @ known.centroids.T).max(axis=1))
    result = [np.flatnonzero(joins & (best == number)) for number in range(len(middles))]
    return sorted((rows for rows in result if len(rows)), key=lambda rows: (-len(rows), rows[0]))
