"""The evidence of a pair: the closest segments of both themes, the terms they share, the edge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analyzer.align import Candidate
from analyzer.types import Evidence, Labels, Segment, Vectors

CLOSEST = 5


def evidence(
    pair: Candidate,
    vectors: tuple[Vectors, Vectors],
    themes: tuple[Labels, Labels],
    segments: tuple[Sequence[Segment], Sequence[Segment]],
    terms: tuple[Sequence[str], Sequence[str]],
) -> Evidence:
    """Return why the two themes are shown together. Tuples are (employee side, customer side).

    ``vectors`` (n, d) are the sides' segments in one centred space; ``terms`` are the two themes'.
    """
    edge = pair.edge
    return Evidence(
        signs=pair.signs,
        closest=_closest(pair, vectors, themes, segments),
        shared_terms=tuple(sorted(_words(terms[0]) & _words(terms[1]))),
        edge=f"{edge.employee}>{edge.customer}" if edge else None,
        reason=edge.reason if edge else None,
        source=edge.source if edge else None,
    )


def _words(terms: Sequence[str]) -> set[str]:
    return {word for term in terms for word in term.split()}


def _closest(
    pair: Candidate,
    vectors: tuple[Vectors, Vectors],
    themes: tuple[Labels, Labels],
    segments: tuple[Sequence[Segment], Sequence[Segment]],
) -> tuple[tuple[int, int, float], ...]:
    """Return the closest pairs of segments, no comment twice."""
    left = np.flatnonzero(themes[0] == pair.employee)
    right = np.flatnonzero(themes[1] == pair.customer)
    cosine = vectors[0][left] @ vectors[1][right].T
    flat_cosine = -cosine.ravel()
    # Enough of the closest to find CLOSEST that share no comment, without sorting a large product.
    few = min(len(flat_cosine), CLOSEST * 100)
    order = np.sort(np.argpartition(flat_cosine, few - 1)[:few])
    order = order[np.argsort(flat_cosine[order], kind="stable")]
    used: set[str] = set()
    found: list[tuple[int, int, float]] = []
    for flat in order:
        i, j = np.unravel_index(flat, cosine.shape)
        e, c = int(left[i]), int(right[j])
        comments = {segments[0][e].comment_id, segments[1][c].comment_id}
        if used & comments:
            continue
        used |= comments
        found.append((e, c, round(float(cosine[i, j]), 4)))
        if len(found) == CLOSEST:
            break
    return tuple(found)
