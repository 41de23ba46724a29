"""What a run leaves for the next: the model that gives new comments its themes, in compact form.

A theme is known by its centroid and by MOST_KNOWN of its segments, drawn by the hashes of their
texts; vectors are kept as float16. Segments that a run has read keep the theme that is stored for
them, so nothing is lost by leaving the others out.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from analyzer import gathering
from analyzer.discover.assign import Known, centroids
from analyzer.discover.space import Space
from analyzer.grouping import SideModel
from analyzer.identity import Continued
from analyzer.pipeline import Model
from analyzer.sentiment import Line, Probe
from analyzer.types import SIDES, Labels, Side, Vectors

# The known segments of a theme that vote. 300 of each instead of all change the theme of fewer than
# one new segment in a hundred, and of those most have two themes that are about as near.
MOST_KNOWN = 300


@dataclass(frozen=True)
class Memory:
    """A model whose themes have lasting ids.

    ``ids`` are the ids of each side's themes, by number. ``usual`` is the company below which a
    segment gathers: see ``gathering``.
    """

    model: Model
    ids: Mapping[Side, tuple[str, ...]]
    usual: Mapping[Side, float]


def remember(model: Model, sides: Mapping[Side, Continued]) -> Memory:
    """Return what is to be kept of a fitted model, under the lasting ids of its themes."""
    lasting = {side: _lasting(model.sides[side], sides[side]) for side in SIDES}
    small = {side: replace(row, **_fewer(row)) for side, row in lasting.items()}
    ids = {side: tuple(theme.id for theme in sides[side].side.themes) for side in SIDES}
    usual = {side: gathering.usual(row.known) for side, row in small.items()}
    return Memory(replace(model, sides=small), ids, usual)


def _lasting(model: SideModel, continued: Continued) -> SideModel:
    """Return the model in lasting numbers; a theme that was held is known by what it kept."""
    known, rank = model.known, continued.number[model.rank]
    theme, centres = known.theme.copy(), known.centroids
    for number, members in continued.kept_whole.items():
        rows = np.isin(model.kept, members)
        if rows.any():
            theme[rows] = len(centres)
            own = centroids(known.vectors[rows], np.zeros(int(rows.sum()), dtype=np.int64), 1)
            centres = np.concatenate([centres, own])
            rank = np.append(rank, number)
    return replace(
        model,
        known=Known(known.vectors, theme, centres),
        rank=rank,
        general={key: int(continued.number[at]) for key, at in model.general.items()},
    )


def _fewer(model: SideModel) -> dict[str, Any]:
    """Return the first segments of each theme; they stand in an order that comes from hashes."""
    theme = model.known.theme
    order = np.argsort(theme, kind="stable")
    starts = np.searchsorted(theme[order], np.arange(len(model.known.centroids)))
    within = np.empty(len(theme), dtype=np.int64)
    within[order] = np.arange(len(theme)) - starts[theme[order]]
    rows = np.flatnonzero(within < MOST_KNOWN)
    known = Known(model.known.vectors[rows], theme[rows], model.known.centroids)
    return {"known": known, "kept": model.kept[rows]}


def dump(memory: Memory) -> bytes:
    """Return the memory as a NumPy archive without pickles."""
    model = memory.model
    arrays: dict[str, NDArray[Any]] = {}
    meta: dict[str, Any] = {
        "usual": dict(model.usual),
        "context": model.context,
        "levels": {code: line.level for code, line in model.probe.lines.items()},
        "means": list(model.means),
        "sides": {},
    }
    for code, line in model.probe.lines.items():
        arrays[f"middle/{code}"], arrays[f"weights/{code}"] = line.middle, line.weights
    for number, mean in enumerate(model.means.values()):
        arrays[f"mean/{number}"] = mean
    for side in SIDES:
        own = model.sides[side]
        meta["sides"][side] = {
            "ids": memory.ids[side],
            "general": dict(own.general),
            "vague": sorted(own.vague),
            "prior": own.space.prior,
            "usual": memory.usual[side],
        }
        for name in ("middle", "nodes", "level", "spread"):
            arrays[f"{side}/{name}"] = getattr(own.space, name)
        arrays[f"{side}/vectors"] = own.known.vectors.astype("<f2")
        arrays[f"{side}/centroids"] = own.known.centroids
        arrays[f"{side}/theme"] = own.known.theme.astype("<i4")
        arrays[f"{side}/rank"] = own.rank.astype("<i4")
    arrays["meta"] = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
    out = io.BytesIO()
    np.savez(out, **cast("Any", arrays))
    return out.getvalue()


def load(data: bytes) -> Memory:
    """Return the memory that :func:`dump` wrote."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        meta = json.loads(arrays["meta"].tobytes())
        lines = {
            code: Line(arrays[f"middle/{code}"], arrays[f"weights/{code}"], level)
            for code, level in meta["levels"].items()
        }
        model = Model(
            probe=Probe(lines),
            means={code: arrays[f"mean/{at}"] for at, code in enumerate(meta["means"])},
            sides={side: _side_model(arrays, side, meta["sides"][side]) for side in SIDES},
            usual=meta["usual"],
            context=meta["context"],
        )
        return Memory(
            model,
            {side: tuple(meta["sides"][side]["ids"]) for side in SIDES},
            {side: meta["sides"][side]["usual"] for side in SIDES},
        )


def _side_model(arrays: Mapping[str, NDArray[Any]], side: Side, meta: dict[str, Any]) -> SideModel:
    vectors: Vectors = arrays[f"{side}/vectors"].astype(np.float32)
    theme: Labels = arrays[f"{side}/theme"].astype(np.int64)
    return SideModel(
        space=Space(
            middle=arrays[f"{side}/middle"],
            nodes=arrays[f"{side}/nodes"],
            level=arrays[f"{side}/level"],
            spread=arrays[f"{side}/spread"],
            prior=meta["prior"],
        ),
        known=Known(vectors, theme, arrays[f"{side}/centroids"]),
        rank=arrays[f"{side}/rank"].astype(np.int64),
        general=meta["general"],
        vague=frozenset(meta["vague"]),
        kept=np.zeros(0, dtype=np.int64),
    )
