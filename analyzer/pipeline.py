"""clean -> segment -> embed -> discover -> label -> align -> explain, as one pure function.

No clock, no path, no global: the same comments, embedder, settings and generator give the same
analysis to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzer import align, clean, experience, explain, label, segment
from analyzer.discover import Known, Strategy, neighbours, settle, strategy
from analyzer.discover.space import centred, language_means, learn, with_context
from analyzer.language import commonest
from analyzer.settings import Settings
from analyzer.types import (
    SIDES,
    Analysis,
    Comment,
    Dropped,
    Embedder,
    Labels,
    Pair,
    Progress,
    Segment,
    Side,
    SideAnalysis,
    Theme,
    Vectors,
    no_progress,
)


@dataclass(frozen=True)
class _Read:
    """A side after segmenting: ``comment`` (n,) numbers each segment's comment."""

    segments: tuple[Segment, ...]
    comment: Labels
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True)
class _Grouped:
    """A side after discovery.

    ``own`` (n, d) are centred vectors, ``mixed`` (n, d) those with their comment's context,
    ``known.vectors`` (n, d + nodes) those in which the themes were found.
    """

    read: _Read
    own: Vectors
    mixed: Vectors
    known: Known
    confidence: NDArray[np.float64]
    shares: NDArray[np.float64]


