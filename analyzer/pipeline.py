"""read -> embed -> judge -> group -> describe -> align -> explain, as one pure function.

No clock, no path, no global: the same comments, embedder, background, settings and seed give the
same analysis to the last bit, in whatever order the comments come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzer import experience, sentiment
from analyzer.describe import describe, widespread_names
from analyzer.discover import Strategy, strategy
from analyzer.discover.space import language_means, learn
from analyzer.grouping import Grouped, Placed, SideModel, group, place
from analyzer.identity import Standing
from analyzer.names import common_names
from analyzer.pairing import pairs
from analyzer.reading import Read, read
from analyzer.settings import Settings
from analyzer.steadiness import steady
from analyzer.types import (
    SIDES,
    Analysis,
    Comment,
    Embedder,
    Labels,
    Progress,
    Side,
    SideAnalysis,
    Vectors,
    no_progress,
)


@dataclass(frozen=True)
class Background:
    """What is known before any comment is read: the experience map, and phrases that judge."""

    chart: experience.ExperienceMap
    examples: sentiment.Examples


@dataclass(frozen=True)
class Model:
    """What gives new comments the themes of a run.

    ``usual`` is each side's language for comments whose own is not known.
    """

    probe: sentiment.Probe
    means: Mapping[str, Vectors]
    sides: Mapping[Side, SideModel]
    usual: Mapping[Side, str]
    context: float


def analyze(
    comments: Sequence[Comment],
    embedder: Embedder,
    background: Background,
    settings: Settings,
    rng: np.random.Generator,
    *,
    strategy_name: str = "leiden",
    progress: Progress = no_progress,
) -> Analysis:
    """Return the themes of each side and the pairs between them.

    A side without comments has no themes, and then there are no pairs.

    Raises:
        UsageError: there is no strategy of that name.
    """
    return fit(
        comments,
        embedder,
        background,
        settings,
        rng,
        strategy_name=strategy_name,
        progress=progress,
    )[0]


def fit(
    comments: Sequence[Comment],
    embedder: Embedder,
    background: Background,
    settings: Settings,
    rng: np.random.Generator,
    *,
    strategy_name: str = "leiden",
    standing: Mapping[Side, Standing] | None = None,
    progress: Progress = no_progress,
) -> tuple[Analysis, Model]:
    """Return what :func:`analyze` does, and the model that :func:`predict` takes.

    ``standing`` are the sides as they were before: what people know stays where it may.
    """
    find = strategy(strategy_name)
    reads = {side: read(comments, side, progress) for side in SIDES}
    vectors = _embed(reads, embedder, progress)
    probe = sentiment.learn(background.examples, embedder)
    means = _means(reads, vectors, embedder)
    placed, grouped, stands = {}, {}, {}
    for number, side in enumerate(SIDES):
        progress("discover", number, len(SIDES))
        placed[side] = _placed(reads[side], vectors[side], probe, means, settings.context)
        nodes = experience.node_vectors(background.chart.nodes[side], embedder, means)
        grouped[side] = _grouped(reads[side], placed[side], nodes, embedder, find, settings, rng)
        if standing:
            grouped[side] = steady(reads[side], grouped[side], standing[side])
        stands[side] = _stands(placed[side], grouped[side], nodes, embedder)
    progress("discover", len(SIDES), len(SIDES))
    sides = _described(
        reads, placed, grouped, stands, background.chart, embedder, means, settings, progress
    )
    progress("align", 0, 1)
    found = pairs(sides, placed, grouped, stands, background.chart, settings)
    progress("align", 1, 1)
    models = {side: grouped[side].model for side in SIDES}
    usual = {side: reads[side].usual for side in SIDES}
    model = Model(probe, means, models, usual, settings.context)
    counts = {side: len(sides[side].themes) for side in SIDES}
    return Analysis(sides, found, means, notes_on(counts, len(found))), model


def predict(
    model: Model, comments: Sequence[Comment], side: Side, embedder: Embedder
) -> tuple[Read, Labels, NDArray[np.float64]]:
    """Return the segments of comments, the theme (n,) of each, and the confidence (n,), 0..1.

    Themes are numbered as in the analysis. A comment gets the themes that it has in the analysis if
    it was there, alone or among others (boilerplate, though, is told only among others).
    """
    found, placed = place_new(model, comments, side, embedder)
    return found, *model.sides[side].themes_of(found, placed)


def place_new(
    model: Model,
    comments: Sequence[Comment],
    side: Side,
    embedder: Embedder,
    *,
    beside: Sequence[Comment] = (),
    progress: Progress = no_progress,
) -> tuple[Read, Placed]:
    """Return the segments of new comments, placed where the model's themes are.

    ``beside`` are comments that were there before: what is boilerplate, or sent twice, is told
    beside them.
    """
    found = read(comments, side, progress, model.usual[side], beside)
    vectors = _embed({side: found}, embedder, progress)[side]
    return found, _placed(found, vectors, model.probe, model.means, model.context)


def _embed(
    reads: Mapping[Side, Read], embedder: Embedder, progress: Progress
) -> dict[Side, tuple[Vectors, Vectors]]:
    """Return, for each side, the vectors of the segments (n, d) and of their whole comments."""
    texts = list(
        dict.fromkeys(text for found in reads.values() for text in (*found.texts, *found.whole))
    )
    done = 0

    def more(count: int) -> None:
        nonlocal done
        done += count
        progress("embed", done, len(texts))

    vectors = embedder.embed(texts, more)
    at = {text: number for number, text in enumerate(texts)}
    result = {}
    for side, found in reads.items():
        whole = np.array([at[text] for text in found.whole], dtype=np.int64)
        own = np.array([at[text] for text in found.texts], dtype=np.int64)
        result[side] = (vectors[own], vectors[whole[found.comment]])
    return result


def _means(
    reads: Mapping[Side, Read],
    vectors: Mapping[Side, tuple[Vectors, Vectors]],
    embedder: Embedder,
) -> dict[str, Vectors]:
    """Return the mean of each language over both sides, if this embedder's are taken away."""
    if embedder.centre != "language":
        return {}
    together = np.concatenate([vectors[side][0] for side in SIDES])
    return language_means(together, [code for side in SIDES for code in reads[side].languages])


