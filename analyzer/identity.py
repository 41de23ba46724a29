"""Theme ids for life: the themes of a new run are those that stood before, as far as they can be.

Old and new themes are matched one to one by the segments that they share. Only segments that both
runs know count, so that a theme may grow as it likes. The matching is the one with the largest sum
of Jaccard similarities (Kuhn 1955, The Hungarian method), which keeps small themes as well as large
ones. A match needs MIN_SHARE; what is not matched gets a number that was never used.

A theme that people's edits name (``held``) never vanishes: if a new run does not find it, it keeps
the segments that it had.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from analyzer.hearing import are_heard
from analyzer.types import Analysis, BroadTheme, Labels, Pair, Side, SideAnalysis, Theme

# Two themes that share less of what they have together (Jaccard) are two themes. At .3, three even
# parts of a theme leave its id to one of them; random groupings of the same sizes stay below .1.
MIN_SHARE = 0.3
# A theme that shares at least this keeps its label: most of what people know by it is there.
SAME_CONTENT = 0.5
# Themes without any segment in common are the same from this cosine of their centroids on.
SAME_CENTRE = 0.9

# What stands between the labels of themes in that of a broad theme: see ``describe``.
JOINED = " · "

# A comment's id, and where a segment begins and ends there.
Span = tuple[str, int, int]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Standing:
    """One side as it stood before a run.

    ``theme_of`` is the theme of each segment, before people's merges; ``themes`` and ``broad`` are
    by id. The next numbers were never used. ``same_space``: centroids can be compared.
    """

    theme_of: Mapping[Span, str] = field(default_factory=dict)
    themes: Mapping[str, Theme] = field(default_factory=dict)
    broad: Mapping[str, BroadTheme] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    next_theme: int = 1
    next_broad: int = 1
    same_space: bool = False


@dataclass(frozen=True)
class Continued:
    """One side's result under its lasting ids.

    ``number`` (n_themes_found,) is where each theme of the run stands now in ``side.themes``;
    ``kept_whole`` are the segments (indices) that a held theme kept, by its number. ``parents``
    says from which theme a new one split off.
    """

    side: SideAnalysis
    number: Labels
    kept_whole: Mapping[int, Labels]
    parents: Mapping[str, str]


def overlap(before: Labels, after: Labels, n_before: int, n_after: int) -> Matrix:
    """Return how many segments each old and each new theme share (n_before, n_after).

    ``before`` and ``after`` (n,) are each segment's themes; -1: it had none.
    """
    shared = np.zeros((n_before, n_after))
    both = (before >= 0) & (after >= 0)
    np.add.at(shared, (before[both], after[both]), 1.0)
    return shared


def jaccard(shared: Matrix) -> Matrix:
    """Return what old and new themes share of what they have together, 0..1."""
    union = shared.sum(axis=1)[:, None] + shared.sum(axis=0) - shared
    result: Matrix = shared / np.maximum(union, 1.0)
    return result


def matched(shared: Matrix, nearness: Matrix | None = None) -> dict[int, int]:
    """Return old theme -> new theme, one to one, for those that are the same.

    ``nearness`` (n_before, n_after), cosines of centroids, decides ties, and alone where a theme
    shares no segment with any other.
    """
    from scipy.optimize import linear_sum_assignment

    alike = jaccard(shared)
    tie = np.zeros_like(alike) if nearness is None else nearness
    pairs = zip(*linear_sum_assignment(-(alike + 1e-6 * tie)), strict=True)
    found = {int(old): int(new) for old, new in pairs if alike[old, new] >= MIN_SHARE}
    if nearness is None:
        return found
    lone_old = [i for i in np.flatnonzero(shared.sum(axis=1) == 0).tolist() if i not in found]
    taken = set(found.values())
    lone_new = [i for i in np.flatnonzero(shared.sum(axis=0) == 0).tolist() if i not in taken]
    close = nearness[np.ix_(lone_old, lone_new)]
    for old, new in zip(*linear_sum_assignment(-close), strict=True):
        if close[old, new] >= SAME_CENTRE:
            found[lone_old[old]] = lone_new[new]
    return found


def continued(
    side: SideAnalysis, standing: Standing, heard: Collection[str] | None = None
) -> Continued:
    """Return the side's result with the ids and labels of the themes that stood before.

    A label with a word that is not ``heard``, if that is given, is not kept.
    """
    old = sorted(standing.themes, key=number_of)
    before = _before(side, standing, old)
    shared = overlap(before, side.theme, len(old), len(side.themes))
    same = matched(shared, _nearness(side, standing, old))
    known = {new: old[o] for o, new in same.items()}
    ids = _ids(side.side[0], len(side.themes), known, standing.next_theme)
    alike = jaccard(shared)
    kept = {
        new
        for o, new in same.items()
        if (alike[o, new] >= SAME_CONTENT or not shared[o].any())
        and (heard is None or are_heard(standing.themes[old[o]].label, heard))
    }
    named = {key for key, theme in standing.themes.items() if theme.label != key}
    themes = [
        replace(
            theme,
            id=ids[at],
            # A theme that is called by its id lost its label to an erasure.
            label=standing.themes[ids[at]].label if at in kept and ids[at] in named else "",
        )
        for at, theme in enumerate(side.themes)
    ]
    fresh = [theme.label for theme in side.themes]
    labels = distinct([theme.label for theme in themes], fresh, [t.terms for t in side.themes])
    themes = [replace(t, label=name) for t, name in zip(themes, labels, strict=True)]
    lost = [o for o in range(len(old)) if o not in same and old[o] in standing.held]
    parents = {
        ids[new]: old[int(shared[:, new].argmax())]
        for new in range(len(ids))
        if new not in same.values() and len(old)
        and shared[:, new].max() >= max(side.themes[new].segments / 2, 1)
    }  # fmt: skip
    broad = _broad(side, standing, old, before)
    now = {was.id: row.id for was, row in zip(side.broad, broad, strict=True)}
    themes = [replace(theme, broad=now[theme.broad]) for theme in themes]
    result = replace(side, themes=tuple(themes), broad=_labelled(broad, themes, standing))
    return _held(result, standing, [(old[o], np.flatnonzero(before == o)) for o in lost], parents)


def number_of(theme_id: str) -> tuple[int, str]:
    """Return what orders ids as they were given: e2 before e10."""
    digits = "".join(c for c in theme_id if c.isdigit())
    return int(digits or 0), theme_id


def _before(side: SideAnalysis, standing: Standing, old: Sequence[str]) -> Labels:
    at = {theme_id: place for place, theme_id in enumerate(old)}
    spans = ((s.comment_id, s.start, s.end) for s in side.segments)
    return np.array([at.get(standing.theme_of.get(span, ""), -1) for span in spans], dtype=np.int64)


def _nearness(side: SideAnalysis, standing: Standing, old: Sequence[str]) -> Matrix | None:
    """Return the cosines of old and new centroids, None if they are of different spaces."""
    if not (standing.same_space and old and side.themes):
        return None
    new = np.array([theme.centroid for theme in side.themes])
    was = [standing.themes[theme_id].centroid for theme_id in old]
    if any(len(row) != new.shape[1] for row in was):
        return None
    cosine: Matrix = (np.array(was) @ new.T).astype(np.float64)
    return cosine


def _ids(prefix: str, count: int, known: Mapping[int, str], following: int) -> list[str]:
    """Return an id for each of ``count`` themes: the known one, or the next number."""
    result = []
    for at in range(count):
        if at in known:
            result.append(known[at])
        else:
            result.append(f"{prefix}{following}")
            following += 1
    return result


def distinct(
    kept: Sequence[str], fresh: Sequence[str], terms: Sequence[Sequence[str]]
) -> list[str]:
    """Return a label for each theme, none twice: the one kept, or where that is "" the fresh one.

    A fresh label that another theme has is told apart by one of its theme's terms.
    """
    taken = {label.casefold() for label in kept if label}
    result = []
    for old, new, words in zip(kept, fresh, terms, strict=True):
        label = old
        if not old:
            longer = [f"{new} ({word})" for word in words if word not in new]
            numbered = [f"{new} ({count})" for count in range(2, len(kept) + 3)]
            label = next(c for c in (new, *longer, *numbered) if c.casefold() not in taken)
            taken.add(label.casefold())
        result.append(label)
    return result


def _broad(
    side: SideAnalysis, standing: Standing, old: Sequence[str], before: Labels
) -> list[BroadTheme]:
    """Return the broad themes under their lasting ids."""
    was = sorted(standing.broad, key=number_of)
    place = {broad_id: at for at, broad_id in enumerate(was)}
    wide_before = np.full(len(before), -1, dtype=np.int64)
    for at, theme_id in enumerate(old):
        wide_before[before == at] = place.get(standing.themes[theme_id].broad, -1)
    held = {broad.id: at for at, broad in enumerate(side.broad)}
    wide_of = np.array([held[theme.broad] for theme in side.themes], dtype=np.int64)
    wide = wide_of[side.theme] if len(side.theme) else side.theme
    same = matched(overlap(wide_before, wide, len(was), len(side.broad)))
    known = {new: was[o] for o, new in same.items()}
    ids = _ids(f"{side.side[0]}b", len(side.broad), known, standing.next_broad)
    return [replace(row, id=key) for row, key in zip(side.broad, ids, strict=True)]


def _labelled(
    broad: Sequence[BroadTheme], themes: Sequence[Theme], standing: Standing
) -> tuple[BroadTheme, ...]:
    """Return the broad themes named by their two largest themes, as these are named now.

    One keeps the name that it had while the themes in it are still there.
    """
    result = []
    for row in broad:
        own = sorted((t for t in themes if t.broad == row.id), key=lambda theme: -theme.segments)
        label = JOINED.join(theme.label for theme in own[:2])
        before = standing.broad.get(row.id)
        if before and set(before.label.split(JOINED)) <= {theme.label for theme in own}:
            label = before.label
        result.append(replace(row, label=label))
    return tuple(result)


def _held(
    side: SideAnalysis,
    standing: Standing,
    lost: Sequence[tuple[str, Labels]],
    parents: Mapping[str, str],
) -> Continued:
    """Give held themes that were not found the segments that they had; empty themes go."""
    theme = side.theme.copy()
    themes = list(side.themes)
    count = len(themes)
    whole: dict[int, Labels] = {}
    for theme_id, members in lost:
        if len(members):
            nearest = int(np.bincount(side.theme[members]).argmax())
            theme[members] = len(themes)
            whole[len(themes)] = members
            was = standing.themes[theme_id]
            themes.append(replace(was, broad=side.themes[nearest].broad, segments=len(members)))
    sizes = np.bincount(theme, minlength=len(themes))
    stays = np.flatnonzero(sizes > 0)
    now = np.full(len(themes), -1, dtype=np.int64)
    now[stays] = np.arange(len(stays))
    # What an emptied theme would attract belongs to the theme that took its segments.
    for at in np.flatnonzero(now[:count] < 0).tolist():
        now[at] = now[int(np.bincount(theme[side.theme == at]).argmax())]
    kept = tuple(themes[at] for at in stays.tolist())
    return Continued(
        side=replace(side, theme=now[theme] if len(theme) else theme, themes=kept),
        number=now[:count],
        kept_whole={int(now[at]): members for at, members in whole.items()},
        parents={key: value for key, value in parents.items() if key in {t.id for t in kept}},
    )


def renamed(analysis: Analysis, sides: Mapping[Side, Continued]) -> Analysis:
    """Return the analysis with lasting ids in its sides and its pairs."""
    ids = {
        side: {
            theme.id: row.side.themes[at].id
            for theme, at in zip(analysis.sides[side].themes, row.number.tolist(), strict=True)
        }
        for side, row in sides.items()
    }
    pairs: dict[tuple[str, str], Pair] = {}
    # The likeliest come first: of two that are one now, the likelier stays.
    for pair in analysis.pairs:
        key = ids["employee"][pair.employee_theme_id], ids["customer"][pair.customer_theme_id]
        pairs.setdefault(key, replace(pair, employee_theme_id=key[0], customer_theme_id=key[1]))
    return replace(
        analysis,
        sides={side: row.side for side, row in sides.items()},
        pairs=tuple(pairs.values()),
    )