def analyze(
    comments: Sequence[Comment],
    embedder: Embedder,
    chart: experience.ExperienceMap,
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
    find = strategy(strategy_name)
    read = {side: _read(comments, side, progress) for side in SIDES}
    vectors = _embed(read, embedder, progress)
    languages = {side: [s.language for s in read[side].segments] for side in SIDES}
    means: dict[str, Vectors] = {}
    if embedder.centre == "language":
        together = np.concatenate([vectors[side] for side in SIDES])
        means = language_means(together, [code for side in SIDES for code in languages[side]])
    grouped: dict[Side, _Grouped] = {}
    for number, side in enumerate(SIDES):
        progress("discover", number, len(SIDES))
        own = centred(vectors[side], languages[side], means)
        mixed = with_context(own, read[side].comment, settings.context)
        nodes = experience.node_vectors(chart.nodes[side], embedder, means)
        space = learn(mixed, nodes, embedder.similar, settings.map_weight)
        placed = space.profiled(mixed)
        known, confidence = _discover(placed, read[side].comment, find, settings, rng)
        shares = experience.votes(mixed, known.theme, len(known.centroids), nodes, embedder.similar)
        grouped[side] = _Grouped(read[side], own, mixed, known, confidence, shares)
    progress("discover", len(SIDES), len(SIDES))
    sides = {}
    for number, side in enumerate(SIDES):
        progress("label", number, len(SIDES))
        sides[side] = _described(side, grouped[side], tuple(chart.nodes[side]), settings)
    progress("label", len(SIDES), len(SIDES))
    pairs = _pairs(sides, grouped, chart, settings, progress)
    return Analysis(sides, pairs, means, _notes(sides, pairs))


def _read(comments: Sequence[Comment], side: Side, progress: Progress) -> _Read:
    own = [comment for comment in comments if comment.side == side]
    usual = commonest([comment.language for comment in own])
    bodies, dropped = clean.bodies(own)
    found: list[Segment] = []
    numbers: list[int] = []
    for number, (comment, body) in enumerate(zip(own, bodies, strict=True)):
        if number % 500 == 0:
            progress(f"segment {side}", number, len(own))
        if body is not None:
            parts = segment.segments(comment, body, comment.language or usual)
            found.extend(parts)
            numbers.extend([number] * len(parts))
    progress(f"segment {side}", len(own), len(own))
    return _Read(tuple(found), np.array(numbers, dtype=np.int64), tuple(dropped))


def _embed(
    read: Mapping[Side, _Read], embedder: Embedder, progress: Progress
) -> dict[Side, Vectors]:
    texts = [s.text for side in SIDES for s in read[side].segments]
    done = 0

    def more(count: int) -> None:
        nonlocal done
        done += count
        progress("embed", done, len(texts))

    vectors = embedder.embed(texts, more)
    border = len(read["employee"].segments)
    return {"employee": vectors[:border], "customer": vectors[border:]}


def _discover(
    vectors: Vectors,
    comment: Labels,
    find: Strategy,
    settings: Settings,
    rng: np.random.Generator,
) -> tuple[Known, NDArray[np.float64]]:
    if not len(vectors):
        empty = Known(
            vectors, np.zeros(0, dtype=np.int64), np.zeros((0, vectors.shape[1]), np.float32)
        )
        return empty, np.zeros(0)
    near = neighbours(vectors, settings.neighbours)
    groups = find(vectors, near, comment, settings, rng)
    return settle(vectors, near, groups, settings.min_theme_segments)


def _described(
    side: Side, grouped: _Grouped, node_ids: Sequence[str], settings: Settings
) -> SideAnalysis:
    read, known = grouped.read, grouped.known
    themes: list[Theme] = []
    if len(read.segments):
        model = label.topic_model([s.text for s in read.segments], known.vectors, known.theme)
        terms = label.key_terms(model, read.segments, known.theme)
        names = label.labels(terms)
        for number, centroid in enumerate(known.centroids):
            members = np.flatnonzero(known.theme == number)
            themes.append(
                Theme(
                    id=f"{side[0]}{number + 1}",
                    side=side,
                    label=names[number],
                    terms=tuple(terms[number][: settings.terms]),
                    comments=len(set(read.comment[members].tolist())),
                    segments=len(members),
                    centroid=centroid,
                    exemplars=label.exemplars(
                        read.segments, known.vectors, members, centroid, settings.exemplars
                    ),
                    nodes={
                        key: round(float(share), 4)
                        for key, share in zip(node_ids, grouped.shares[number], strict=True)
                        if share > 0
                    },
                )
            )
    return SideAnalysis(
        side, read.segments, known.theme, grouped.confidence, tuple(themes), read.dropped
    )


def _pairs(
    sides: Mapping[Side, SideAnalysis],
    grouped: Mapping[Side, _Grouped],
    chart: experience.ExperienceMap,
    settings: Settings,
    progress: Progress,
) -> tuple[Pair, ...]:
    progress("align", 0, 1)
    found = {side: align.Found(g.mixed, g.known.theme, g.shares) for side, g in grouped.items()}
    candidates = align.align(found["employee"], found["customer"], chart, settings.min_probability)
    vectors = tuple(align.side_centred(grouped[side].own) for side in SIDES)
    pairs = tuple(_pair(candidate, sides, (vectors[0], vectors[1])) for candidate in candidates)
    progress("align", 1, 1)
    return pairs


def _pair(
    candidate: align.Candidate,
    sides: Mapping[Side, SideAnalysis],
    vectors: tuple[Vectors, Vectors],
) -> Pair:
    employee, customer = sides["employee"], sides["customer"]
    left, right = employee.themes[candidate.employee], customer.themes[candidate.customer]
    return Pair(
        employee_theme_id=left.id,
        customer_theme_id=right.id,
        kind=candidate.kind,
        probability=candidate.probability,
        similarity=candidate.similarity,
        evidence=explain.evidence(
            candidate,
            vectors,
            (employee.theme, customer.theme),
            (employee.segments, customer.segments),
            (left.terms, right.terms),
        ),
    )


def _notes(sides: Mapping[Side, SideAnalysis], pairs: Sequence[Pair]) -> tuple[str, ...]:
    """Return what a reader of the result should know about it."""
    notes = [
        f"There are no {side} comments to analyse, so there are no pairs."
        for side in SIDES
        if not sides[side].themes
    ]
    if all(sides[side].themes for side in SIDES) and not pairs:
        notes.append("No theme of one side belongs to a theme of the other with enough certainty.")
    return tuple(notes)
