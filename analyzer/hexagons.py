"""Points of employees become hexagons of several respondents each; no point is kept.

A hexagon with fewer respondents than asked for is left out, and so is the theme of one whose theme
fewer respondents speak of. The grid is fixed in the map's own units: it does not move with what is
shown, so that two maps cannot be laid over each other to find what lies between.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzer.types import Labels

LEAST = 5
NO_THEME = -1
_ROOT3 = 3.0**0.5


@dataclass(frozen=True, slots=True)
class Hexagon:
    """``x``, ``y`` are the centre; ``theme`` is -1 where no theme has enough respondents."""

    x: float
    y: float
    respondents: int
    segments: int
    theme: int


def hexagons(
    xy: NDArray[np.floating],
    respondent: Labels,
    theme: Labels,
    size: float,
    least: int = LEAST,
) -> tuple[Hexagon, ...]:
    """Return the hexagons that hold at least ``least`` respondents, by row and column.

    ``xy`` (n, 2) are the places of segments, ``respondent`` and ``theme`` (n,) number who wrote
    each and what it is about (-1: nothing). ``size`` is the distance from centre to corner, in the
    units of ``xy``; corners point up and down.

    Raises:
        ValueError: a place is no number, or the size or the least number is not positive.
    """
    if size <= 0 or least < 1:
        raise ValueError(f"size {size} and least {least} have to be positive")
    if not np.isfinite(xy).all():
        raise ValueError("a place on the map is not a number")
    if not len(xy):
        return ()
    cells, cell = np.unique(axial(xy, size), axis=0, return_inverse=True)
    people = _distinct(cell, respondent, len(cells))
    segments = np.bincount(cell, minlength=len(cells))
    return tuple(
        Hexagon(
            x=float(size * _ROOT3 * (q + r / 2)),
            y=float(size * 1.5 * r),
            respondents=int(people[index]),
            segments=int(segments[index]),
            theme=_common(theme[cell == index], respondent[cell == index], least),
        )
        for index, (q, r) in enumerate(cells.tolist())
        if people[index] >= least
    )


def axial(xy: NDArray[np.floating], size: float) -> NDArray[np.int64]:
    """Return the hexagon (n, 2) of each place, in axial coordinates.

    Rounding in cube coordinates: https://www.redblobgames.com/grids/hexagons/#rounding
    """
    x, y = xy[:, 0].astype(np.float64), xy[:, 1].astype(np.float64)
    q, r = (_ROOT3 / 3 * x - y / 3) / size, (2 / 3 * y) / size
    cube = np.stack([q, r, -q - r], axis=1)
    near = np.rint(cube)
    off = np.abs(near - cube)
    worst = off.argmax(axis=1)
    rows = np.arange(len(xy))
    near[rows, worst] -= near.sum(axis=1)
    return near[:, :2].astype(np.int64)


def _distinct(cell: Labels, respondent: Labels, count: int) -> Labels:
    """Return how many different respondents each cell has."""
    pairs = np.unique(np.stack([cell, respondent], axis=1), axis=0)
    return np.bincount(pairs[:, 0], minlength=count)


def _common(theme: Labels, respondent: Labels, least: int) -> int:
    """Return the theme that most respondents speak of, if there are enough of them."""
    pairs = np.unique(np.stack([theme, respondent], axis=1)[theme >= 0], axis=0)
    if not len(pairs):
        return NO_THEME
    themes, counts = np.unique(pairs[:, 0], return_counts=True)
    best = int(counts.argmax())
    return int(themes[best]) if counts[best] >= least else NO_THEME
