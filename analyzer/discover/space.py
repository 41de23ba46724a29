"""The space in which themes are found: what a segment says, beside what its comment says.

Three things make a segment's place. Its own vector, without the mean of its language. Its whole
comment: "Why?" means little alone; the comment weighs less the longer it is, since a long comment
speaks of many things. And its profile over the nodes of the experience map: which of the things
that people at work, or customers, are known to speak of it is nearest to. The profile is a prior:
it counts as much as the map covers the side, and less the more segments there are to learn from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analyzer.discover.assign import unit
from analyzer.types import Labels, Vectors

# The key under which the mean of all languages too rare to have their own is kept.
OTHERS = "*"
MIN_LANGUAGE_SEGMENTS = 20
# The profile weighs like this many segments: beyond, it fades with the square root of their number.
PRIOR_SEGMENTS = 2000
# How sharply a profile prefers its nearest nodes (in standard deviations of each node's cosine).
SHARPNESS = 1.5


@dataclass(frozen=True)
class Space:
    """What places a segment of one side, learned once from all of them.

    ``middle`` (d,) is their mean, ``nodes`` (m, d) the map's nodes around their own mean, ``level``
    and ``spread`` (m,) each node's mean cosine and its deviation, ``prior`` the profile's weight.
    """

    middle: Vectors
    nodes: Vectors
    level: Vectors
    spread: Vectors
    prior: float

    def profiled(self, mixed: Vectors) -> Vectors:
        """Return the vectors in which themes are found (n, d + m), from those with context."""
        if self.prior == 0:
            return mixed
        cosine = unit(mixed - self.middle) @ self.nodes.T
        odds = np.exp(SHARPNESS * (cosine - self.level) / self.spread)
        profile = unit(odds / odds.sum(axis=1, keepdims=True))
        return unit(np.hstack([mixed, np.float32(self.prior) * profile]))


def language_means(vectors: Vectors, languages: Sequence[str]) -> dict[str, Vectors]:
    """Return the mean vector of each language with enough segments, and of all (OTHERS)."""
    if not len(vectors):
        return {}
    codes = np.array(languages)
    means = {OTHERS: vectors.mean(axis=0)}
    for code in sorted(set(languages)):
        if (codes == code).sum() >= MIN_LANGUAGE_SEGMENTS:
            means[code] = vectors[codes == code].mean(axis=0)
    return means


def centred(vectors: Vectors, languages: Sequence[str], means: Mapping[str, Vectors]) -> Vectors:
    """Return the vectors (n, d) without their language's mean, at length 1; no means: unchanged."""
    if not (means and len(vectors)):
        return vectors
    return unit(vectors - np.array([means.get(code, means[OTHERS]) for code in languages]))


def with_context(own: Vectors, whole: Vectors, comment: Labels, weight: float) -> Vectors:
    """Return unit vectors (n, d): each segment's plus its whole comment's.

    ``own`` and ``whole`` (n, d) are the vectors of the segment and of its comment, ``comment`` (n,)
    numbers the comment. ``weight`` is the weight of a comment of two segments; with n of them it is
    weight x 2 / n. A comment of one segment is that segment.
    """
    if not len(own):
        return own
    size = np.bincount(comment)[comment]
    share = np.where(size > 1, weight * 2 / size, 0.0).astype(np.float32)
    return unit(own + share[:, None] * whole)


def learn(mixed: Vectors, nodes: Vectors, similar: float, weight: float) -> Space:
    """Return the space of a side.

    ``mixed`` (n, d) are its segments with context, ``nodes`` (m, d) the side's nodes of the map.
    The profile's weight is ``weight`` x the share of segments whose nearest node is at least
    ``similar`` x sqrt(PRIOR_SEGMENTS / n), at most ``weight``.
    """
    count = len(mixed)
    middle = mixed.mean(axis=0) if count else np.zeros(nodes.shape[1], dtype=np.float32)
    if not (count > 1 and len(nodes)):
        none = np.zeros(len(nodes), dtype=np.float32)
        return Space(middle, nodes, none, none, prior=0.0)
    around = unit(nodes - nodes.mean(axis=0))
    cosine = unit(mixed - middle) @ around.T
    covered = float(((mixed @ nodes.T).max(axis=1) >= similar).mean())
    fading = min(1.0, (PRIOR_SEGMENTS / count) ** 0.5)
    return Space(
        middle=middle,
        nodes=around,
        level=cosine.mean(axis=0),
        spread=np.maximum(cosine.std(axis=0), 1e-6),
        prior=weight * covered * fading,
    )
