"""Segments that the themes know little of gather; many that are new together become a theme.

A single segment does not tell a new subject from an unusual word for an old one: with a subject
held back on purpose, its cosine with the nearest centroid hardly differs from that of others (area
under the curve .5 to .6). Company tells: a segment is new if it is nearer to others that came since
than to anything known (.77 to .93). New segments that are each other's neighbours are a crowd, and
a crowd of enough comments that holds together is a theme. Nine in ten of the segments of such
themes were of the subject held back.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analyzer.discover import Known
from analyzer.discover.alike import firsts
from analyzer.discover.assign import centroids
from analyzer.discover.graph import nearest
from analyzer.grouping import without_copies
from analyzer.settings import Settings
from analyzer.types import Labels, Vectors

# How near a segment is to a set: its mean cosine with so many of the nearest.
NEAREST = 8
# New segments are of one crowd if each is among so many nearest new ones of the other.
MUTUAL = 5
# A segment gathers if this share of the known ones have nearer company among the known.
BETTER_KNOWN = 0.5
# A new theme holds together nearly as well as the loosest of the standing ones.
LOOSEST = 0.95
# How many known segments are asked for what is usual.
ASKED = 2000
# Only the latest are looked at: older ones that found no company in so many are single.
MOST_STRAYS = 6000


def usual(known: Known) -> float:
    """Return the company (a mean cosine) below which a segment gathers."""
    if len(known.vectors) < 2:
        return -1.0
    step = -(-len(known.vectors) // ASKED)
    _, cosine = nearest(known.vectors[::step], known.vectors, NEAREST + 1)
    # The nearest to a known segment is itself.
    return float(np.quantile(cosine[:, 1:].mean(axis=1), BETTER_KNOWN))


def company(known: Known, vectors: Vectors) -> NDArray[np.float64]:
    """Return (n,) how near segments are to what is known."""
    _, cosine = nearest(vectors, known.vectors, NEAREST)
    result: NDArray[np.float64] = cosine.mean(axis=1).astype(np.float64)
    return result


def groups(
    vectors: Vectors, texts: Sequence[str], comment: Labels, known: Known, settings: Settings
) -> list[Labels]:
    """Return the segments (indices) of each new theme, the largest first; often there is none.

    ``vectors`` (n, d), ``texts`` and ``comment`` (n,), a number for each comment, are those of the
    segments that gather. Copies of one text count once, and segments of one comment are no company.
    """
    enough = settings.new_theme_comments
    if len(np.unique(comment)) < enough:
        return []
    kept, _ = without_copies(vectors, firsts(texts), settings.neighbours)
    own, writers = vectors[kept], comment[kept]
    near = own @ own.T
    near[writers[:, None] == writers] = -1.0
    together = np.sort(near, axis=1)[:, -NEAREST:].mean(axis=1)
    new = np.flatnonzero(together > company(known, own))
    middles = [
        _middle(own[members])
        for members in _crowds(near[np.ix_(new, new)], new)
        # What grows by those that join it may begin with half of what it needs.
        if 2 * len(np.unique(writers[members])) >= enough
    ]
    loosest = LOOSEST * float(_together(known).min())
    found = [
        rows
        for rows in _joining(vectors, middles, known)
        if len(np.unique(comment[rows])) >= enough
        and float((vectors[rows] @ _middle(vectors[rows])).mean()) >= loosest
    ]
    return sorted(found, key=lambda rows: (-len(rows), rows[0]))


def _middle(vectors: Vectors) -> Vectors:
    middle: Vectors = centroids(vectors, np.zeros(len(vectors), dtype=np.int64), 1)[0]
    return middle


def _together(known: Known) -> NDArray[np.float64]:
    """Return the mean cosine of each standing theme's segments with its centroid."""
    own = (known.vectors * known.centroids[known.theme]).sum(axis=1)
    held = np.bincount(known.theme, minlength=len(known.centroids))
    sums = np.bincount(known.theme, weights=own, minlength=len(held))
    mean: NDArray[np.float64] = sums[held > 0] / held[held > 0]
    return mean


def _crowds(near: Vectors, new: Labels) -> list[Labels]:
    """Return the connected parts of the graph of mutual neighbours; ``near`` (n, n) cosines."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    if not len(new):
        return []
    closest = np.argsort(-near, axis=1, kind="stable")[:, :MUTUAL]
    edges = np.zeros(near.shape, dtype=np.bool_)
    edges[np.arange(len(new))[:, None], closest] = True
    edges &= edges.T & (near > 0)
    count, part = connected_components(csr_array(edges), directed=False)
    return [new[part == number] for number in range(count)]


def _joining(vectors: Vectors, middles: Sequence[Vectors], known: Known) -> list[Labels]:
    """Return who belongs to each crowd: those nearer to its middle than to any other."""
    if not middles:
        return []
    near = vectors @ np.array(middles).T
    best = near.argmax(axis=1)
    joins = near.max(axis=1) > (vectors @ known.centroids.T).max(axis=1)
    return [np.flatnonzero(joins & (best == number)) for number in range(len(middles))]
