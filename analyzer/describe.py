"""A grouped side -> its themes and broad themes, each with label, terms, exemplars and polarity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analyzer import hearing, label, phrases
from analyzer.discover.assign import centroids
from analyzer.discover.space import centred
from analyzer.grouping import Grouped, Placed
from analyzer.names import common_names
from analyzer.reading import Read
from analyzer.sentiment import summary
from analyzer.settings import Settings
from analyzer.types import (
    BroadTheme,
    Embedder,
    Labels,
    Side,
    SideAnalysis,
    Theme,
    Vectors,
)

# A name that stands in so many of a side's themes belongs to none of them.
EVERYWHERE = 0.5


def describe(
    side: Side,
    read: Read,
    placed: Placed,
    grouped: Grouped,
    shares: NDArray[np.float64],
    node_ids: Sequence[str],
    avoid: frozenset[str],
    embedder: Embedder,
    means: Mapping[str, Vectors],
    settings: Settings,
) -> SideAnalysis:
    """Return a side's result; ``shares`` (n_themes, n_nodes) are the votes for the map's nodes.

    Names to ``avoid`` stand in no label and in no key term.
    """
    if not read.segments:
        empty = np.zeros(0)
        return SideAnalysis(side, (), grouped.theme, empty, empty, (), (), read.dropped)
    themes = [
        _theme(side, number, read, placed, grouped, words, settings)
        for number, words in enumerate(
            _words(side, read, placed, grouped, avoid, embedder, means, settings)
        )
    ]
    themes = [
        replace(theme, nodes=_nodes(node_ids, own))
        for theme, own in zip(themes, shares, strict=True)
    ]
    return SideAnalysis(
        side=side,
        segments=read.segments,
        theme=grouped.theme,
        confidence=grouped.confidence,
        polarity=placed.polarity,
        themes=tuple(themes),
        broad=_broad(side, read, placed, grouped, themes, settings),
        dropped=read.dropped,
    )


def _words(
    side: Side,
    read: Read,
    placed: Placed,
    grouped: Grouped,
    avoid: frozenset[str],
    embedder: Embedder,
    means: Mapping[str, Vectors],
    settings: Settings,
) -> list[tuple[str, list[str]]]:
    """Return the label and the key terms of each theme.

    Those of employees are of words that as many people use as a figure needs.
    """
    theme, count = grouped.theme, len(grouped.broad)
    model = label.topic_model(read.texts, grouped.vectors, theme)
    heard = None
    if side == "employee":
        people = [read.person.get(s.comment_id, s.comment_id) for s in read.segments]
        least = settings.min_group_figures
        heard = hearing.listened(read.segments, people, theme, count, least)
    of_terms = [own.term for own in heard] if heard else None
    of_labels = [own.label for own in heard] if heard else None
    terms = label.key_terms(model, read.segments, theme, avoid, of_terms)

    def embed(texts: Sequence[str], languages: Sequence[str]) -> tuple[Vectors, Vectors]:
        vectors = embedder.embed(texts)
        return centred(vectors, languages, means), vectors

    centres = centroids(placed.own, theme, count), centroids(placed.raw, theme, count)
    near = (placed.own * centres[0][theme]).sum(axis=1)
    stop = frozenset(label.stop_words())
    labels = phrases.labels(
        read.segments, theme, near, centres, terms, stop, avoid, embed, of_labels
    )
    return list(zip(labels, terms, strict=True))


def _theme(
    side: Side,
    number: int,
    read: Read,
    placed: Placed,
    grouped: Grouped,
    words: tuple[str, list[str]],
    settings: Settings,
) -> Theme:
    """Return a theme; ``words`` are its label and its key terms."""
    members = np.flatnonzero(grouped.theme == number)
    centre = centroids(grouped.vectors[members], np.zeros_like(members), 1)[0]
    natures = {at: nature for nature, at in grouped.model.general.items()}
    return Theme(
        id=f"{side[0]}{number + 1}",
        side=side,
        broad=broad_id(side, int(grouped.broad[number])),
        nature=natures.get(number, "subject"),
        label=words[0],
        terms=tuple(words[1][: settings.terms]),
        comments=len(set(read.comment[members].tolist())),
        segments=len(members),
        polarity=summary(placed.polarity[members]),
        centroid=centre,
        exemplars=label.exemplars(
            read.segments, grouped.vectors, members, centre, settings.exemplars
        ),
    )


def _nodes(node_ids: Sequence[str], shares: NDArray[np.float64]) -> dict[str, float]:
    """Return the nodes that any segments vote for, and their share (n_nodes,)."""
    voted = zip(node_ids, shares.tolist(), strict=True)
    return {key: round(share, 4) for key, share in voted if share > 0}


def broad_id(side: Side, number: int) -> str:
    """Return the id of a broad theme."""
    return f"{side[0]}b{number + 1}"


def widespread_names(read: Read, theme: Labels, count: int) -> frozenset[str]:
    """Return the common names, in lower case, that stand in too many themes to belong to one."""
    found: dict[str, set[int]] = {name: set() for name in common_names(read.segments)}
    for segment, number in zip(read.segments, theme.tolist(), strict=True):
        for word in label.words(segment.text) & found.keys():
            found[word].add(number)
    return frozenset(
        name for name, themes in found.items() if len(themes) >= max(EVERYWHERE * count, 2)
    )


def _broad(
    side: Side,
    read: Read,
    placed: Placed,
    grouped: Grouped,
    themes: Sequence[Theme],
    settings: Settings,
) -> tuple[BroadTheme, ...]:
    """Return the broad themes, the largest first; their words are those of their themes."""
    result = []
    wide = grouped.broad[grouped.theme]
    for number in sorted(set(grouped.broad.tolist())):
        own = [themes[i] for i in np.flatnonzero(grouped.broad == number).tolist()]
        members = np.flatnonzero(wide == number)
        result.append(
            BroadTheme(
                id=broad_id(side, number),
                side=side,
                label=joined([theme.label for theme in sorted(own, key=lambda t: -t.segments)]),
                terms=_mixed(own, settings.terms),
                comments=len(set(read.comment[members].tolist())),
                segments=len(members),
                polarity=summary(placed.polarity[members]),
            )
        )
    return tuple(sorted(result, key=lambda row: (-row.segments, row.id)))


def joined(labels: Sequence[str]) -> str:
    """Return what a broad theme is mostly about: the labels of its two largest themes.

    ``labels`` are those of its themes, the largest first. The second is the next that shares no
    word with the first, if there is one.
    """
    first, *others = labels
    apart = [other for other in others if label.words(other).isdisjoint(label.words(first))]
    return " · ".join([first, *(apart or others)[:1]])


def _mixed(themes: Sequence[Theme], count: int) -> tuple[str, ...]:
    """Return terms of all themes in turn, no term twice."""
    longest = max(len(theme.terms) for theme in themes)
    turns = (theme.terms[i] for i in range(longest) for theme in themes if i < len(theme.terms))
    return tuple(dict.fromkeys(turns))[:count]
