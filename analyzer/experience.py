"""The experience map: what in the work of employees is known to bring what to customers.

Segments vote for the node whose example phrases they are closest to; a theme stands for the nodes
that enough of its segments vote for; an edge between two nodes is an expected pair.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from analyzer.discover.assign import unit
from analyzer.discover.space import OTHERS
from analyzer.errors import Misconfigured
from analyzer.types import SIDES, Embedder, Labels, PairKind, Side, Vectors

Word = TypeVar("Word", bound=str)

LANGUAGES = ("en", "es", "it")
STRENGTHS = ("weak", "moderate", "strong")
KINDS: tuple[PairKind, ...] = ("same-topic", "driver-outcome")


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
        Misconfigured: it is not TOML, or a node or an edge is incomplete, twice there or unknown.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise Misconfigured(f"{name} is not TOML: {exc}.") from exc
    nodes: dict[Side, dict[str, Node]] = {side: {} for side in SIDES}
    for number, row in enumerate(data.get("node", []), 1):
        where = f"{name}: node {number} ({row.get('id', 'without id')})"
        side = _one_of(row, "side", SIDES, where)
        key = _text(row, "id", where)
        if key in nodes[side]:
            raise Misconfigured(f"{where}: the id stands twice on the {side} side.")
        phrases = {code: tuple(row.get(code, ())) for code in LANGUAGES}
        if not phrases["en"]:
            raise Misconfigured(f"{where}: it needs example phrases: en = [...].")
        label, description = _text(row, "name", where), _text(row, "description", where)
        nodes[side][key] = Node(key, side, label, description, phrases)
    edges: dict[tuple[str, str], Edge] = {}
    for number, row in enumerate(data.get("edge", []), 1):
        where = f"{name}: edge {number}"
        ends = {side: _one_of(row, side, tuple(nodes[side]), where) for side in SIDES}
        key_ = (ends["employee"], ends["customer"])
        if key_ in edges:
            raise Misconfigured(f"{where}: {key_[0]} > {key_[1]} stands twice.")
        edges[key_] = Edge(
            *key_,
            _one_of(row, "kind", KINDS, where),
            _one_of(row, "strength", STRENGTHS, where),
            _text(row, "reason", where),
            _text(row, "source", where),
        )
    return ExperienceMap(nodes, tuple(edges.values()))


def _text(row: Mapping[str, object], key: str, where: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise Misconfigured(f"{where}: {key} is missing.")
    return value


def _one_of(row: Mapping[str, object], key: str, allowed: tuple[Word, ...], where: str) -> Word:
    value = row.get(key)
    for choice in allowed:
        if value == choice:
            return choice
    raise Misconfigured(f"{where}: {key} is {value!r}; it must be one of: {', '.join(allowed)}.")


def node_vectors(
    nodes: Mapping[str, Node], embedder: Embedder, means: Mapping[str, Vectors]
) -> Vectors:
    """Return a unit vector for each node (n_nodes, dimension): the mean of its phrases.

    A model without languages of its own reads the English phrases; one whose vectors are centred by
    language reads every language that has a mean in ``means``, and each is taken away.
    """
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


def votes(
    vectors: Vectors, theme: Labels, count: int, nodes: Vectors, similar: float
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the share of each theme's segments that vote for each node, (count, n_nodes).

    A segment votes for its nearest node, if its cosine with it is at least ``similar``.
    """
    cosine = vectors @ nodes.T
    best = cosine.argmax(axis=1)
    near = cosine[np.arange(len(vectors)), best] >= similar
    shares = np.zeros((count, len(nodes)))
    np.add.at(shares, (theme[near], best[near]), 1.0)
    sizes = np.bincount(theme, minlength=count)
    return shares / np.maximum(sizes, 1)[:, None]
