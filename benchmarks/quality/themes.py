"""One method on one set of labelled texts: agreement with people, with itself, terms, cost."""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analyzer.types import Comment, Embedder, Labels, Side
from benchmarks.quality import data, methods, metrics, ours, terms, vectors

OTHER_SEED = 1
PART = 0.8
LABEL_TERMS = 3


@dataclass(frozen=True)
class Described:
    """Texts with their themes (n,), -1 if left out, and each theme's label."""

    texts: Sequence[str]
    theme: Labels
    labels: Sequence[str]


@dataclass(frozen=True)
class Outcome:
    """One fit. ``themes`` is {source id: theme}; the rest is asked for when it is needed."""

    themes: Mapping[str, str]
    seconds: float
    again: Callable[[], float | None]
    described: Callable[[Sequence[Sequence[str]]], Described]


# comments, seed -> outcome
Partition = Callable[[Sequence[Comment], int], Outcome]


def peak_megabytes() -> float:
    """Return the most memory that this process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def our_partition(side: Side, embedder: Embedder) -> Partition:
    """Return our default as a function; it gets the comments of both sides if there are two."""

    def partition(comments: Sequence[Comment], seed: int) -> Outcome:
        run = ours.run(comments, embedder, seed)
        found = run.analysis.sides[side]

        def described(names: Sequence[Sequence[str]]) -> Described:
            texts = [segment.text for segment in found.segments]
            return Described(texts, found.theme, [theme.label for theme in found.themes])

        return Outcome(
            ours.comment_themes(run.analysis, side, comments),
            run.seconds,
            lambda: ours.predicted_as_fitted(run, side, comments, embedder),
            described,
        )

    return partition


def other_partition(method: str, embedder: Embedder, true_labels: int) -> Partition:
    """Return another method as a function of comments; the clock leaves embedding out."""

    def partition(comments: Sequence[Comment], seed: int) -> Outcome:
        texts = [comment.text for comment in comments]
        rows = embedder.embed(texts)
        began = time.perf_counter()
        fitted = methods.METHODS[method](texts, rows, seed, true_labels)
        seconds = time.perf_counter() - began
        held = zip(comments, fitted.cluster.tolist(), strict=True)
        themes = {comment.source_id: str(number) for comment, number in held if number >= 0}

        def again() -> float | None:
            if fitted.predict is None:
                return None
            return float((fitted.predict() == fitted.cluster).mean())

        def described(names: Sequence[Sequence[str]]) -> Described:
            labels = [", ".join(own[:LABEL_TERMS]) for own in names]
            return Described(texts, numbered(comments, themes), labels)

        return Outcome(themes, seconds, again, described)

    return partition


def numbered(comments: Sequence[Comment], themes: Mapping[str, str]) -> Labels:
    """Return each comment's theme as a number from 0 by the names' order, -1 for none."""
    number = {name: i for i, name in enumerate(sorted(set(themes.values())))}
    found = [themes.get(comment.source_id) for comment in comments]
    return np.array([-1 if name is None else number[name] for name in found], dtype=np.int64)


def measure(
    method: str, theme_set: data.ThemeSet, place: vectors.Place, *, stability: bool
) -> dict[str, object]:
    """Return every figure of one method on one set; called in a process of its own."""
    everything = place.comments()
    own = [comment for comment in everything if comment.side == theme_set.side]
    labels = place.labels(theme_set.side)
    with vectors.cached(place.cache, place.model()) as embedder:
        if method == methods.OURS:
            used, partition = everything, our_partition(theme_set.side, embedder)
            ours.warm(used, embedder)
        else:
            used = own
            partition = other_partition(method, embedder, len(set(labels.values())))
            texts = [comment.text for comment in own]
            methods.warm(method, texts, embedder.embed(texts))
        base = partition(used, 0)
        row: dict[str, object] = {"seconds": base.seconds, "megabytes": peak_megabytes()}
        ids = sorted(labels)
        truth = [labels[i] for i in ids]
        found = [base.themes.get(i, metrics.LEFT_OUT) for i in ids]
        row |= metrics.agreement(truth, found)
        if theme_set.nameless & set(truth):
            row["named"] = metrics.agreement(truth, found, nameless=theme_set.nameless)
        row |= _terms(base, own, embedder)
        row["again"] = base.again()
        if stability:
            row |= _stability(partition, base, used, theme_set.side)
    return row


def _terms(base: Outcome, own: Sequence[Comment], embedder: Embedder) -> dict[str, float]:
    """Return NPMI and diversity of the common term maker, and the labels that find their theme."""
    documents = terms.words([comment.text for comment in own])
    names = terms.key_terms(documents, numbered(own, base.themes))
    described = base.described(names)
    own_labels, texts = embedder.embed(described.labels), embedder.embed(described.texts)
    finds, finds_centred = (
        metrics.own_theme_share(own_labels, texts, described.theme, centred=centred)
        for centred in (False, True)
    )
    return {
        "npmi": metrics.npmi(names, documents),
        "diversity": metrics.diversity(names),
        "label_finds": finds,
        "label_finds_centred": finds_centred,
    }


def _stability(
    partition: Partition, base: Outcome, comments: Sequence[Comment], side: Side
) -> dict[str, float]:
    """Return the ARI with itself under another seed, other order of rows, and on PART of them."""
    draw = random.Random(OTHER_SEED)
    order = draw.sample(comments, len(comments))
    chosen = set(draw.sample(range(len(comments)), round(PART * len(comments))))
    part = [comment for i, comment in enumerate(comments) if i in chosen]

    def ids(rows: Sequence[Comment]) -> list[str]:
        return sorted({comment.source_id for comment in rows if comment.side == side})

    everyone = ids(comments)
    return {
        "seed": metrics.ari_of(base.themes, partition(comments, OTHER_SEED).themes, everyone),
        "order": metrics.ari_of(base.themes, partition(order, 0).themes, everyone),
        "part": metrics.ari_of(base.themes, partition(part, 0).themes, ids(part)),
    }
