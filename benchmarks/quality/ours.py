"""Our own run as runs.py makes it, and the only place here that looks inside the analyzer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analyzer import align, discover, pipeline, runs
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
    """What a run handed from stage to stage: results of ``settle``, arguments of ``align``."""

    known: list[Any] = field(default_factory=list)
    align: list[tuple[Any, ...]] = field(default_factory=list)


@dataclass(frozen=True)
class Run:
    """One analysis: ``seconds`` are without embedding."""

    analysis: Analysis
    seconds: float
    inside: Inside


def run(comments: Sequence[Comment], embedder: Embedder, seed: int = 0) -> Run:
    """Analyse with the default settings, as ``bothsides analyze --seed N`` does."""
    background, timed = runs.load_background(Settings()), Timed(embedder)
    with _watched() as inside:
        began = time.perf_counter()
        analysis = pipeline.analyze(
            comments, timed, background, Settings(), np.random.default_rng(seed)
        )
        seconds = time.perf_counter() - began - timed.seconds
    return Run(analysis, seconds, inside)


def warm(comments: Sequence[Comment], embedder: Embedder) -> None:
    """Let libraries be loaded before the clock starts, by a run over a few comments."""
    run(comments[:: max(len(comments) // WARM, 1)], embedder)


@contextmanager
def _watched() -> Iterator[Inside]:
    """Keep what ``pipeline.settle`` gives and what ``align.align`` is given, where they exist."""
    inside = Inside()
    settle, pairs = getattr(pipeline, "settle", None), align.align

    def settled(*args: Any, **rest: Any) -> Any:
        result = settle(*args, **rest)
        inside.known.append(result[0] if isinstance(result, tuple) else result)
        return result

    def aligned(*args: Any, **rest: Any) -> Any:
        inside.align.append((args, rest))
        return pairs(*args, **rest)

    if settle:
        pipeline.settle = settled
    align.align = aligned
    try:
        yield inside
    finally:
        if settle:
            pipeline.settle = settle
        align.align = pairs


def predicted_as_fitted(found: Run, side: Side) -> float | None:
    """Return the share of a side's segments to which prediction gives the theme they have.

    None: the pipeline does not let itself be asked.
    """
    fitted = found.analysis.sides[side].theme
    for known in found.inside.known:
        if np.array_equal(getattr(known, "theme", None), fitted):
            theme, _ = discover.predict(known, known.vectors)[:2]
            return float((theme == fitted).mean())
    return None


def candidates(found: Run) -> list[tuple[str, str, str, float]] | None:
    """Return every pair that was weighed, shown or not: two theme ids, kind and probability.

    None: the alignment does not let itself be asked.
    """
    if not found.inside.align:
        return None
    args, rest = found.inside.align[-1]
    try:
        weighed = _weighed(*args, **rest)
    except TypeError:
        return None
    sides = [found.analysis.sides[side].themes for side in ("employee", "customer")]
    return [
        (sides[0][c.employee].id, sides[1][c.customer].id, c.kind, c.probability) for c in weighed
    ]


def _weighed(*args: Any, **rest: Any) -> list[Any]:
    """Call ``align.candidates`` if there is one; else ``align`` with no limit on its pairs."""
    if hasattr(align, "candidates"):
        return list(align.candidates(*args[:3]))
    most = align.MAX_PARTNERS
    align.MAX_PARTNERS = 10**9
    try:
        return list(align.align(*args[:3], 0.0))
    finally:
        align.MAX_PARTNERS = most


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
