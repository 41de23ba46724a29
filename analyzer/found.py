"""What a run found, as it is kept: themes, broad themes and pairs, whose segments lie in the store.

It is the algorithm's own result, before any edit by people. Segments are named by their comment and
their place in it, so that the result outlives the arrays of the run.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from analyzer.types import (
    SIDES,
    Analysis,
    BroadTheme,
    Evidence,
    Pair,
    Polarity,
    Segment,
    Sign,
    Theme,
)

# A segment: the id of its comment and its index there.
Ref = tuple[str, int]
# Two segments, the employee's first, and their cosine.
Close = tuple[Ref, Ref, float]
Ends = tuple[str, str]


@dataclass(frozen=True)
class Found:
    """The result of a run.

    The themes' own ``exemplars`` and the pairs' ``evidence.closest`` are empty: they stand in
    ``exemplars`` (by theme id) and ``closest`` (by the ids of both themes) as references.
    """

    themes: tuple[Theme, ...]
    broad: tuple[BroadTheme, ...]
    pairs: tuple[Pair, ...]
    exemplars: Mapping[str, tuple[Ref, ...]]
    closest: Mapping[Ends, tuple[Close, ...]]


NOTHING = Found((), (), (), {}, {})


def ends(pair: Pair) -> Ends:
    """Return the ids of a pair's themes."""
    return pair.employee_theme_id, pair.customer_theme_id


def of(analysis: Analysis) -> Found:
    """Return what an analysis found."""
    sides = [analysis.sides[side] for side in SIDES]
    return Found(
        themes=tuple(replace(t, exemplars=()) for side in sides for t in side.themes),
        broad=tuple(broad for side in sides for broad in side.broad),
        pairs=tuple(_bare(pair) for pair in analysis.pairs),
        exemplars={
            theme.id: tuple(_ref(side.segments[at]) for at in theme.exemplars)
            for side in sides
            for theme in side.themes
        },
        closest={
            ends(pair): tuple(
                (_ref(sides[0].segments[e]), _ref(sides[1].segments[c]), float(cosine))
                for e, c, cosine in pair.evidence.closest
            )
            for pair in analysis.pairs
        },
    )


def _ref(segment: Segment) -> Ref:
    return segment.comment_id, segment.index


def _bare(pair: Pair) -> Pair:
    return replace(pair, evidence=replace(pair.evidence, closest=()))


def only(found: Found, themes: Collection[str], there: Collection[str]) -> Found:
    """Return what belongs to some themes: exemplars, and pairs whose other theme is ``there``."""
    pairs = [
        pair
        for pair in found.pairs
        if set(ends(pair)) & set(themes) and set(ends(pair)) <= set(there)
    ]
    keys = {ends(pair) for pair in pairs}
    return Found(
        themes=(),
        broad=(),
        pairs=tuple(pairs),
        exemplars={key: rows for key, rows in found.exemplars.items() if key in themes},
        closest={key: rows for key, rows in found.closest.items() if key in keys},
    )


def joined(found: Found, more: Found) -> Found:
    """Return both results as one; what stands in both is as ``found`` has it."""
    known = {ends(pair) for pair in found.pairs}
    pairs = (*found.pairs, *(pair for pair in more.pairs if ends(pair) not in known))
    return Found(
        themes=(*found.themes, *more.themes),
        broad=(*found.broad, *more.broad),
        pairs=tuple(sorted(pairs, key=lambda pair: (-pair.probability, ends(pair)))),
        exemplars={**more.exemplars, **{k: v for k, v in found.exemplars.items() if v}},
        closest={**more.closest, **found.closest},
    )


def dump(found: Found) -> str:
    """Return the result as JSON."""
    return json.dumps(
        {
            "themes": [_plain(theme) for theme in found.themes],
            "broad": [asdict(broad) for broad in found.broad],
            "pairs": [pair_values(pair) for pair in found.pairs],
            "exemplars": found.exemplars,
            "closest": [[*key, rows] for key, rows in found.closest.items()],
        },
        ensure_ascii=False,
    )


def load(text: str) -> Found:
    """Return the result that :func:`dump` wrote."""
    data = json.loads(text)
    return Found(
        themes=tuple(_theme(row) for row in data["themes"]),
        broad=tuple(BroadTheme(**_levelled(row)) for row in data["broad"]),
        pairs=tuple(pair_of(row) for row in data["pairs"]),
        exemplars={
            key: tuple((comment, place) for comment, place in rows)
            for key, rows in data["exemplars"].items()
        },
        closest={
            (employee, customer): tuple(
                ((left[0], left[1]), (right[0], right[1]), cosine) for left, right, cosine in rows
            )
            for employee, customer, rows in data["closest"]
        },
    )


def _plain(theme: Theme) -> dict[str, Any]:
    centroid = base64.b64encode(theme.centroid.astype("<f4").tobytes()).decode()
    return {**asdict(theme), "centroid": centroid}


def _theme(row: dict[str, Any]) -> Theme:
    centroid = np.frombuffer(base64.b64decode(row["centroid"]), dtype="<f4")
    return Theme(**{**_levelled(row), "centroid": centroid, "exemplars": ()})


def _levelled(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "terms": tuple(row["terms"]), "polarity": Polarity(**row["polarity"])}


def pair_values(pair: Pair) -> dict[str, Any]:
    """Return a pair as plain data, without the places of its segments."""
    return asdict(_bare(pair))


def pair_of(row: Mapping[str, Any]) -> Pair:
    """Return the pair that :func:`pair_values` wrote."""
    evidence = dict(row["evidence"])
    evidence["signs"] = tuple(Sign(**sign) for sign in evidence["signs"])
    evidence["shared_terms"] = tuple(evidence["shared_terms"])
    evidence["closest"] = ()
    return Pair(**{**row, "evidence": Evidence(**evidence)})
