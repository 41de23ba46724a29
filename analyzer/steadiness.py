"""A refit leaves segments where people know them, as long as they fit there.

Where two themes border on each other many segments belong to either, and every run draws the border
a little differently. Nobody wants to see that. A segment whose theme is found again, and that now
lies in another theme that people know, stays where it was unless it is further from that theme than
is usual for it. Into themes that are new, segments go as the run says.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analyzer.discover.assign import Known, centroids
from analyzer.grouping import Grouped, SideModel
from analyzer.identity import Span, Standing, matched, number_of, overlap
from analyzer.reading import Read
from analyzer.types import Labels

# A segment fits its theme if this share of the theme's own segments lie further from its centroid.
MISFITS = 0.05


def steady(read: Read, grouped: Grouped, standing: Standing) -> Grouped:
    """Return the grouping with the segments that may stay where they were before."""
    count = len(grouped.broad)
    home = _homes(read, grouped, standing, count)
    general = list(grouped.model.general.values())
    if not (home >= 0).any():
        return grouped
    centres = centroids(grouped.vectors, grouped.theme, count)
    cosine = (grouped.vectors * centres[np.maximum(home, 0)]).sum(axis=1)
    own = (grouped.vectors * centres[grouped.theme]).sum(axis=1)
    floor = np.array([_quantile(own[grouped.theme == at]) for at in range(count)], dtype=np.float64)
    known = np.isin(grouped.theme, home[home >= 0])
    judging = np.isin(grouped.theme, general) | np.isin(home, general)
    stays = (home >= 0) & known & ~judging & (cosine >= floor[np.maximum(home, 0)])
    theme = np.where(stays, home, grouped.theme)
    if len(np.unique(theme)) < count:
        # A theme that lost everything would be none: then the run's own grouping stands.
        return grouped
    return replace(grouped, theme=theme, model=_model(grouped, theme))


def _quantile(cosine: np.ndarray) -> float:
    return float(np.quantile(cosine, MISFITS)) if len(cosine) else 1.0


def _homes(read: Read, grouped: Grouped, standing: Standing, count: int) -> Labels:
    """Return the theme (n,) of this run that each segment's former theme is now, -1 if none."""
    old = sorted(standing.themes, key=number_of)
    at = {theme: place for place, theme in enumerate(old)}

    def span(number: int) -> Span:
        segment = read.segments[number]
        return segment.comment_id, segment.start, segment.end

    before = np.array(
        [at.get(standing.theme_of.get(span(i), ""), -1) for i in range(len(read.segments))],
        dtype=np.int64,
    )
    same = matched(overlap(before, grouped.theme, len(old), count))
    now = np.array([same.get(place, -1) for place in range(len(old))] + [-1], dtype=np.int64)
    homes: Labels = now[before]
    return homes


def _model(grouped: Grouped, theme: Labels) -> SideModel:
    """Return the model that knows where the segments stayed."""
    model = grouped.model
    number = np.zeros(len(grouped.broad), dtype=np.int64)
    number[model.rank] = np.arange(len(model.rank))
    moved = number[theme[model.kept]]
    centres = centroids(model.known.vectors, moved, len(model.rank))
    empty = np.bincount(moved, minlength=len(model.rank)) == 0
    centres[empty] = model.known.centroids[empty]
    return replace(model, known=Known(model.known.vectors, moved, centres))
