"""Comments of one side -> groups of people: one a theme and a filter of at most two attributes.

Pure. A group counts distinct respondents. Employees and customers have the same shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from analyzer.types import Labels

# What is counted in each group: all respondents, and those with a segment that judges so. One
# respondent may be positive in one segment and negative in another.
MEASURES = ("respondents", "positive", "neutral", "negative")
# The most attributes in a filter.
MOST_ATTRIBUTES = 2

# Attribute and value, at most two, in the order of the attributes; empty: everybody.
Filter = tuple[tuple[str, str], ...]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Crowd:
    """One side's comments.

    ``person`` (n_comments,) numbers the respondent of each, below ``people``. ``codes``
    (n_comments, n_attributes) index ``values`` of each attribute; -1: the comment has none.
    """

    person: Labels
    people: int
    attributes: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    codes: Labels


@dataclass(frozen=True)
class Members:
    """Who is in which group, by one measure: ``group`` and ``person`` (n_entries,), no twice."""

    group: Labels
    person: Labels
    size: Labels


@dataclass(frozen=True)
class Groups:
    """All groups of one theme, or of the whole side; a group for each filter that anybody is in.

    ``filters`` (n_groups, 4) are attribute, value, attribute, value as numbers, -1 where there is
    none; the first group is everybody. ``comments`` (n_groups,) counts comments. ``parents``
    (n_groups, 2) are the groups that have one attribute less, ``along`` (n_groups, 2) the attribute
    that they lack.
    """

    filters: Labels
    comments: Labels
    members: tuple[Members, ...]
    parents: Labels
    along: Labels

    @property
    def sizes(self) -> Labels:
        """How many people each group has by each measure (n_measures, n_groups)."""
        return np.array([members.size for members in self.members])


def groups(crowd: Crowd, comments: Labels, judged: Flags) -> Groups:
    """Return the groups of some comments; ``judged`` (n, 3): positive, neutral, negative parts."""
    person, codes = crowd.person[comments], crowd.codes[comments]
    filters, counts, at = [], [], 0
    entries: list[list[tuple[Labels, Labels]]] = [[] for _ in MEASURES]
    for shape in shapes(len(crowd.attributes)):
        own = np.flatnonzero((codes[:, shape] >= 0).all(axis=1))
        if not len(own):
            continue
        widths = [len(crowd.values[attribute]) for attribute in shape]
        # The values of a filter as one number: far faster to sort than rows.
        number = np.zeros(len(own), dtype=np.int64)
        for attribute, width in zip(shape, widths, strict=True):
            number = number * width + codes[own, attribute]
        found, group = np.unique(number, return_inverse=True)
        filters.append(_as_filters(shape, widths, found))
        counts.append(np.bincount(group, minlength=len(found)))
        group = group + at
        entries[0].append((group, person[own]))
        for measure in range(1, len(MEASURES)):
            so = judged[own, measure - 1]
            entries[measure].append((group[so], person[own[so]]))
        at += len(found)
    table = np.concatenate(filters)
    parents, along = _parents(table)
    members = tuple(_members(parts, at, crowd.people) for parts in entries)
    return Groups(table, np.concatenate(counts), members, parents, along)


def shapes(attributes: int) -> Iterator[list[int]]:
    """Yield every choice of at most MOST_ATTRIBUTES attributes, none first."""
    for size in range(MOST_ATTRIBUTES + 1):
        yield from (list(chosen) for chosen in combinations(range(attributes), size))


def _as_filters(shape: Sequence[int], widths: Sequence[int], found: Labels) -> Labels:
    rows = np.full((len(found), 2 * MOST_ATTRIBUTES), -1, dtype=np.int64)
    for place in reversed(range(len(shape))):
        rows[:, 2 * place] = shape[place]
        found, rows[:, 2 * place + 1] = np.divmod(found, widths[place])
    return rows


def _members(parts: Sequence[tuple[Labels, Labels]], count: int, people: int) -> Members:
    group = np.concatenate([own for own, _ in parts])
    person = np.concatenate([who for _, who in parts])
    once = np.unique(group * people + person)
    group, person = once // people, once % people
    return Members(group, person, np.bincount(group, minlength=count))


def _parents(table: Labels) -> tuple[Labels, Labels]:
    parents = np.full((len(table), 2), -1, dtype=np.int64)
    along = np.full((len(table), 2), -1, dtype=np.int64)
    a, x, b, y = table.T
    one, two = np.flatnonzero((a >= 0) & (b < 0)), np.flatnonzero(b >= 0)
    parents[one, 0], along[one, 0] = 0, a[one]
    place = np.full((a.max() + 2, x.max() + 2), -1, dtype=np.int64)
    place[a[one], x[one]] = one
    parents[two] = np.stack([place[a[two], x[two]], place[b[two], y[two]]], axis=1)
    along[two] = np.stack([b[two], a[two]], axis=1)
    return parents, along


def named(crowd: Crowd, row: Sequence[int]) -> Filter:
    """Return a row of ``Groups.filters`` in words."""
    pairs = zip(row[::2], row[1::2], strict=True)
    return tuple((crowd.attributes[a], crowd.values[a][x]) for a, x in pairs if a >= 0)
