"""Typed reads of what happened: edits by people in order, and what each run changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from analyzer import edit_log
from analyzer.edits import Edit
from analyzer.types import Side

KINDS = ("new", "grown", "shrunk", "split", "merged", "gone")


@dataclass(frozen=True, slots=True)
class ThemeChangeRow:
    """What happened to a theme in a run: see :class:`analyzer.changes.ThemeChange`."""

    run: int
    side: Side
    kind: str
    theme_id: str
    other_id: str | None
    label: str
    segments_before: int
    segments_after: int
    moved: int


@dataclass(frozen=True, slots=True)
class PairChangeRow:
    """A pair that a run found first (``new``), or no longer (``gone``)."""

    run: int
    kind: str
    employee_theme_id: str
    customer_theme_id: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What one run changed."""

    themes: Sequence[ThemeChangeRow]
    pairs: Sequence[PairChangeRow]

    def ids(self, side: Side, kind: str) -> list[str]:
        """Return the themes of a side to which this happened, each once."""
        rows = (row for row in self.themes if (row.side, row.kind) == (side, kind))
        return list(dict.fromkeys(row.theme_id for row in rows))

    def ends(self, kind: str) -> list[tuple[str, str]]:
        """Return the pairs that are ``new`` or ``gone``."""
        return [
            (row.employee_theme_id, row.customer_theme_id) for row in self.pairs if row.kind == kind
        ]

    def counts(self) -> dict[str, int]:
        """Return how many themes are in each kind of change, and ``pairs new``, ``pairs gone``."""
        themes = {(row.kind, row.theme_id) for row in self.themes}
        kinds = [kind for kind, _ in themes]
        pairs = [row.kind for row in self.pairs]
        return {
            **{kind: kinds.count(kind) for kind in KINDS},
            **{f"pairs {kind}": pairs.count(kind) for kind in ("new", "gone")},
        }


def changes(db: sqlite3.Connection, run: int | None = None) -> Changes:
    """Return what a run changed; without ``run``, the newest."""
    if run is None:
        run = db.execute("SELECT coalesce(max(id), 0) FROM runs").fetchone()[0]
    themes = db.execute(
        "SELECT run_id, side, kind, theme_id, other_id, label, segments_before, segments_after, "
        "moved FROM theme_changes WHERE run_id = ? ORDER BY rowid",
        [run],
    )
    pairs = db.execute(
        "SELECT run_id, kind, employee_theme_id, customer_theme_id FROM pair_changes "
        "WHERE run_id = ? ORDER BY rowid",
        [run],
    )
    return Changes([ThemeChangeRow(*row) for row in themes], [PairChangeRow(*row) for row in pairs])


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run, as a list of runs shows it."""

    id: int
    finished_at: str
    seconds: float
    embedder: str
    strategy: str
    seed: int
    notes: tuple[str, ...]


def runs(db: sqlite3.Connection, most: int = 50) -> list[RunLine]:
    """Return the newest runs, the newest first."""
    return _runs(db, "ORDER BY id DESC LIMIT ?", most)


def run(db: sqlite3.Connection, number: int) -> RunLine | None:
    """Return one run, None if there is none of that number."""
    return next(iter(_runs(db, "WHERE id = ?", number)), None)


def _runs(db: sqlite3.Connection, which: str, value: int) -> list[RunLine]:
    rows = db.execute(
        f"SELECT id, finished_at, seconds, embedder, strategy, seed, notes FROM runs {which}",
        [value],
    )
    names = RunLine.__dataclass_fields__
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return [RunLine(**{**row, "notes": tuple(json.loads(row["notes"]))}) for row in found]


def edits(db: sqlite3.Connection) -> list[Edit]:
    """Return the edits of people, the oldest first; those undone too."""
    return edit_log.read(db)
