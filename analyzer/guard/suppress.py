"""Which groups may have a figure: large enough, and nothing small is left beside them. Pure.

Complementary cell suppression (Hundepool et al. 2012, Statistical Disclosure Control, chapters 4
and 5): a group with a figure and those of its parts that have one leave a rest, which whoever
subtracts knows. That rest has nobody, or at least as many people as a figure needs; else the
smallest part is hidden too, and so on, until nothing changes. It holds along each attribute, for
each measure, between a theme and the whole side, and between those who judge so and the others.
"""

from __future__ import annotations

import numpy as np

from analyzer.guard.groups import MEASURES, Flags, Groups
from analyzer.types import Labels


def shown(groups: Groups, least: int, whole: tuple[Groups, Flags] | None = None) -> Flags:
    """Return (n_measures, n_groups) which figures may be shown.

    ``least`` is how many respondents a figure needs. ``whole`` are the groups of the whole side and
    what is shown of them, if these are those of a theme.
    """
    sizes = np.array([members.size for members in groups.members])
    allowed = sizes >= least
    if whole is not None:
        allowed[0] &= ~_small(_of_whole(groups, whole) - sizes[0], least)
    return settled(groups, allowed, least, parts=True)


def settled(groups: Groups, allowed: Flags, least: int, *, parts: bool = False) -> Flags:
    """Return which of the allowed figures leave no small rest; only fewer, never others.

    With ``parts``, the parts of what is hidden are hidden as well: their sum would tell it.
    """
    allowed = allowed.copy()
    sizes = np.array([members.size for members in groups.members])
    for number in range(len(MEASURES)):
        if number:
            allowed[number] &= allowed[0] & ~_small(sizes[0] - sizes[number], least)
        while True:
            before = int(allowed[number].sum())
            if parts:
                _hide_parts_of_hidden(groups, allowed[number])
            _hide_beside_small_rests(groups, number, allowed[number], least)
            if int(allowed[number].sum()) == before:
                break
    return allowed


def _small(rest: Labels, least: int) -> Flags:
    return np.asarray((rest > 0) & (rest < least))


def _of_whole(groups: Groups, whole: tuple[Groups, Flags]) -> Labels:
    """Return how many of the whole side each filter lets through; 0 where that is not shown."""
    other, visible = whole
    size = np.where(visible[0], other.members[0].size, 0)
    known = {tuple(row): int(n) for row, n in zip(other.filters.tolist(), size, strict=True)}
    return np.array([known.get(tuple(row), 0) for row in groups.filters.tolist()])


def _hide_parts_of_hidden(groups: Groups, allowed: Flags) -> None:
    for _ in range(2):
        for column in range(2):
            parent = groups.parents[:, column]
            allowed &= (parent < 0) | allowed[parent]


def _hide_beside_small_rests(groups: Groups, measure: int, allowed: Flags, least: int) -> None:
    """Hide the smallest part of each group whose parts leave a small rest, along an attribute."""
    members = groups.members[measure]
    attributes = int(groups.along.max(initial=0)) + 1
    people = int(members.person.max(initial=0)) + 1
    # A group and an attribute by which it is parted, as one number.
    links = np.where(groups.parents >= 0, groups.parents * attributes + groups.along, -1)
    entry = allowed[members.group]
    group, person = members.group[entry], members.person[entry]
    link = links[group]
    covered = np.concatenate(
        [link[:, side][link[:, side] >= 0] * people + person[link[:, side] >= 0] for side in (0, 1)]
    )
    known, count = np.unique(np.unique(covered) // people, return_counts=True)
    rest = members.size[known // attributes] - count
    bad = known[_small(rest, least) & allowed[known // attributes]]
    if not len(bad):
        return
    part, side = np.nonzero(np.isin(links, bad) & allowed[:, None])
    order = np.lexsort((part, members.size[part], links[part, side]))
    _, first = np.unique(links[part, side][order], return_index=True)
    allowed[part[order][first]] = False
