"""The experience map: what in the work of employees is known to bring what to customers.

Segments vote for the node whose example phrases they are closest to; a theme stands for the nodes
that enough of its segments vote for; an edge between two nodes is an expected pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzer.discover.assign import centroids, unit
from analyzer.discover.space import OTHERS
from analyzer.errors import Misconfigured
from analyzer.experience_check import examine
from analyzer.experience_fields import LANGUAGES
from analyzer.types import SIDES, Embedder, Labels, PairKind, Side, Vectors


@dataclass(frozen=True, slots=True)
class Node:
    """Something that people of one side speak of; ``phrases`` by language."""

    id: str
    side: Side
    name: str
    description: str
    phrases: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Edge:
    """An employee node and a customer node that belong together, why, and who says so."""

    employee: str
    customer: str
    kind: PairKind
    strength: str
    reason: str
    source: str


@dataclass(frozen=True)
class ExperienceMap:
    """Nodes by side and id, in the order of the file, and edges."""

    nodes: Mapping[Side, Mapping[str, Node]]
    edges: tuple[Edge, ...]


def parse(text: str, name: str) -> ExperienceMap:
    """Return the map written in ``text`` (TOML); ``name`` is what errors call it.

    Raises:
        Misconfigured: ``experience_check.examine`` finds errors; the message is the first of them,
            with its line, and how many more there are.
    """
    examined = examine(text)
    if examined.errors:
        first, *more = examined.errors
        also = f" ({len(more)} more: bothsides experience check)" if more else ""
        raise Misconfigured(f"{first.text(name)}{also}")
    nodes: dict[Side, dict[str, Node]] = {side: {} for side in SIDES}
    for row in examined.data.get("node", ()):
        phrases = {code: tuple(row.get(code, ())) for code in LANGUAGES}
        nodes[row["side"]][row["id"]] = Node(
            row["id"], row["side"], row["name"], row["description"], phrases
        )
    edges = tuple(Edge(**row) for row in examined.data.get("edge", ()))
    return ExperienceMap(nodes, edges)


def node_vectors(
    nodes: Mapping[str, Node], embedder: Embedder, means: Mapping[str, Vectors]
) -> Vectors:
    """Return a unit vector for each node (n_nodes, dimension): the mean of its phrases.

    A model without languages of its own reads the English phrases; one whose vectors are centred by
    language reads every language that has a mean in ``means``, and each is taken away.
    """
    if not nodes:
        return np.zeros((0, embedder.dimension), dtype=np.float32)
    languages = tuple(code for code in LANGUAGES if code in means) or ("en",)
    phrases = [
        (i, code, phrase)
        for i, node in enumerate(nodes.values())
        for code in languages
        for phrase in node.phrases[code]
    ]
    vectors = embedder.embed([phrase for _, _, phrase in phrases])
    # Comments in none of the map's languages: the mean of all stands in for that of English.
    usual = means.get(OTHERS, np.zeros(vectors.shape[1]))
    shift = np.array([means.get(code, usual) for _, code, _ in phrases])
    sums = np.zeros((len(nodes), vectors.shape[1]))
    np.add.at(sums, [i for i, _, _ in phrases], unit(vectors - shift))
    return unit(sums.astype(np.float32))


@dataclass(frozen=True)
class Stands:
    """How far each theme stands for each node of its side's map, all (n_themes, n_nodes).

    ``votes``: the share of its segments whose nearest node it is, and near enough. ``affinity``:
    the cosine of theme and node, each without the mean of its kind, -1..1. ``share``: the share of
    its segments whose nearest node it is by such cosines, near or not.
    """

    votes: NDArray[np.float64]
    affinity: NDArray[np.float64]
    share: NDArray[np.float64]


def stands(vectors: Vectors, theme: Labels, count: int, nodes: Vectors, similar: float) -> Stands:
    """Return what ``count`` themes stand for; ``vectors`` (n, d), ``nodes`` (n_nodes, d).

    A segment votes for its nearest node, if its cosine with it is at least ``similar``.
    """
    votes = np.zeros((count, len(nodes)))
    if not (count and len(nodes)):
        return Stands(votes, votes, votes)
    sizes = np.maximum(np.bincount(theme, minlength=count), 1)[:, None]
    cosine = vectors @ nodes.T
    best = cosine.argmax(axis=1)
    near = cosine[np.arange(len(vectors)), best] >= similar
    np.add.at(votes, (theme[near], best[near]), 1.0)
    around, ends = vectors - vectors.mean(axis=0), unit(nodes - nodes.mean(axis=0))
    affinity = centroids(around, theme, count) @ ends.T
    share = np.zeros_like(votes)
    np.add.at(share, (theme, (unit(around) @ ends.T).argmax(axis=1)), 1.0)
    return Stands(votes / sizes, affinity.astype(np.float64), share / sizes)
