"""The proof that published figures give no small group away, made before they are published. Pure.

A witness is a crowd of the same kinds of people, but in other numbers (``weights``, real numbers),
for which every published figure is true with room to spare: the count of each group is at least
``step - 1`` above the least that its figure stands for. Then, for *any* set of people whatsoever:

- if the witness has at most ``step - 1`` of them, take them out: each count falls by at most
  ``step - 1``, so every figure is still true. Nobody in that set: the figures cannot exclude it.
- else the witness itself is a crowd with more than ``step - 1`` of them.

So no set can be bounded within 1 .. step - 1 from any combination of figures, however clever: by
differences, sums or linear programs. A theme's weights are at most those of the whole side, so that
one crowd shows all themes at once. Figures for which there is no witness are not published.

This is the audit of linear programming (Hundepool et al. 2012, Statistical Disclosure Control,
chapter 4.4) turned round: one linear program a theme, instead of two for each group at risk. What
the figures lack of a witness is minimised, and those that lack anything are given up, parts before
wholes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analyzer.guard.groups import Flags
from analyzer.types import Labels

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Figures = NDArray[np.float64]
# So much more the figure of a group counts than that of its parts.
FINER = 1.5
# So far inside of its bounds a count is looked for, lest rounding errors bring it outside.
INSIDE, EXACT = 1e-3, 1e-6
# So many kinds of people may change in number; of more, the others are as many as they are.
MOST_KINDS = 3000


def witness(
    who: csr_matrix,
    bounds: tuple[Labels, Labels],
    step: int,
    depth: Labels,
    most: Figures,
    start: Figures,
) -> tuple[Flags, Figures]:
    """Return which figures (n,) may be published together, and the weights (p,) that show it.

    ``who`` (n, p) is 1 where a person counts for a figure; ``bounds`` are what each figure stands
    for; ``depth`` (n,) is how fine its group is. Weights lie in 0 .. ``most`` (p,), and are
    ``start`` (p,) for those who do not have to change.
    """
    low, high = bounds[0] + step - 1.0, bounds[1].astype(float)
    kind = _kinds(who)
    kinds = int(kind.max(initial=-1)) + 1
    room = np.bincount(kind[kind >= 0], most[kind >= 0], minlength=kinds)
    first = np.bincount(kind[kind >= 0], np.minimum(start, most)[kind >= 0], minlength=kinds)
    _, example = np.unique(kind, return_index=True)
    table = who.tocsc()[:, example[-kinds:] if kinds else []]
    free = _free(who, table)
    fixed = np.where(free, 0.0, first)
    lower, upper = low - table @ fixed, high - table @ fixed
    counts = fixed.copy()
    price = np.asarray(FINER ** (5.0 - depth), dtype=float)
    counts[free] = _solved(table[:, free], lower, upper, price, room[free].astype(float))
    weights = np.where(kind >= 0, counts[kind] * most / np.maximum(room[kind], EXACT), start)
    weights = np.minimum(weights, most)
    total = who @ weights
    return (total >= low - EXACT) & (total <= high + EXACT), weights


def _kinds(who: csr_matrix) -> Labels:
    """Return the kind (p,) of each person: those of a kind count for the same figures; -1: none."""
    columns = who.tocsc()
    columns.sort_indices()
    known: dict[bytes, int] = {}
    ends, rows = columns.indptr, columns.indices
    return np.array(
        [
            known.setdefault(rows[a:b].tobytes(), len(known)) if b > a else -1
            for a, b in pairwise(ends.tolist())
        ],
        dtype=np.int64,
    )


def _free(who: csr_matrix, table: csr_matrix) -> Flags:
    """Return which kinds may change in number: all, or those of the smallest groups."""
    kinds = table.shape[1]
    if kinds <= MOST_KINDS:
        return np.ones(kinds, dtype=bool)
    from scipy.sparse import diags

    size = np.asarray(who.sum(axis=1)).ravel()
    smallest = diags(1 / np.maximum(size, 1)) @ table
    rank = np.asarray(smallest.max(axis=0).todense()).ravel()
    chosen = np.zeros(kinds, dtype=bool)
    chosen[np.argsort(-rank, kind="stable")[:MOST_KINDS]] = True
    return chosen


def _solved(
    table: csr_matrix, low: Figures, high: Figures, price: Figures, room: Figures
) -> Figures:
    """Return how many of each kind there are where the figures lack least, at their prices."""
    from scipy.optimize import linprog
    from scipy.sparse import hstack, identity, vstack

    figures, kinds = table.shape
    lack = identity(figures)
    found = linprog(
        np.concatenate([np.zeros(kinds), price]),
        A_ub=vstack([hstack([table, -lack]), hstack([-table, -lack])]).tocsr(),
        b_ub=np.concatenate([high - INSIDE, -low - INSIDE]),
        bounds=np.column_stack(
            [np.zeros(kinds + figures), np.concatenate([room, np.full(figures, np.inf)])]
        ),
        method="highs-ipm",
    )
    if found.x is None:
        return np.zeros(kinds)
    return np.asarray(found.x[:kinds])
