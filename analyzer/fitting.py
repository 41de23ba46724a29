"""A run from scratch: every comment is read, themes are found, those that stood keep their ids."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analyzer import (
    found,
    hearing,
    identity,
    memory,
    pipeline,
    projection,
    queries,
    results,
    standing,
)
from analyzer.embed import CachedEmbedder
from analyzer.settings import Settings
from analyzer.types import SIDES, Progress

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True)
class Job:
    """What a run works with.

    ``basis`` is all that a result depends on beside the comments, ``row`` makes the run's row of
    its notes, ``began`` is the state in which the run found the database.
    """

    db: Database
    reader: sqlite3.Connection
    settings: Settings
    background: pipeline.Background
    embedder: CachedEmbedder
    seed: int
    strategy: str
    basis: str
    row: Callable[[Sequence[str]], results.RunRow]
    began: results.State
    progress: Progress


def fit(job: Job, notes: Sequence[str]) -> int:
    """Analyse all comments and write the result in the place of the one before.

    Returns the number of the run.
    """
    comments = queries.comments(job.reader)
    before = standing.read(job.reader, job.embedder.fingerprint)
    analysis, model = pipeline.fit(
        comments,
        job.embedder,
        job.background,
        job.settings,
        np.random.default_rng(job.seed),
        strategy_name=job.strategy,
        standing=before,
        progress=job.progress,
    )
    written = ((hearing.writer(c), c.text) for c in comments if c.side == "employee")
    heard = hearing.heard_by(written, job.settings.min_group_figures)
    sides = {
        side: identity.continued(
            analysis.sides[side], before[side], heard if side == "employee" else None
        )
        for side in SIDES
    }
    analysis = identity.renamed(analysis, sides)
    whole = {row.side.themes[at].id for row in sides.values() for at in row.kept_whole}
    there = {theme.id for row in sides.values() for theme in row.side.themes}
    job.progress("store", 0, 1)
    number = results.replace_analysis(
        job.db,
        job.row([*notes, *analysis.notes, *_held_notes(sorted(whole))]),
        analysis,
        held=found.only(projection.read_found(job.reader) or found.NOTHING, whole, there),
        parents={key: value for row in sides.values() for key, value in row.parents.items()},
        kept=results.Kept(job.basis, len(comments), memory.dump(memory.remember(model, sides))),
        began=job.began,
    )
    job.progress("store", 1, 1)
    return number


def _held_notes(themes: Sequence[str]) -> list[str]:
    """Return a note on the themes that are there only because people's edits name them."""
    if not themes:
        return []
    return [
        f"Kept because edits name them, though this run did not find them: {', '.join(themes)}."
    ]
