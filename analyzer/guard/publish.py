"""Groups of employees -> the figures that are published of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analyzer.guard import rounding, suppress
from analyzer.guard.groups import MEASURES, Crowd, Flags, Groups, named
from analyzer.types import Labels


class Thresholds(NamedTuple):
    """How many respondents a figure and comments of employees need."""

    figures: int
    comments: int


@dataclass(frozen=True)
class Published:
    """What is published of a theme, or of the whole side.

    ``figures`` (n_measures, n_groups) are multiples of the step; 0: hidden. ``readable``
    (n_measures, n_groups) says of which groups comments may be read.
    """

    groups: Groups
    figures: Labels
    readable: Flags

    @property
    def shown(self) -> Flags:
        """Which figures are not hidden."""
        return np.asarray(self.figures > 0)


def publish(
    crowd: Crowd,
    own: Groups,
    name: str,
    key: bytes,
    least: Thresholds,
    whole: Published | None = None,
) -> Published:
    """Return the figures of a theme's groups, or, without ``whole``, of the whole side's.

    ``name`` tells the theme from others for the secret ``key``; ``least.figures`` is also the step
    to which figures are rounded. Comments of a theme may be read from ``least.comments``
    people on; those of a part of it where its figure is of so many at least.
    """
    step = least.figures
    shown = suppress.shown(own, step, (whole.groups, whole.shown) if whole else None)
    measure, group = np.nonzero(shown)
    labels = [repr(named(crowd, row)) for row in own.filters.tolist()]
    names = [
        f"{name}\x1f{MEASURES[m]}\x1f{labels[g]}"
        for m, g in zip(measure.tolist(), group.tolist(), strict=True)
    ]
    figures = np.zeros(shown.shape, dtype=np.int64)
    figures[measure, group] = rounding.rounded(
        own.sizes[measure, group], rounding.offsets(key, names, step), step
    )
    # A figure that stands for enough people says so itself: being readable tells nothing more.
    readable = shown & (rounding.bounds(figures, step)[0] >= least.comments)
    readable[0, 0] = own.sizes[0, 0] >= least.comments
    return Published(own, figures, readable)
