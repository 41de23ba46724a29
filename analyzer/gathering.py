"""Segments that fit no theme gather; many coherent ones are a theme that nobody knew yet.

They are grouped by the run's own strategy. A group is a theme if enough comments are in it, if it
holds together as well as the looser of the standing themes do, and if it is as far from these as
they are from each other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analyzer.discover import Known, Strategy, predict
from analyzer.discover.alike import firsts
from analyzer.discover.assign import centroids
from analyzer.grouping import without_copies
from analyzer.settings import Settings
from analyzer.types import Labels, Vectors

# A new theme holds together better than this share of the standing ones ...
LOOSEST = 0.25
# ... and is no nearer to its nearest than this share of the standing ones are to theirs.
NEAREST = 0.9
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
    find: Strategy,
    settings: Settings,
    rng: np.random.Generator,
) -> list[Labels]:
    """Return the segments (indices) of each new theme, the largest first; often there is none.

    ``vectors`` (n, d), ``texts`` and ``comment`` (n,), a number for each comment, are those of the
    strays. Copies of one text count once.
    """
    enough = settings.new_theme_comments
    if len(np.unique(comment)) < enough:
        return []
    kept, near = without_copies(vectors, firsts(texts), settings.neighbours)
    if len(kept) < enough:
        return []
    found = find(vectors[kept], near, comment[kept], settings, rng)
    middles = []
    for number in range(int(found.max()) + 1):
        core = _core(vectors, kept[found == number], floor)
        if len(np.unique(comment[core])) >= enough and _is_theme(vectors[core], known):
            middles.append((_middle(vectors[core]), _usual(vectors[core])))
    return _joining(vectors, middles, known)


def _middle(vectors: Vectors) -> Vectors:
    middle: Vectors = centroids(vectors, np.zeros(len(vectors), dtype=np.int64), 1)[0]
    return middle


def _usual(vectors: Vectors) -> float:
    return float((vectors @ _middle(vectors)).min())


def _core(vectors: Vectors, members: Labels, floor: NDArray[np.float64]) -> Labels:
    """Return the members that are as near to their middle as a theme's segments usually are."""
    if not len(members):
        return members
    cosine = vectors[members] @ _middle(vectors[members])
    return members[cosine >= np.median(floor)]


def _is_theme(vectors: Vectors, known: Known) -> bool:
    """Return whether a group holds together, and apart, as the standing themes do."""
    middle = _middle(vectors)
    own = (known.vectors * known.centroids[known.theme]).sum(axis=1)
    held = np.bincount(known.theme, minlength=len(known.centroids))
    together = np.bincount(known.theme, weights=own, minlength=len(held)) / np.maximum(held, 1)
    if float((vectors @ middle).mean()) < np.quantile(together[held > 0], LOOSEST):
        return False
    if len(known.centroids) < 2:
        return True
    between = known.centroids @ known.centroids.T
    np.fill_diagonal(between, -1.0)
    nearest = float((known.centroids @ middle).max())
    return nearest <= float(np.quantile(between.max(axis=1), NEAREST))


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
