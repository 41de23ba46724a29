"""Our pairs on one collection of two sides, judged by gold."""

from __future__ import annotations

import collections
import csv
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from analyzer.types import SIDES, Analysis, Comment, Side
from benchmarks.quality import data, metrics, ours, themes, vectors
from benchmarks.quality.metrics import Gold, ShownPair, Speaks


def gold_of_labels(pair_set: data.PairSet) -> Gold:
    """Read a gold table: left_label, right_label, relation and, in some, kind."""
    assert pair_set.gold
    with pair_set.gold.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))

    def named(relation: str) -> list[tuple[tuple[str, str], str]]:
        return [
            ((r["left_label"], r["right_label"]), r.get("kind") or "")
            for r in rows
            if r["relation"] == relation
        ]

    return Gold(dict(named("match")), frozenset(names for names, _ in named("neutral")))


def gold_of_concepts(spec: Mapping[str, Any]) -> Gold:
    """Read the pairs and the ``never`` of a concept file."""
    match = {(p["employee"], p["customer"]): p["kind"] for p in spec["pair"]}
    never = frozenset((n["employee"], c) for n in spec["never"] for c in n["customer"])
    return Gold(match, never=never)


def leading_labels(
    analysis: Analysis, side: Side, comments: list[Comment], labels: Mapping[str, str]
) -> Speaks:
    """Return {theme id: {the label of most of its segments}}, as score_pairs.py counts."""
    source = {comment.id: comment.source_id for comment in comments}
    found = analysis.sides[side]
    counts: dict[int, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for segment, theme in zip(found.segments, found.theme.tolist(), strict=True):
        label = labels.get(source[segment.comment_id])
        if theme >= 0 and label is not None:
            counts[theme][label] += 1
    return {found.themes[t].id: {own.most_common(1)[0][0]} for t, own in counts.items()}


def spoken_concepts(analysis: Analysis, side: Side, spec: Mapping[str, Any]) -> Speaks:
    """Return {theme id: concepts that it speaks of}, as score_pairs.py counts.

    A share of at least ``min_share`` of the theme's segments match, and ``min_lift`` times the
    side's own rate or .6.
    """
    patterns = {name: re.compile(text, re.IGNORECASE) for name, text in spec[side].items()}
    total: collections.Counter[str] = collections.Counter()
    hits: dict[int, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    size: collections.Counter[int] = collections.Counter()
    found = analysis.sides[side]
    for segment, theme in zip(found.segments, found.theme.tolist(), strict=True):
        if theme < 0:
            continue
        size[theme] += 1
        said = [name for name, pattern in patterns.items() if pattern.search(segment.text)]
        total.update(said)
        hits[theme].update(said)
    usual = {name: count / size.total() for name, count in total.items()}
    return {
        found.themes[theme].id: {
            name
            for name, count in own.items()
            if count / size[theme] >= spec["min_share"]
            and count / size[theme] >= min(spec["min_lift"] * usual[name], 0.6)
        }
        for theme, own in hits.items()
    }


def speaks(
    pair_set: data.PairSet, place: vectors.Place, analysis: Analysis, comments: list[Comment]
) -> tuple[Gold, Speaks, Speaks] | None:
    """Return the gold, and what each side's themes stand for; None without gold."""
    if pair_set.concepts:
        spec = tomllib.loads(pair_set.concepts.read_text(encoding="utf-8"))
        left, right = (spoken_concepts(analysis, side, spec) for side in SIDES)
        return gold_of_concepts(spec), left, right
    if pair_set.gold:
        left, right = (
            leading_labels(analysis, side, comments, place.labels(side)) for side in SIDES
        )
        return gold_of_labels(pair_set), left, right
    return None


def measure(pair_set: data.PairSet, place: vectors.Place) -> dict[str, Any]:
    """Return every figure of our pairs on one collection; called in a process of its own."""
    comments = place.comments()
    with vectors.cached(place.cache, place.model()) as embedder:
        ours.warm(comments, embedder)
        run = ours.run(comments, embedder)
    count = {side: len(run.analysis.sides[side].themes) for side in SIDES}
    shown = [
        ShownPair(p.employee_theme_id, p.customer_theme_id, p.kind, p.probability)
        for p in run.analysis.pairs
        if p.status != "rejected"
    ]
    row: dict[str, Any] = {
        "seconds": run.seconds,
        "megabytes": themes.peak_megabytes(),
        "themes": count,
        "pairs": len(shown),
        "pairs_per_theme": len(shown) / max(min(count.values()), 1),
        "by_kind": dict(collections.Counter(pair.kind for pair in shown)),
    }
    said = speaks(pair_set, place, run.analysis, comments)
    if said is None:
        return row
    gold, left, right = said
    return row | _judged(shown, run, (left, right), gold, labelled=bool(pair_set.gold))


def _judged(
    shown: list[ShownPair],
    run: ours.Run,
    speaks: tuple[Speaks, Speaks],
    gold: Gold,
    *,
    labelled: bool,
) -> dict[str, Any]:
    left, right = speaks
    row: dict[str, Any] = {"plain": metrics.pair_scores(shown, left, right, gold)}
    if any(gold.match.values()):
        row["kinds"] = metrics.pair_scores(shown, left, right, gold, kinds=True)
    if labelled:
        row["should_be_alone"], row["alone"] = metrics.left_alone(shown, left, right, gold)
    weighed = ours.candidates(run)

    def judged(pairs: list[ShownPair]) -> list[tuple[float, bool]]:
        verdicts = ((p, metrics.verdict(p, left, right, gold, kinds=False)) for p in pairs)
        return [(p.probability, verdict) for p, verdict in verdicts if verdict is not None]

    row["shown_outcomes"] = judged(shown)
    row["weighed_outcomes"] = None if weighed is None else judged([ShownPair(*c) for c in weighed])
    names = {t.id: t.label for side in SIDES for t in run.analysis.sides[side].themes}
    row["shown"] = [
        (names[p.employee], names[p.customer], p.kind, round(p.probability, 3),
         metrics.verdict(p, left, right, gold, kinds=False))
        for p in shown
    ]  # fmt: skip
    return row
