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
# The next nearest themes that a theme's likeness is compared with.
RIVALS = 3
# A word's senses are compared from so many uses on either side, and told apart by half from VAGUE
# uses on: a mean of few segments is vague.
MIN_USES, VAGUE = 3, 5
# A theme can stand for a node of the map from this affinity (a centred cosine) on, and from this
# share of its segments. Questions to a machine, of which the map knows nothing, stay below.
KNOWN, SOME = 0.35, 0.15
# What chance would bring counts as this much more, so that a few neighbours are no wonder.
CHANCE = 0.2


@dataclass(frozen=True)
class Found:
    """One side as the alignment sees it.

    ``own`` (n, d) are the segments' vectors, ``theme`` (n,) their themes, ``polarity`` (n,) how
    they judge, ``words`` their content words; ``affinity`` and ``share`` (n_themes, n_nodes) say
    how far a theme stands for a node of the map (see ``experience.Stands``).
    """

    own: Vectors
    theme: Labels
    polarity: NDArray[np.float64]
    words: Sequence[frozenset[str]]
    affinity: Matrix
    share: Matrix

    @property
    def count(self) -> int:
        """The number of themes."""
        return len(self.affinity)


@dataclass(frozen=True)
class Measured:
    """Every sign by name, each (n_employee, n_customer), and the best edge of the map by index.

    ``edge`` (n_employee, n_customer) is -1 where no edge joins the two.
    """

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
    share, edge = _expected(employee, customer, experience)
    near = _neighbourhoods(employee, customer, vectors)
    return Measured(
        {
            "similarity": similarity,
            "lead": (_lead(similarity) + _lead(similarity.T).T) / 2,
            "mutual": np.sqrt(np.sqrt(near[0] * near[1].T)),
            "company": (_above_chance(near[0], customer) + _above_chance(near[1], employee).T) / 2,
            "senses": _two_senses(employee, customer, vectors),
            "polarity": np.abs(_mean(employee)[:, None] - _mean(customer)),
            "share": share,
        },
        edge,
    )


def _lead(similarity: Matrix) -> Matrix:
    """Return how far each cosine is above the mean of the RIVALS best others of its row.

    Of few themes, centred ones point away from each other: that is no lead. A lead over fewer
    rivals counts for less.
    """
    count = min(RIVALS, similarity.shape[1] - 1)
    if not count:
        return np.zeros_like(similarity)
    best = -np.sort(-similarity, axis=1)[:, : count + 1]
    without_it = best.sum(axis=1, keepdims=True) - similarity
    others = np.where(
        similarity >= best[:, [-1]], without_it, best[:, :-1].sum(axis=1, keepdims=True)
    )
    lead: Matrix = (similarity - np.maximum(others / count, 0.0)) * (count / RIVALS)
    return lead


def _neighbourhoods(employee: Found, customer: Found, vectors: Sequence[Vectors]) -> list[Matrix]:
    """Return how much of a theme's neighbourhood on the other side is in each theme there, 0..1.

    One matrix for each side, its own themes x the other's. A neighbour counts by its cosine,
    squared: there always is a nearest one, near or not.
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
    return shares


def _above_chance(near: Matrix, there: Found) -> Matrix:
    """Return how many times as much of a neighbourhood as chance would bring, as a logarithm.

    Chance brings neighbours from a theme by its size: 0 is as many as that.
    """
    by_size = np.maximum(np.bincount(there.theme, minlength=there.count), 1) / len(there.theme)
    times = near / np.maximum(near.sum(axis=1, keepdims=True), 1e-9) / by_size
    logarithm: Matrix = np.log((times + CHANCE) / (1 + CHANCE))
    return logarithm


def _two_senses(employee: Found, customer: Found, vectors: Sequence[Vectors]) -> Matrix:
    """Return the weight of words that both use, but in different senses.

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
    few = np.array([min(uses[0][word], uses[1][word]) for word in shared], dtype=np.float64)
    apart: Matrix = (weights[0] * (1 - agree) * few / (few + VAGUE)) @ weights[1].T
    return apart


def _mean(side: Found) -> NDArray[np.float64]:
    sums = np.bincount(side.theme, weights=side.polarity, minlength=side.count)
    mean: NDArray[np.float64] = sums / np.maximum(np.bincount(side.theme, minlength=side.count), 1)
    return mean


def _expected(employee: Found, customer: Found, experience: ExperienceMap) -> tuple[Matrix, Labels]:
    """Return, over the map's edges, how far the two themes stand for its ends, and that edge.

    That is the largest geometric mean of the shares of their segments that are nearest to the two
    ends. -1: no edge has ends for which both can stand (KNOWN, SOME).
    """
    at = {side: {key: i for i, key in enumerate(experience.nodes[side])} for side in SIDES}
    stand = [
        np.where((side.affinity >= KNOWN) & (side.share >= SOME), side.share, 0.0)
        for side in (employee, customer)
    ]
    shape = (employee.count, customer.count)
    share, edge = np.zeros(shape), np.full(shape, -1, dtype=np.int64)
    for number, row in enumerate(experience.edges):
        left, right = at["employee"][row.employee], at["customer"][row.customer]
        common = np.sqrt(stand[0][:, [left]] * stand[1][:, right])
        edge = np.where(common > share, number, edge)
        share = np.maximum(share, common)
    return share, edge
