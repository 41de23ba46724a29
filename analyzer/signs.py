"""What speaks for and against a pair: one matrix a sign, employee themes x customer themes.

Signs are measured alone and independently; ``align`` weighs them. Vectors are side-centred: each
side's own mean is taken away, so that "employees talk like this" is no likeness.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzer.discover.assign import centroids, unit
from analyzer.discover.graph import nearest
from analyzer.experience import ExperienceMap
from analyzer.types import SIDES, Labels, Vectors

Matrix = NDArray[np.float64]

# A segment's neighbours on the other side.
NEIGHBOURS = 10
# A word's senses are compared from so many uses on either side.
MIN_USES = 3
# A theme stands for a node of the map from this affinity (a centred cosine) on.
LEADS = 0.3


@dataclass(frozen=True)
class Found:
    """One side as the alignment sees it.

    ``own`` (n, d) are the segments' vectors, ``theme`` (n,) their themes, ``polarity`` (n,) how
    they judge, ``words`` their content words; ``affinity`` (n_themes, n_nodes) says how far a theme
    stands for a node of the map.
    """

    own: Vectors
    theme: Labels
    polarity: NDArray[np.float64]
    words: Sequence[frozenset[str]]
    affinity: Matrix

    @property
    def count(self) -> int:
        """The number of themes."""
        return len(self.affinity)


@dataclass(frozen=True)
class Measured:
    """Every sign by name, each (n_employee, n_customer), and the best edge of the map by index."""

    signs: dict[str, Matrix]
    edge: Labels


def side_centred(vectors: Vectors) -> Vectors:
    """Return the vectors without the mean of their side, at length 1."""
    return unit(vectors - vectors.mean(axis=0)) if len(vectors) else vectors


def measure(employee: Found, customer: Found, experience: ExperienceMap) -> Measured:
    """Return all signs of all pairs of themes of two sides that have themes."""
    vectors = [side_centred(side.own) for side in (employee, customer)]
    ends = [
        centroids(own, side.theme, side.count)
        for own, side in zip(vectors, (employee, customer), strict=True)
    ]
    similarity: Matrix = (ends[0] @ ends[1].T).astype(np.float64)
    affinity, edge = _expected(employee, customer, experience)
    terms, senses = _words(employee, customer, vectors)
    known = np.minimum(
        employee.affinity.max(axis=1, initial=0.0)[:, None],
        customer.affinity.max(axis=1, initial=0.0),
    )
    flow = _flow(employee, customer, vectors)
    return Measured(
        {
            "similarity": similarity,
            "margin": _margin(similarity),
            "beyond": _beyond(similarity, ends),
            "neighbours": np.sqrt(np.maximum(*flow)),
            "mutual": np.sqrt(np.sqrt(flow[0] * flow[1])),
            "terms": terms,
            "senses": senses,
            "polarity": np.abs(_mean(employee)[:, None] - _mean(customer)),
            "node": affinity,
            "unjoined": np.where(known > LEADS, np.maximum(known - affinity, 0.0), 0.0),
        },
        edge,
    )


def _margin(similarity: Matrix) -> Matrix:
    """Return how far each cosine is above the best other one of its row, plus of its column."""
    total = np.zeros_like(similarity)
    for axis in (0, 1):
        if similarity.shape[axis] < 2:
            continue
        ordered = np.sort(similarity, axis=axis)
        best = np.take(ordered, [-1], axis=axis)
        second = np.take(ordered, [-2], axis=axis)
        total += similarity - np.where(similarity == best, second, best)
    return total


def _beyond(similarity: Matrix, ends: Sequence[Vectors]) -> Matrix:
    """Return how far each cosine is above that of either theme with its nearest of its own side.

    The larger of the two: a theme whose own side has nothing like it is near to the other's.
    """
    nearest_own = []
    for centres in ends:
        cosine = (centres @ centres.T).astype(np.float64)
        np.fill_diagonal(cosine, -1.0)
        # Of few themes, centred ones point away from each other: that is no distance.
        nearest_own.append(np.maximum(cosine.max(axis=1, initial=-1.0), 0.0))
    beyond: Matrix = similarity - np.minimum(nearest_own[0][:, None], nearest_own[1])
    return beyond


def _flow(employee: Found, customer: Found, vectors: Sequence[Vectors]) -> tuple[Matrix, Matrix]:
    """Return how much of each theme's neighbourhood on the other side is in the other theme, 0..1.

    A neighbour counts by its cosine, squared: there always is a nearest one, near or not.
    """
    shares = []
    for here, there, own, other in (
        (employee, customer, vectors[0], vectors[1]),
        (customer, employee, vectors[1], vectors[0]),
    ):
        index, cosine = nearest(own, other, NEIGHBOURS)
        near = np.zeros((here.count, there.count))
        rows = np.repeat(here.theme, index.shape[1])
        np.add.at(near, (rows, there.theme[index].ravel()), np.clip(cosine, 0.0, 1.0).ravel() ** 2)
        sizes = np.bincount(here.theme, minlength=here.count) * max(index.shape[1], 1)
        shares.append(near / np.maximum(sizes, 1)[:, None])
    return shares[0], shares[1].T


def _words(employee: Found, customer: Found, vectors: Sequence[Vectors]) -> tuple[Matrix, Matrix]:
    """Return the weight of shared words used in one sense, and of those used in different ones.

    A word's two senses are the mean vectors of the segments that use it on either side; their
    cosine says how far they agree ("long hours" and "hours on hold" do not).
    """
    uses = [
        Counter(word for words in side.words for word in words) for side in (employee, customer)
    ]
    shared = sorted(w for w in uses[0] if min(uses[0][w], uses[1][w]) >= MIN_USES)
    at = {word: number for number, word in enumerate(shared)}
    weights, senses = [], []
    for side, own in zip((employee, customer), vectors, strict=True):
        counts = np.zeros((side.count, len(shared)))
        sums = np.zeros((len(shared), own.shape[1]))
        for words, theme, vector in zip(side.words, side.theme, own, strict=True):
            for number in (at[word] for word in words & at.keys()):
                counts[theme, number] += 1
                sums[number] += vector
        senses.append(unit(sums.astype(np.float32)))
        counts[counts < 2] = 0
        spread = np.maximum((counts > 0).sum(axis=0), 1)
        rows = counts * np.log(1 + side.count / spread)
        weights.append(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))
    agree = np.maximum((senses[0] * senses[1]).sum(axis=1), 0.0).astype(np.float64)
    same = (weights[0] * agree) @ weights[1].T
    return same, weights[0] @ weights[1].T - same


def _mean(side: Found) -> NDArray[np.float64]:
    sums = np.bincount(side.theme, weights=side.polarity, minlength=side.count)
    mean: NDArray[np.float64] = sums / np.maximum(np.bincount(side.theme, minlength=side.count), 1)
    return mean


def _expected(employee: Found, customer: Found, experience: ExperienceMap) -> tuple[Matrix, Labels]:
    """Return, over the map's edges, the largest common affinity, and that edge (-1: none)."""
    at = {side: {key: i for i, key in enumerate(experience.nodes[side])} for side in SIDES}
    shape = (employee.count, customer.count)
    affinity = np.zeros(shape)
    edge = np.full(shape, -1, dtype=np.int64)
    for number, row in enumerate(experience.edges):
        left, right = at["employee"][row.employee], at["customer"][row.customer]
        common = np.minimum(employee.affinity[:, left][:, None], customer.affinity[:, right])
        edge = np.where(common > affinity, number, edge)
        affinity = np.maximum(affinity, common)
    return affinity, edge
