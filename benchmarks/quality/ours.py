"""Our own run as runs.py makes it, and the only place here that looks inside the analyzer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analyzer import align, pipeline, runs
from analyzer.settings import Settings
from analyzer.types import Analysis, Comment, Embedder, Side, Vectors

WARM = 120


@dataclass
class Timed:
    """An embedder that knows how long it took, so that a run's seconds can be told without it."""

    inner: Embedder
    seconds: float = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Embed, and add the time."""
        began = time.perf_counter()
        try:
            return self.inner.embed(texts, progress)
        finally:
            self.seconds += time.perf_counter() - began


@dataclass
class Inside:
    """What a run handed from stage to stage: the arguments of ``align``."""

    align: list[tuple[Any, ...]] = field(default_factory=list)


@dataclass(frozen=True)
class Run:
    """One analysis: ``seconds`` are without embedding."""

    analysis: Analysis
    model: pipeline.Model
    seconds: float
    inside: Inside


def run(comments: Sequence[Comment], embedder: Embedder, seed: int = 0) -> Run:
    """Analyse with the default settings, as ``bothsides analyze --seed N`` does."""
    background, timed = runs.load_background(Settings()), Timed(embedder)
    with _watched() as inside:
        began = time.perf_counter()
        analysis, model = pipeline.fit(
            comments, timed, background, Settings(), np.random.default_rng(seed)
        )
        seconds = time.perf_counter() - began - timed.seconds
    return Run(analysis, model, seconds, inside)


def warm(comments: Sequence[Comment], embedder: Embedder) -> None:
    """Let libraries be loaded before the clock starts, by a run over a few comments."""
    run(comments[:: max(len(comments) // WARM, 1)], embedder)


@contextmanager
def _watched() -> Iterator[Inside]:
    """Keep what ``align.align`` is given."""
    inside, pairs = Inside(), align.align

    def aligned(*args: Any, **rest: Any) -> Any:
        inside.align.append((args, rest))
        return pairs(*args, **rest)

    align.align = aligned
    try:
        yield inside
    finally:
        align.align = pairs


def predicted_as_fitted(
    found: Run, side: Side, comments: Sequence[Comment], embedder: Embedder
) -> float:
    """Return the share of a side's segments to which prediction gives the theme they have."""
    read, theme, _ = pipeline.predict(found.model, comments, side, embedder)
    fitted = found.analysis.sides[side]
    had = {
        (segment.comment_id, segment.index): number
        for segment, number in zip(fitted.segments, fitted.theme.tolist(), strict=True)
    }
    same = [
        had[segment.comment_id, segment.index] == number
        for segment, number in zip(read.segments, theme.tolist(), strict=True)
    ]
    return sum(same) / max(len(same), 1)


def candidates(found: Run) -> list[tuple[str, str, str, float]] | None:
    """Return every pair that was weighed, shown or not: two theme ids, kind and probability.

    None: a side has no themes.
    """
    if not found.inside.align:
        return None
    args, _ = found.inside.align[-1]
    weighed = align.candidates(*args[:3])
    sides = [found.analysis.sides[side].themes for side in ("employee", "customer")]
    return [
        (sides[0][c.employee].id, sides[1][c.customer].id, c.kind, c.probability) for c in weighed
    ]


def comment_themes(analysis: Analysis, side: Side, comments: Sequence[Comment]) -> dict[str, str]:
    """Return {source id: theme id} by the most confident segment, as score_themes.py counts."""
    source = {comment.id: comment.source_id for comment in comments}
    found = analysis.sides[side]
    best: dict[str, tuple[float, str]] = {}
    for segment, theme, confidence in zip(
        found.segments, found.theme.tolist(), found.confidence.tolist(), strict=True
    ):
        key = source[segment.comment_id]
        if theme >= 0 and confidence >= best.get(key, (-1.0, ""))[0]:
            best[key] = (confidence, found.themes[theme].id)
    return {key: theme for key, (_, theme) in best.items()}
