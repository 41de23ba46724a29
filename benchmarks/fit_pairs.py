"""Fit the weights of analyzer/align.py on judged pairs, and print them.

usage: scripts/bench fit_pairs [--cache DIR]

Development gold: HWU64 against CLINC150 and xSID (same topic), the fixtures (both ways), and real
retail feedback judged by concepts (expected). The first way is fitted on intent data, where only
likeness counts; the second on feedback, with intent data as what the map must leave alone. Each set
counts by the root of its matches; several seeds give several groupings of the same comments. A
logistic regression with a small penalty; a weight may not have the wrong direction.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from analyzer.align import EXPECTED, SAME_TOPIC
from analyzer.signs import measure
from benchmarks.quality import data, metrics, ours, pairs, vectors
from benchmarks.quality.metrics import ShownPair

SEEDS = (0, 1)
AGAINST = frozenset({"senses", "polarity", "unjoined"})
PENALTY = 2e-4
TRAIN = {
    "SAME_TOPIC": (SAME_TOPIC, ("hwu64+clinc150", "xsid")),
    "EXPECTED": (EXPECTED, ("fixtures", "walmart", "hwu64+clinc150")),
}


@dataclass(frozen=True)
class Judged:
    """The pairs of a collection that gold judges: each sign (n,), and whether it is right (n,)."""

    signs: dict[str, np.ndarray]
    right: np.ndarray


def judged(name: str, cache: Path) -> Judged:
    """Analyse a collection once a seed, and judge every pair of themes with a subject."""
    pair_set = next(row for row in data.PAIR_SETS if row.collection == name)
    place = vectors.Place(cache, name, None)
    if not place.stem.with_suffix(".json").is_file():
        vectors.prepare(place, whole=False)
    comments = place.comments()
    columns: dict[str, list[float]] = {}
    right: list[bool] = []
    with vectors.cached(cache, place.model()) as embedder:
        for seed in SEEDS:
            run = ours.run(comments, embedder, seed)
            said = pairs.speaks(pair_set, place, run.analysis, comments)
            assert said is not None
            gold, left, other = said
            (employee, customer, chart, *_), _ = run.inside.align[-1]
            signs = measure(employee, customer, chart).signs
            sides = [run.analysis.sides[side].themes for side in ("employee", "customer")]
            for e, c in np.ndindex(len(sides[0]), len(sides[1])):
                if {sides[0][e].nature, sides[1][c].nature} != {"subject"}:
                    continue
                pair = ShownPair(sides[0][e].id, sides[1][c].id, "", 0.0)
                verdict = metrics.verdict(pair, left, other, gold, kinds=False)
                if verdict is not None:
                    right.append(verdict)
                    for key, matrix in signs.items():
                        columns.setdefault(key, []).append(float(matrix[e, c]))
    return Judged({key: np.array(column) for key, column in columns.items()}, np.array(right))


def fit(names: Sequence[str], rows: Sequence[Judged]) -> dict[str, float]:
    """Return the weight of each sign, and of the start."""
    signs = [name for name in names if name != "start"]
    x = np.concatenate([np.stack([row.signs[name] for name in signs], axis=1) for row in rows])
    y = np.concatenate([row.right for row in rows]).astype(float)
    weight = np.concatenate(
        [np.full(len(row.right), 1 / max(row.right.sum(), 1) ** 0.5) for row in rows]
    )
    weight /= weight.sum()
    spread = x.std(axis=0) + 1e-9

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        odds = x / spread @ theta[1:] + theta[0]
        error = 1 / (1 + np.exp(-odds)) - y
        slope = np.concatenate([[weight @ error], (x / spread).T @ (weight * error)])
        slope[1:] += 2 * PENALTY * theta[1:]
        value = weight @ (np.logaddexp(0, odds) - y * odds) + PENALTY * (theta[1:] ** 2).sum()
        return float(value), slope

    bounds = [(None, None)] + [(None, 0) if n in AGAINST else (0, None) for n in signs]
    best = minimize(loss, np.zeros(len(signs) + 1), jac=True, bounds=bounds, method="L-BFGS-B")
    found = {"start": best.x[0], **dict(zip(signs, best.x[1:] / spread, strict=True))}
    return {name: round(float(value), 2) for name, value in found.items()}


def main() -> None:
    """Analyse the sets, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, help="keep imports and vectors in this folder")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        cache = args.cache or Path(scratch)
        cache.mkdir(parents=True, exist_ok=True)
        wanted = sorted({name for _, names in TRAIN.values() for name in names})
        rows = {name: judged(name, cache) for name in wanted}
    for constant, (signs, names) in TRAIN.items():
        print(constant, fit(list(signs), [rows[name] for name in names]))


if __name__ == "__main__":
    main()
