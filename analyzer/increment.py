"""New comments meet the standing themes: the part of a run that costs only what is new. Pure.

Each new segment gets its theme by the rule of assignment. What the themes know little of gathers,
and may become a theme of its own, described and paired beside a sample of what was there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analyzer import experience, found, gathering, identity, pairing, pipeline
from analyzer.describe import describe, widespread_names
from analyzer.discover.assign import Known, centroids
from analyzer.found import Found, Ref
from analyzer.grouping import Grouped, Placed
from analyzer.memory import MOST_KNOWN, Memory
from analyzer.reading import Read
from analyzer.settings import Settings
from analyzer.types import (
    SIDES,
    Analysis,
    Comment,
    Embedder,
    Labels,
    Progress,
    Side,
    SideAnalysis,
    Theme,
    Vectors,
    no_progress,
)


@dataclass(frozen=True)
class Arrived:
    """A side's new segments: ``theme`` (n,) indexes ``Memory.ids``, ``stray`` (n,) gather.

    ``vectors`` (n, d + nodes) are those in which themes are found.
    """

    read: Read
    placed: Placed
    vectors: Vectors
    theme: Labels
    confidence: NDArray[np.float64]
    stray: NDArray[np.bool_]


@dataclass(frozen=True)
class Stray:
    """A segment that gathers, with its vector (d + nodes,)."""

    ref: Ref
    text: str
    vector: Vectors


@dataclass(frozen=True)
class NewTheme:
    """Strays that are a theme, under its new id."""

    id: str
    members: tuple[Stray, ...]


@dataclass(frozen=True)
class Sample:
    """Comments of one side that are read again to describe a new theme beside the others.

    ``theme_of`` is the theme of each of their segments; a segment that it does not know is left
    out.
    """

    comments: Sequence[Comment]
    theme_of: Mapping[Ref, str]


def arrive(
    memory: Memory,
    comments: Sequence[Comment],
    side: Side,
    embedder: Embedder,
    *,
    beside: Sequence[Comment] = (),
    progress: Progress = no_progress,
) -> Arrived:
    """Return the segments of new comments of one side with the standing themes."""
    read, placed = pipeline.place_new(
        memory.model, comments, side, embedder, beside=beside, progress=progress
    )
    model = memory.model.sides[side]
    theme, confidence = model.themes_of(read, placed)
    if not len(theme):
        return Arrived(read, placed, placed.mixed, theme, confidence, theme > 0)
    vectors = model.space.profiled(placed.mixed)
    stray = gathering.company(model.known, vectors) < memory.usual[side]
    for members in model.judging(read, placed.polarity).values():
        stray[members] = False
    return Arrived(read, placed, vectors, theme, confidence, stray)


def strays_of(arrived: Arrived) -> list[Stray]:
    """Return the new segments that gather."""
    return [
        Stray((segment.comment_id, segment.index), segment.text, arrived.vectors[at])
        for at, segment in enumerate(arrived.read.segments)
        if arrived.stray[at]
    ]


def gather(
    memory: Memory,
    strays: Sequence[Stray],
    side: Side,
    next_number: int,
    settings: Settings,
) -> list[NewTheme]:
    """Return the new themes among all strays of one side. Their order says nothing."""
    rows = sorted(strays, key=lambda stray: stray.ref)[-gathering.MOST_STRAYS :]
    model = memory.model.sides[side]
    if not (rows and len(model.known.centroids)):
        return []
    names = {key: at for at, key in enumerate(dict.fromkeys(row.ref[0] for row in rows))}
    members = gathering.groups(
        np.array([row.vector for row in rows], dtype=np.float32),
        [row.text for row in rows],
        np.array([names[row.ref[0]] for row in rows], dtype=np.int64),
        model.known,
        settings,
    )
    return [
        NewTheme(f"{side[0]}{next_number + at}", tuple(rows[i] for i in own.tolist()))
        for at, own in enumerate(members)
    ]


def learned(memory: Memory, themes: Mapping[Side, Sequence[NewTheme]]) -> Memory:
    """Return the memory that knows the new themes too."""
    sides, ids = dict(memory.model.sides), dict(memory.ids)
    for side, own in themes.items():
        for theme in own:
            model = sides[side]
            vectors = np.array([stray.vector for stray in theme.members], dtype=np.float32)
            middle = centroids(vectors, np.zeros(len(vectors), dtype=np.int64), 1)
            number, kept = len(model.known.centroids), vectors[:MOST_KNOWN]
            known = Known(
                np.concatenate([model.known.vectors, kept]),
                np.append(model.known.theme, np.full(len(kept), number)),
                np.concatenate([model.known.centroids, middle]),
            )
            sides[side] = replace(
                model, known=known, rank=np.append(model.rank, len(ids[side])),
            )  # fmt: skip
            ids[side] = (*ids[side], theme.id)
    return Memory(replace(memory.model, sides=sides), ids, memory.usual)


def described(
    memory: Memory,
    standing: Found,
    themes: Mapping[Side, Sequence[NewTheme]],
    samples: Mapping[Side, Sample],
    chart: experience.ExperienceMap,
    embedder: Embedder,
    settings: Settings,
) -> Found:
    """Return the standing result with the new themes in it, and with their pairs."""
    parts = {side: _part(memory, samples[side], side, embedder) for side in SIDES}
    nodes = {
        side: experience.node_vectors(chart.nodes[side], embedder, memory.model.means)
        for side in SIDES
    }
    stands = {
        side: experience.stands(
            placed.mixed, grouped.theme, len(grouped.broad), nodes[side], embedder.similar
        )
        for side, (_, placed, grouped, _) in parts.items()
    }
    avoid = frozenset().union(
        *(
            widespread_names(read, grouped.theme, len(grouped.broad))
            for read, _, grouped, _ in parts.values()
        )
    )
    sides = {
        side: _under(ids, describe(
            side, read, placed, grouped, stands[side].votes, tuple(chart.nodes[side]), avoid,
            embedder, memory.model.means, settings,
        ))
        for side, (read, placed, grouped, ids) in parts.items()
    }  # fmt: skip
    pairs = pairing.pairs(
        sides,
        {side: part[1] for side, part in parts.items()},
        {side: part[2] for side, part in parts.items()},
        stands,
        chart,
        settings,
    )
    fresh = {theme.id for own in themes.values() for theme in own}
    sampled = found.of(Analysis(sides, pairs, {}, ()))
    mine = [theme for theme in sampled.themes if theme.id in fresh]
    mine = _placed_in_broad(mine, standing)
    labels = identity.distinct(
        [*(t.label for t in standing.themes), *("" for _ in mine)],
        [*("" for _ in standing.themes), *(t.label for t in mine)],
        [*(() for _ in standing.themes), *(t.terms for t in mine)],
    )[len(standing.themes) :]
    mine = [replace(t, label=name) for t, name in zip(mine, labels, strict=True)]
    there = {theme.id for theme in (*standing.themes, *mine)}
    more = replace(found.only(sampled, fresh, there), themes=tuple(mine))
    return found.joined(standing, more)


def _part(
    memory: Memory, sample: Sample, side: Side, embedder: Embedder
) -> tuple[Read, Placed, Grouped, list[str]]:
    """Return a sample read and placed, grouped as it stands, and the ids of its themes."""
    read, placed = pipeline.place_new(memory.model, sample.comments, side, embedder)
    names = [sample.theme_of.get((s.comment_id, s.index), "") for s in read.segments]
    rows = np.array([at for at, name in enumerate(names) if name], dtype=np.int64)
    read = replace(
        read, segments=tuple(read.segments[at] for at in rows.tolist()), comment=read.comment[rows]
    )
    placed = Placed(placed.raw[rows], placed.own[rows], placed.mixed[rows], placed.polarity[rows])
    ids = sorted({names[at] for at in rows.tolist()}, key=identity.number_of)
    theme = np.array([ids.index(names[at]) for at in rows.tolist()], dtype=np.int64)
    model = memory.model.sides[side]
    general = {
        nature: ids.index(memory.ids[side][number])
        for nature, number in model.general.items()
        if memory.ids[side][number] in ids
    }
    grouped = Grouped(
        model=replace(model, general=general),
        vectors=model.space.profiled(placed.mixed) if len(rows) else placed.mixed,
        theme=theme,
        confidence=np.ones(len(theme)),
        broad=np.zeros(len(ids), dtype=np.int64),
    )
    return read, placed, grouped, ids


def _under(ids: Sequence[str], side: SideAnalysis) -> SideAnalysis:
    """Return a side whose themes have these ids."""
    return replace(
        side, themes=tuple(replace(t, id=i) for t, i in zip(side.themes, ids, strict=True))
    )


def _placed_in_broad(mine: Sequence[Theme], standing: Found) -> list[Theme]:
    """Return new themes in the broad theme of the standing one that is nearest to each."""
    result = []
    for theme in mine:
        others = [t for t in standing.themes if t.side == theme.side and t.nature == "subject"]
        cosine = [float(other.centroid @ theme.centroid) for other in others]
        result.append(replace(theme, broad=others[int(np.argmax(cosine))].broad))
    return result
