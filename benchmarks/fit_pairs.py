"""Fit the weights of analyzer/align.py on judged pairs, and print them with what they achieve.

usage: scripts/bench fit_pairs [--cache DIR] [--measure NAME]

Development gold: HWU64 against CLINC150 and xSID (same topic), the fixtures and real retail
feedback judged by concepts (expected). Airline complaints against banking questions have no pair.
The first way is fitted on intent data, where only likeness counts; the second on feedback, over the
pairs that an edge of the map joins. Each run counts by the root of its matches; several seeds give
several groupings of the same comments. A logistic regression with a small penalty; a weight may not
have the wrong direction. Then each set of a way is held out in turn: the weights of the others, and
what they achieve on it, stand beside the fitted ones.

What was measured of a collection is kept in the cache folder; ``--measure`` does one of them alone.
"""

from __future__ import annotations

import argparse
import pickle
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from analyzer.align import EXPECTED, SAME_TOPIC, weighed, without_excess
from analyzer.experience import ExperienceMap
from analyzer.settings import Settings
from analyzer.signs import Measured, measure
from analyzer.types import SIDES
from benchmarks.quality import data, metrics, ours, pairs, vectors
from benchmarks.quality.metrics import Gold, ShownPair, Speaks

# The large collections are the same themes, but for a few segments, with another seed.
SEEDS = {"fixtures": (0, 1), "xsid": (0, 1)}
AGAINST = frozenset({"senses", "polarity"})
PENALTY = 2e-4
WAYS = {
    "SAME_TOPIC": (SAME_TOPIC, ("hwu64+clinc150", "xsid")),
    "EXPECTED": (EXPECTED, ("fixtures", "walmart")),
}


@dataclass(frozen=True)
class Run:
    """One analysis of a collection: what was measured, the map, the themes' ids, the gold.

    ``subject`` says which themes of either side have a subject. ``said`` is None where no pair is
    right.
    """

    measured: Measured
    chart: ExperienceMap
    ids: list[list[str]]
    subject: list[list[bool]]
    said: tuple[Gold, Speaks, Speaks] | None


@dataclass(frozen=True)
class Judged:
    """The pairs of a collection that gold judges: each sign (n,), and whether it is right (n,)."""

    signs: dict[str, np.ndarray]
    right: np.ndarray


def analysed(name: str, cache: Path) -> list[Run]:
    """Analyse a collection once a seed, or return what was kept."""
    kept = cache / f"pairs-{name}.pickle"
    if kept.is_file():
        found: list[Run] = pickle.loads(kept.read_bytes())
        return found
    pair_set = next(row for row in data.PAIR_SETS if row.collection == name)
    place = vectors.Place(cache, name, None)
    if not place.stem.with_suffix(".json").is_file():
        vectors.prepare(place, whole=False)
    comments, runs = place.comments(), []
    with vectors.cached(cache, place.model()) as embedder:
        for seed in SEEDS.get(name, (0,)):
            run = ours.run(comments, embedder, seed)
            (employee, customer, chart, *_), _ = run.inside.align[-1]
            themes = [run.analysis.sides[side].themes for side in SIDES]
            runs.append(
                Run(
                    measure(employee, customer, chart),
                    chart,
                    [[theme.id for theme in own] for own in themes],
                    [[theme.nature == "subject" for theme in own] for own in themes],
                    pairs.speaks(pair_set, place, run.analysis, comments),
                )
            )
    kept.write_bytes(pickle.dumps(runs))
    return runs


def judged(run: Run, *, joined: bool) -> Judged:
    """Return every judged pair of themes with a subject; ``joined``: only those of an edge."""
    columns: dict[str, list[float]] = {name: [] for name in run.measured.signs}
    right: list[bool] = []
    for e, c in np.ndindex(run.measured.edge.shape):
        if joined and run.measured.edge[e, c] < 0:
            continue
        verdict = _verdict(run, ShownPair(run.ids[0][e], run.ids[1][c], "", 0.0))
        if verdict is not None and run.subject[0][e] and run.subject[1][c]:
            right.append(verdict)
            for name, matrix in run.measured.signs.items():
                columns[name].append(float(matrix[e, c]))
    return Judged({name: np.array(column) for name, column in columns.items()}, np.array(right))


def _verdict(run: Run, pair: ShownPair) -> bool | None:
    if run.said is None:
        return False
    gold, left, other = run.said
    return metrics.verdict(pair, left, other, gold, kinds=False)


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


def achieved(run: Run, ways: Mapping[str, Mapping[str, float]]) -> str:
    """Return what these weights show of one analysis, and how right that is."""
    found = weighed(
        run.measured,
        run.chart,
        float(Settings().min_probability),
        ways["SAME_TOPIC"],
        ways["EXPECTED"],
    )
    shown = [
        ShownPair(run.ids[0][pair.employee], run.ids[1][pair.customer], pair.kind, pair.probability)
        for pair in without_excess(found)
        if run.subject[0][pair.employee] and run.subject[1][pair.customer]
    ]
    if run.said is None:
        return f"{len(shown)} pairs for {len(run.ids[0])} and {len(run.ids[1])} themes"
    gold, left, other = run.said
    row = metrics.pair_scores(shown, left, other, gold)
    kinds = metrics.pair_scores(shown, left, other, gold, kinds=True)["f1"]
    should, alone = metrics.left_alone(shown, left, other, gold)
    outcomes = [(p.probability, v) for p in shown if (v := _verdict(run, p)) is not None]
    gap = metrics.ece([p for p, _ in outcomes], [v for _, v in outcomes], equal_mass=False)
    return (
        f"{len(shown)} pairs, precision {row['precision']:.2f}, recall {row['recall']:.2f}, "
        f"F1 {row['f1']:.3f} (with kinds {kinds:.3f}), never {row['never']}, "
        f"left alone {alone} of {should}, calibration error {gap:.2f}"
    )


def main() -> None:
    """Analyse the sets, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, help="keep imports, vectors and analyses here")
    parser.add_argument("--measure", metavar="NAME", help="analyse one collection, fit nothing")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        cache = args.cache or Path(scratch)
        cache.mkdir(parents=True, exist_ok=True)
        if args.measure:
            analysed(args.measure, cache)
            return
        sets = {row.collection: analysed(row.collection, cache) for row in data.PAIR_SETS}
    _report(sets)


def _report(sets: Mapping[str, Sequence[Run]]) -> None:
    """Print the weights and what they achieve, then the same with each set held out."""
    rows = {
        way: {name: [judged(run, joined=way == "EXPECTED") for run in sets[name]] for name in names}
        for way, (_, names) in WAYS.items()
    }
    fitted = {
        way: fit(list(WAYS[way][0]), [row for own in by_set.values() for row in own])
        for way, by_set in rows.items()
    }
    for way, weights in fitted.items():
        print(way, weights)
    for name, runs in sets.items():
        for run in runs:
            print(f"{name}: {achieved(run, fitted)}")
    for way, by_set in rows.items():
        for name in by_set:
            others = [row for key, own in by_set.items() if key != name for row in own]
            weights = fit(list(WAYS[way][0]), others)
            print(f"{way} without {name} {weights}")
            print(f"{name} held out: {achieved(sets[name][0], fitted | {way: weights})}")


if __name__ == "__main__":
    main()