def _grouped(
    found: Read,
    placed: Placed,
    nodes: Vectors,
    embedder: Embedder,
    find: Strategy,
    settings: Settings,
    rng: np.random.Generator,
) -> Grouped:
    space = learn(placed.mixed, nodes, embedder.similar, settings.map_weight)
    return group(found, placed, space, common_names(found.segments), find, settings, rng)


def _stands(
    placed: Placed, grouped: Grouped, nodes: Vectors, embedder: Embedder
) -> experience.Stands:
    count = len(grouped.broad)
    return experience.stands(placed.mixed, grouped.theme, count, nodes, embedder.similar)


def _described(
    reads: Mapping[Side, Read],
    placed: Mapping[Side, Placed],
    grouped: Mapping[Side, Grouped],
    stands: Mapping[Side, experience.Stands],
    chart: experience.ExperienceMap,
    embedder: Embedder,
    means: Mapping[str, Vectors],
    settings: Settings,
    progress: Progress,
) -> dict[Side, SideAnalysis]:
    sides = {}
    # The company's name is no label on either side, though one side may write it in few themes.
    names = frozenset[str]().union(
        *(widespread_names(reads[s], grouped[s].theme, len(grouped[s].broad)) for s in SIDES)
    )
    for number, side in enumerate(SIDES):
        progress("label", number, len(SIDES))
        sides[side] = describe(
            side,
            reads[side],
            placed[side],
            grouped[side],
            stands[side].votes,
            tuple(chart.nodes[side]),
            names,
            embedder,
            means,
            settings,
        )
    progress("label", len(SIDES), len(SIDES))
    return sides


def _placed(
    found: Read,
    vectors: tuple[Vectors, Vectors],
    probe: sentiment.Probe,
    means: Mapping[str, Vectors],
    context: float,
) -> Placed:
    own, whole = vectors
    polarity = sentiment.polarity(found.texts, found.languages, own, probe)
    return place(found, own, whole, polarity, means, context)


def notes_on(themes: Mapping[Side, int], pairs: int) -> tuple[str, ...]:
    """Return what a reader of a result of so many themes and pairs should know about it."""
    notes = [
        f"There are no {side} comments to analyse, so there are no pairs."
        for side in SIDES
        if not themes[side]
    ]
    if all(themes.values()) and not pairs:
        notes.append("No theme of one side belongs to a theme of the other with enough certainty.")
    return tuple(notes)
