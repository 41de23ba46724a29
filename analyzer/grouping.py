"""A side's segments -> themes, and the model that gives any segment the theme it would have.

Three things happen here: segments that judge without a subject are set apart, near-copies are left
out, and what remains is grouped by a strategy. Every segment then gets its theme from the model,
the fitted ones too: prediction equals fitting because there is only one way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzer.discover import Known, Strategy, predict, settle
from analyzer.discover.alike import firsts, leaders
from analyzer.discover.graph import Neighbours, degree, graph_of, neighbours
from analyzer.discover.levels import broad
from analyzer.discover.space import Space, centred, with_context
from analyzer.general import general
from analyzer.reading import Read
from analyzer.settings import Settings
from analyzer.types import Labels, Nature, Vectors

Figures = NDArray[np.float64]


@dataclass(frozen=True)
class Placed:
    """A side's segments as vectors (n, d) and judgements (n,), -1..1.

    ``raw`` are the segments' vectors as the embedder gives them, ``own`` those without their
    language's mean, ``mixed`` those with the context of their comment.
    """

    raw: Vectors
    own: Vectors
    mixed: Vectors
    polarity: Figures


@dataclass(frozen=True)
class SideModel:
    """What gives a segment of one side its theme.

    ``known`` has themes of its own numbering, ``rank`` (n_known_themes,) says which theme of the
    side each is. ``general`` are the themes of judgement without a subject, where there are enough
    such segments; ``vague`` are words that name nothing in particular on this side. ``kept``
    (n_known,) are the places of the known segments among those that were fitted.
    """

    space: Space
    known: Known
    rank: Labels
    general: Mapping[Nature, int]
    vague: frozenset[str]
    kept: Labels

    def themes_of(self, read: Read, placed: Placed) -> tuple[Labels, Figures]:
        """Return the theme (n,) and the confidence (n,), 0..1, of each segment."""
        count = len(read.segments)
        theme, confidence = np.zeros(count, dtype=np.int64), np.zeros(count)
        if count and len(self.known.centroids):
            found, confidence = predict(self.known, self.space.profiled(placed.mixed))
            theme = self.rank[found]
        for nature, members in self.judging(read, placed.polarity).items():
            theme[members] = self.general[nature]
            confidence[members] = np.abs(placed.polarity[members]) / 2
        return theme, confidence

    def judging(self, read: Read, polarity: Figures) -> dict[Nature, Labels]:
        """Return the segments that belong to a theme of judgement without a subject."""
        found = _general(read, polarity, self.vague)
        return {nature: found[nature] for nature in found if nature in self.general}


@dataclass(frozen=True)
class Grouped:
    """A side after discovery: the theme (n,) and confidence (n,) of each segment.

    ``broad`` (n_themes,) is the broad theme of each theme. ``vectors`` (n, d + nodes) are those in
    which the themes were found.
    """

    model: SideModel
    vectors: Vectors
    theme: Labels
    confidence: Figures
    broad: Labels


def place(
    read: Read,
    own: Vectors,
    whole: Vectors,
    polarity: Figures,
    means: Mapping[str, Vectors],
    context: float,
) -> Placed:
    """Return a side's segments placed; ``own`` and ``whole`` (n, d) are as the embedder gives them.

    ``whole`` is the vector of each segment's comment.
    """
    around = centred(own, read.languages, means)
    wider = centred(whole, read.languages, means)
    return Placed(own, around, with_context(around, wider, read.comment, context), polarity)


def group(
    read: Read,
    placed: Placed,
    space: Space,
    vague: frozenset[str],
    find: Strategy,
    settings: Settings,
    rng: np.random.Generator,
) -> Grouped:
    """Return a side's themes, numbered by falling number of segments."""
    vectors = space.profiled(placed.mixed)
    apart = {
        nature: members
        for nature, members in _general(read, placed.polarity, vague).items()
        if len(members) >= settings.min_theme_segments
    }
    subject = np.ones(len(vectors), dtype=np.bool_)
    for members in apart.values():
        subject[members] = False
    known, near, kept = _known(read, vectors, np.flatnonzero(subject), find, settings, rng)
    count = len(known.centroids)
    # First numbered as they come, then by size.
    natures: dict[Nature, int] = {nature: count + i for i, nature in enumerate(apart)}
    model = SideModel(space, known, np.arange(count), natures, vague, kept)
    theme, confidence = model.themes_of(read, placed)
    sizes = np.bincount(theme, minlength=count + len(natures))
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    graph = graph_of(near, read.comment[kept], degree(len(kept), settings.neighbours))
    coarse = broad(graph, known.theme, rng)
    # All judgement without a subject is one broad theme, the last.
    wide = np.full(len(sizes), coarse.max(initial=-1) + 1, dtype=np.int64)
    wide[rank[:count]] = coarse
    ranked = {nature: int(rank[number]) for nature, number in natures.items()}
    model = SideModel(space, known, rank[:count], ranked, vague, kept)
    return Grouped(model, vectors, rank[theme], confidence, wide)


def _known(
    read: Read,
    vectors: Vectors,
    subject: Labels,
    find: Strategy,
    settings: Settings,
    rng: np.random.Generator,
) -> tuple[Known, Neighbours, Labels]:
    """Return what is known of the segments with a subject, near-copies left out."""
    texts = read.texts
    kept = subject[firsts([texts[i] for i in subject])] if len(subject) else subject
    kept, near = without_copies(vectors, kept, settings.neighbours)
    chosen = vectors[kept]
    if not len(kept):
        nothing = np.zeros(0, dtype=np.int64)
        return Known(chosen, nothing, chosen), near, kept
    groups = find(chosen, near, read.comment[kept], settings, rng)
    known, _ = settle(chosen, near, groups, settings.min_theme_segments)
    return known, near, kept


def without_copies(vectors: Vectors, kept: Labels, usual: int) -> tuple[Labels, Neighbours]:
    """Return those of ``kept`` that are no near-copy of an earlier one, and their neighbours.

    A family may have more members than neighbours are known: so until there are none.
    """
    while True:
        near = neighbours(vectors[kept], degree(len(kept), usual))
        leading = leaders(near)
        if len(leading) == len(kept):
            return kept, near
        kept = kept[leading]


def _general(read: Read, polarity: Figures, vague: frozenset[str]) -> dict[Nature, Labels]:
    """Return the segments that judge without a subject, by how they judge."""
    apart = general(read.texts, read.languages, vague)
    praise = apart & (polarity >= 0)
    return {
        "general-praise": np.flatnonzero(praise),
        "general-complaint": np.flatnonzero(apart & ~praise),
    }
