"""Where a theme or a pair comes from: its run with settings, seed, model, versions; its files."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analyzer import arrivals, batches, queries
from analyzer.errors import BothsidesError, UsageError
from analyzer.rows import RunInfo


@dataclass(frozen=True, slots=True)
class Input:
    """A file that the run has read: ``comments`` counts those of the theme or pair from it."""

    batch: int
    file: str
    sha256: str
    side: str
    kind: str
    imported_at: str
    undone_at: str | None
    comments: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made a theme or a pair. ``found`` says what it is; ``current``: no comment is newer."""

    what: str
    id: str
    found: Mapping[str, Any]
    run: RunInfo
    current: bool
    inputs: Sequence[Input]


def of_theme(db: sqlite3.Connection, theme_id: str) -> Provenance:
    """Return where a theme comes from.

    Raises:
        UsageError: there is no such theme.
        BothsidesError: nothing was analysed yet.
    """
    run = _run(db)
    row = queries.theme(db, theme_id)
    if row is None:
        raise UsageError(f"There is no theme {theme_id}. List them: bothsides export themes")
    found = {
        "side": row.side, "label": row.label, "comments": row.comments, "segments": row.segments
    }  # fmt: skip
    return Provenance(
        "theme", theme_id, found, run, arrivals.is_analysed(db), _inputs(db, run, [theme_id])
    )


def of_pair(db: sqlite3.Connection, employee: str, customer: str) -> Provenance:
    """Return where a pair comes from.

    Raises:
        UsageError: these two themes are no pair.
        BothsidesError: nothing was analysed yet.
    """
    run = _run(db)
    detail = queries.pair(db, employee, customer)
    if detail is None:
        raise UsageError(
            f"The themes {employee} and {customer} are no pair. List them: bothsides export pairs"
        )
    pair = detail.pair
    found = {
        "employee": pair.employee.label, "customer": pair.customer.label, "kind": pair.kind,
        "status": pair.status, "probability": pair.probability, "edge": detail.edge,
        "signs": {sign.name: sign.value for sign in detail.signs},
    }  # fmt: skip
    inputs = _inputs(db, run, [employee, customer])
    current = arrivals.is_analysed(db)
    return Provenance("pair", f"{employee}/{customer}", found, run, current, inputs)


def _run(db: sqlite3.Connection) -> RunInfo:
    run = queries.last_run(db)
    if run is None:
        raise BothsidesError("The database was not analysed yet. Run: bothsides analyze")
    return run


def _inputs(db: sqlite3.Connection, run: RunInfo, themes: Sequence[str]) -> list[Input]:
    """Return the imports whose files the run names, but not those that came after it."""
    marks = ",".join("?" * len(themes))
    counts = dict(
        db.execute(
            "SELECT c.import_id, count(DISTINCT c.id) FROM segments s "
            f"JOIN comments c ON c.id = s.comment_id WHERE s.theme_id IN ({marks}) GROUP BY 1",
            list(themes),
        ).fetchall()
    )
    return [
        Input(
            b.id, b.file, b.sha256, b.side, b.kind, b.imported_at, b.undone_at, counts.get(b.id, 0)
        )
        for b in batches.batches(db)
        if b.sha256 in run.inputs and b.imported_at <= run.finished_at
    ]  # fmt: skip
