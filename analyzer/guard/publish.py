"""Groups of employees -> the figures that are published of them, stage by stage. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzer.guard import rounding, suppress
from analyzer.guard.groups import (
    MEASURES,
    MOST_ATTRIBUTES,
    Crowd,
    Flags,
    Groups,
    named,
)
from analyzer.guard.witness import Figures, witness
from analyzer.types import Labels

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# A person of the witness may stand for so many.
MOST_WEIGHT = 50.0
# People who are not in a theme, but might be for all that is published: so many a member, and more.
OTHERS, MORE_OTHERS = 2, 200
# Where a theme has more figures than this, those who judge so are told by one attribute at most:
# the time that a witness takes grows with the square of the figures.
MOST_FIGURES = 1200


@dataclass(frozen=True)
class Published:
    """What is published of a theme, or of the whole side.

    ``figures`` (n_measures, n_groups) are multiples of the step; 0: hidden. ``weights`` (people,)
    are those of the witness.
    """

    groups: Groups
    figures: Labels
    weights: Figures

    @property
    def shown(self) -> Flags:
        """Which figures are not hidden."""
        return np.asarray(self.figures > 0)


def publish(
    crowd: Crowd,
    own: Groups,
    name: str,
    key: bytes,
    least: int,
    whole: Published | None = None,
) -> Published:
    """Return the figures of a theme's groups, or, without ``whole``, of the whole side's.

    ``name`` tells the theme from others for the secret ``key``; ``least`` is how many respondents a
    figure needs, and the step to which it is rounded.
    """
    allowed = suppress.shown(own, least, (whole.groups, whole.shown) if whole else None)
    if allowed.sum() > MOST_FIGURES:
        allowed[1:, own.depth == MOST_ATTRIBUTES] = False
    measure, group = np.nonzero(allowed)
    if not len(group):
        return Published(own, np.zeros(allowed.shape, dtype=np.int64), np.zeros(crowd.people))
    size = np.array([members.size for members in own.members])
    labels = [repr(named(crowd, row)) for row in own.filters.tolist()]
    names = [
        f"{name}\x1f{MEASURES[m]}\x1f{labels[g]}"
        for m, g in zip(measure.tolist(), group.tolist(), strict=True)
    ]
    figure = rounding.rounded(size[measure, group], rounding.offsets(key, names, least), least)
    who, most, start = _people(crowd, own, measure, group, whole)
    kept, weights = witness(
        who,
        rounding.bounds(figure, least),
        least,
        2 * own.depth[group] + (measure > 0),
        most,
        start,
    )
    shown = np.zeros(allowed.shape, dtype=bool)
    shown[measure[kept], group[kept]] = True
    shown = suppress.settled(own, shown, least)
    figures = np.zeros(allowed.shape, dtype=np.int64)
    figures[measure, group] = figure
    return Published(own, np.where(shown, figures, 0), weights)


def _people(
    crowd: Crowd, own: Groups, measure: Labels, group: Labels, whole: Published | None
) -> tuple[csr_matrix, Figures, Figures]:
    """Return who counts for which figure (n, people), the most and the first weight of each."""
    members = np.zeros(crowd.people)
    members[own.members[0].person] = 1.0
    most = np.full(crowd.people, MOST_WEIGHT) if whole is None else whole.weights
    columns = [_incidence(own, measure, group, crowd.people)]
    if whole is not None:
        apart = np.flatnonzero(members == 0)
        count = min(len(apart), OTHERS * int(members.sum()) + MORE_OTHERS)
        chosen = apart[np.linspace(0, len(apart) - 1, count).astype(np.int64)] if count else apart
        columns.append(_others(own, whole.groups, measure, group, crowd.people, chosen))
    return sum(columns[1:], columns[0]).tocsr(), most, members


def _incidence(own: Groups, measure: Labels, group: Labels, people: int) -> csr_matrix:
    from scipy.sparse import csr_matrix

    rows, persons = [], []
    at = np.full((len(MEASURES), len(own.filters)), -1, dtype=np.int64)
    at[measure, group] = np.arange(len(group))
    for number, members in enumerate(own.members):
        row = at[number, members.group]
        rows.append(row[row >= 0])
        persons.append(members.person[row >= 0])
    row, person = np.concatenate(rows), np.concatenate(persons)
    return csr_matrix((np.ones(len(row)), (row, person)), shape=(len(group), people))


def _others(
    own: Groups, whole: Groups, measure: Labels, group: Labels, people: int, chosen: Labels
) -> csr_matrix:
    """Return for which of the theme's figures people count who are not in it, if they were."""
    place = {tuple(row): at for at, row in enumerate(whole.filters.tolist())}
    there = np.array([place[tuple(own.filters[g])] for g in group.tolist()], dtype=np.int64)
    every = _incidence(whole, measure, there, people)
    keep = np.zeros(people)
    keep[chosen] = 1.0
    return every.multiply(keep[None, :]).tocsr()
