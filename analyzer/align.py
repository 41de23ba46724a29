"""Employee themes x customer themes -> pairs, each with the signs that spoke for and against it.

Two ways lead to a pair. Same topic: the two themes mean the same. Expected: the experience map has
an edge between what the one and what the other stands for. The log-odds of each way are a sum of
signs times weights, a logistic regression on pairs that people judged (`benchmarks/fit_pairs.py`
prints it); the likelier way is kept. No weight may have the wrong direction: likeness never speaks
against a pair.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analyzer.experience import Edge, ExperienceMap
from analyzer.signs import Found, Matrix, Measured, measure
from analyzer.types import PairKind, Sign

# name of the sign -> weight; "start" is what any two themes begin with. What they were fitted on
# and what they achieve stands in benchmarks/results/pairs.md.
SAME_TOPIC: Mapping[str, float] = {
    "start": -3.12, "lead": 12.6, "mutual": 6.24, "senses": -13.66,
}  # fmt: skip
EXPECTED: Mapping[str, float] = {
    "start": -2.31, "share": 3.11, "company": 1.41, "polarity": -2.56,
}  # fmt: skip
# Far more partners than a reader can use say that a theme is about everything.
MAX_PARTNERS = 4

NOTES: Mapping[str, str] = {
    "start": "any two themes, before anything is known of them",
    "lead": "closer to each other than to the next nearest themes of the other side",
    "mutual": "segments of both themes are each other's neighbours",
    "company": "more of a theme's neighbours on the other side are in the other than by chance",
    "senses": "words that both use, but in different senses",
    "polarity": "one judges better than the other",
    "share": "how much of the themes stands for the two ends of an edge of the experience map",
}


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


def align(
    employee: Found, customer: Found, experience: ExperienceMap, min_probability: float
) -> list[Candidate]:
    """Return the pairs that are at least ``min_probability`` likely, the likeliest first.

    A theme has at most MAX_PARTNERS.
    """
    return without_excess(candidates(employee, customer, experience, min_probability))


def candidates(
    employee: Found, customer: Found, experience: ExperienceMap, min_probability: float = 0.0
) -> list[Candidate]:
    """Return every pair of themes that is at least ``min_probability`` likely."""
    if not (employee.count and customer.count):
        return []
    return weighed(measure(employee, customer, experience), experience, min_probability)


def weighed(
    measured: Measured,
    experience: ExperienceMap,
    min_probability: float,
    same_topic: Mapping[str, float] = SAME_TOPIC,
    expected: Mapping[str, float] = EXPECTED,
) -> list[Candidate]:
    """Return every pair that these weights make at least ``min_probability`` likely."""
    odds = {"same": log_odds(measured, same_topic), "expected": log_odds(measured, expected)}
    odds["expected"][measured.edge < 0] = -np.inf
    likely = 1 / (1 + np.exp(-np.maximum(odds["same"], odds["expected"])))
    found = []
    for e, c in zip(*np.nonzero(likely >= min_probability), strict=True):
        same = bool(odds["same"][e, c] >= odds["expected"][e, c])
        edge = None if same else experience.edges[measured.edge[e, c]]
        found.append(
            Candidate(
                int(e),
                int(c),
                edge.kind if edge else "same-topic",
                float(likely[e, c]),
                float(measured.signs["similarity"][e, c]),
                _signs(measured, same_topic if same else expected, int(e), int(c)),
                edge,
            )
        )
    return found


def log_odds(measured: Measured, weights: Mapping[str, float]) -> Matrix:
    """Return the log-odds (n_employee, n_customer) by these weights."""
    total = np.full(measured.edge.shape, weights["start"])
    for name, weight in weights.items():
        if name != "start":
            total += weight * measured.signs[name]
    return total


def _signs(measured: Measured, weights: Mapping[str, float], e: int, c: int) -> tuple[Sign, ...]:
    """Return what each sign measured, added, and moved the probability by."""
    values = {
        name: 1.0 if name == "start" else float(measured.signs[name][e, c]) for name in weights
    }
    total = sum(weights[name] * value for name, value in values.items())
    return tuple(
        Sign(
            name=name,
            value=value,
            weight=weights[name] * value,
            moved=_logistic(total) - _logistic(total - weights[name] * value),
            note=NOTES[name],
        )
        for name, value in values.items()
        if name == "start" or weights[name] * value
    )


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def without_excess(found: list[Candidate]) -> list[Candidate]:
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
