"""Which groups may have a figure: large enough, and nothing small is left beside them. Pure.

Complementary cell suppression (Hundepool et al. 2012, Statistical Disclosure Control, chapters 4
and 5): a group with a figure and those of its parts that have one leave a rest, which whoever
subtracts knows. That rest has nobody, or at least as many people as a figure needs; else the
smallest part is hidden too, and so on, until nothing changes. It holds along each attribute, for
each measure, between a theme and the whole side, and between those who judge so and the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analyzer.guard.groups import MEASURES, Flags, Groups
from analyzer.types import Labels

# How people judge is told of groups of so many times the people that a figure needs.
JUDGED = 2


def shown(groups: Groups, least: int, whole: tuple[Groups, Flags] | None = None) -> Flags:
    """Return (n_measures, n_groups) which figures may be shown.

    ``least`` is how many respondents a figure needs. ``whole`` are the groups of the whole side and
    what is shown of them, if these are those of a theme.
    """
    sizes = groups.sizes
    allowed = sizes >= least
    allowed[1:] &= (sizes[0] >= JUDGED * least) & ~_small(sizes[0] - sizes[1:], least)
    if whole is not None:
        allowed[0] &= ~_small(_of_whole(groups, whole) - sizes[0], least)
    return _settled(groups, allowed, least)


def _settled(groups: Groups, allowed: Flags, least: int) -> Flags:
    """Return which of the allowed figures leave no small rest; only fewer, never others."""
    allowed = allowed.copy()
    for measure in range(len(MEASURES)):
        own = allowed[measure]
        if measure:
            own &= allowed[0]
        parts = _Parts.of(groups, measure)
        while True:
            before = int(own.sum())
            _hide_parts_of_hidden(groups, own)
            parts.hide_beside_small_rests(own, least)
            if int(own.sum()) == before:
                break
    return allowed


def _small(rest: Labels, least: int) -> Flags:
    return np.asarray((rest > 0) & (rest < least))


def _of_whole(groups: Groups, whole: tuple[Groups, Flags]) -> Labels:
    """Return how many of the whole side each filter lets through; 0 where that is not shown."""
    other, visible = whole
    size = np.where(visible[0], other.sizes[0], 0)
    known = {tuple(row): n for row, n in zip(other.filters.tolist(), size.tolist(), strict=True)}
    return np.array([known.get(tuple(row), 0) for row in groups.filters.tolist()])


def _hide_parts_of_hidden(groups: Groups, allowed: Flags) -> None:
    """Hide the parts of what is hidden: their sum would tell it."""
    for _ in range(2):
        for column in range(2):
            parent = groups.parents[:, column]
            allowed &= (parent < 0) | allowed[parent]


@dataclass(frozen=True)
class _Parts:
    """Groups as parts of others along an attribute, by one measure.

    A link is a group and an attribute by which it is parted: ``link`` (n_groups, 2) are those that
    a group is a part of, -1: none; ``whole`` (n_links,) is how many people the parted group has.
    ``entry`` (n,) is the group of each of a part's people, ``slot`` (n,) who that is in the link,
    ``slot_link`` (n_slots,) the link of each slot. One person may be in several parts.
    """

    size: Labels
    link: Labels
    whole: Labels
    entry: Labels
    slot: Labels
    slot_link: Labels

    @classmethod
    def of(cls, groups: Groups, measure: int) -> _Parts:
        members = groups.members[measure]
        width = int(groups.along.max(initial=0)) + 1
        keys = np.where(groups.parents >= 0, groups.parents * width + groups.along, -1)
        links, link = np.unique(keys, return_inverse=True)
        first = int((links == -1).sum())
        link = link.reshape(keys.shape) - first
        of = link[members.group]
        entry, side = np.nonzero(of >= 0)
        people = int(members.person.max(initial=0)) + 1
        slots, slot = np.unique(
            of[entry, side] * people + members.person[entry], return_inverse=True
        )
        return cls(
            members.size, link, members.size[links[first:] // width], members.group[entry], slot,
            slots // people,
        )  # fmt: skip

    def hide_beside_small_rests(self, allowed: Flags, least: int) -> None:
        """Hide the smallest part of each shown group whose shown parts leave a small rest."""
        covered = np.bincount(self.slot[allowed[self.entry]], minlength=len(self.slot_link)) > 0
        inside = np.bincount(self.slot_link[covered], minlength=len(self.whole))
        bad = _small(self.whole - inside, least)
        part, side = np.nonzero((self.link >= 0) & bad[self.link] & allowed[:, None])
        own = self.link[part, side]
        order = np.lexsort((part, self.size[part], own))
        _, first = np.unique(own[order], return_index=True)
        allowed[part[order][first]] = False
