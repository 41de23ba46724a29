"""Employee themes x customer themes -> pairs, each with the signs that spoke for and against it.

Two ways lead to a pair. Same topic: the two themes are close in a space where each side's own mean
is taken away, and closer to each other than to anything else. Expected: the experience map has an
edge between a node of one and a node of the other. The log-odds of a pair are the sum of its signs.
The weights of similarity and margins are a logistic regression on public intent data (HWU64 against
CLINC150, human labels); those of the map are set by hand until there is gold for them (docs).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzer.discover.assign import centroids, unit
from analyzer.experience import Edge, ExperienceMap
from analyzer.types import Labels, PairKind, Sign, Vectors

Matrix = NDArray[np.float64]

INTERCEPT = -6.0
SIMILARITY = 9.0
MARGIN = 1.0
# A theme leads with a node when this share of its segments votes for it.
LEAD_SHARE = 1 / 3
# ... and when that is so many times the node's share among all segments of the side.
LIFT = 3.0
# ... or when most of its segments do: on a side of few themes every share is a large one.
MAJORITY = 0.5
MAP_SHARE = 5.0
MAP_STRENGTH = {"weak": -0.4, "moderate": 0.0, "strong": 0.4}
MAP_AGAINST = -1.5
# Far more partners than a reader can use say that a theme is about everything.
MAX_PARTNERS = 4


@dataclass(frozen=True)
class Found:
    """One side as the alignment sees it: vectors (n, d), themes (n,), node shares (k, n_nodes)."""

    vectors: Vectors
    theme: Labels
    shares: Matrix


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair before it has evidence; indices are into the sides' themes."""

    employee: int
    customer: int
    kind: PairKind
    probability: float
    similarity: float
    signs: tuple[Sign, ...]
    edge: Edge | None


def side_centred(vectors: Vectors) -> Vectors:
    """Return the vectors without the mean of their side, at length 1."""
    return unit(vectors - vectors.mean(axis=0)) if len(vectors) else vectors


def align(
    employee: Found, customer: Found, experience: ExperienceMap, min_probability: float
) -> list[Candidate]:
    """Return the pairs that are at least ``min_probability`` likely, the likeliest first."""
    if not (len(employee.theme) and len(customer.theme)):
        return []
    similarity = _similarity(employee, customer)
    margin = _margin(similarity)
    edges = _edges(employee, customer, experience)
    both_lead = _leads(employee)[:, None] & _leads(customer)[None, :]
    found = []
    for e, c in np.ndindex(similarity.shape[0], similarity.shape[1]):
        near, expected = float(similarity[e, c]), edges.get((e, c))
        signs = _same_topic(near, float(margin[e, c]), bool(both_lead[e, c]), expected)
        candidates = [_candidate(e, c, "same-topic", near, signs, None)]
        if expected:
            edge, share = expected
            candidates.append(_candidate(e, c, edge.kind, near, _expected(edge, share), edge))
        best = max(candidates, key=lambda candidate: candidate.probability)
        if best.probability >= min_probability:
            found.append(best)
    return _without_excess(found)


def _similarity(employee: Found, customer: Found) -> Matrix:
    """Return the cosines of side-centred theme centroids (n_employee, n_customer)."""
    ends = [
        centroids(side_centred(side.vectors), side.theme, len(side.shares))
        for side in (employee, customer)
    ]
    return (ends[0] @ ends[1].T).astype(np.float64)


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


def _leads(side: Found) -> NDArray[np.bool_]:
    leads: NDArray[np.bool_] = side.shares.max(axis=1, initial=0.0) >= LEAD_SHARE
    return leads


def _telling(side: Found) -> Matrix:
    """Return the shares that tell a theme apart: LIFT times what the whole side gives the node."""
    sizes = np.bincount(side.theme, minlength=len(side.shares))[:, None]
    usual = (side.shares * sizes).sum(axis=0) / max(len(side.theme), 1)
    return np.where(side.shares >= np.minimum(LIFT * usual, MAJORITY), side.shares, 0.0)


def _edges(
    employee: Found, customer: Found, experience: ExperienceMap
) -> dict[tuple[int, int], tuple[Edge, float]]:
    """Return, for pairs of themes, the edge whose two nodes hold the largest common share."""
    at = {side: {key: i for i, key in enumerate(nodes)} for side, nodes in experience.nodes.items()}
    shares = {"employee": _telling(employee), "customer": _telling(customer)}
    best: dict[tuple[int, int], tuple[Edge, float]] = {}
    for edge in experience.edges:
        left = shares["employee"][:, at["employee"][edge.employee]]
        right = shares["customer"][:, at["customer"][edge.customer]]
        common = np.minimum(left[:, None], right[None, :])
        for e, c in zip(*np.nonzero(common > 0), strict=True):
            key = (int(e), int(c))
            if key not in best or common[e, c] > best[key][1]:
                best[key] = (edge, float(common[e, c]))
    return best


def _same_topic(
    similarity: float, margin: float, both_lead: bool, expected: tuple[Edge, float] | None
) -> tuple[Sign, ...]:
    signs = [
        Sign("start", 1.0, INTERCEPT, "any two themes, before anything is known of them"),
        Sign("similarity", similarity, SIMILARITY * similarity, "closeness of meaning"),
        Sign("margin", margin, MARGIN * margin, "closer to each other than to other themes"),
    ]
    if both_lead and not (expected and expected[1] >= LEAD_SHARE):
        signs.append(
            Sign("map", 0.0, MAP_AGAINST, "both are known to the map, which joins them not")
        )
    return tuple(signs)


def _expected(edge: Edge, share: float) -> tuple[Sign, ...]:
    return (
        Sign(
            "map",
            share,
            MAP_SHARE * (share - LEAD_SHARE),
            "share of each theme's segments that speak of the two ends of an edge of the map",
        ),
        Sign("strength", 1.0, MAP_STRENGTH[edge.strength], f"{edge.strength} support in research"),
    )


def _candidate(
    e: int, c: int, kind: PairKind, similarity: float, signs: tuple[Sign, ...], edge: Edge | None
) -> Candidate:
    odds = sum(sign.weight for sign in signs)
    probability = 1 / (1 + math.exp(-odds))
    return Candidate(e, c, kind, probability, similarity, signs, edge)


def _without_excess(found: list[Candidate]) -> list[Candidate]:
    """Return the likeliest first, at most MAX_PARTNERS for any theme."""
    kept = []
    partners: dict[tuple[str, int], int] = {}
    for pair in sorted(found, key=lambda p: (-p.probability, p.employee, p.customer)):
        ends = (("e", pair.employee), ("c", pair.customer))
        if all(partners.get(end, 0) < MAX_PARTNERS for end in ends):
            kept.append(pair)
            for end in ends:
                partners[end] = partners.get(end, 0) + 1
    return kept
