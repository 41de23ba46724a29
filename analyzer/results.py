"""Write what runs find, people's edits in it, and the record of changes: one transaction a run.

A run from scratch takes the place of the one before; one that looked at new comments only adds.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analyzer import arrivals, found, projection, record
from analyzer.database import transaction
from analyzer.errors import Locked
from analyzer.types import SIDES, Analysis, Dropped, Segment, SideAnalysis

if TYPE_CHECKING:
    from sqlite_utils import Database

# What a run from scratch puts anew, in the order in which it can be emptied.
RESULT = ("closest", "pairs", "exemplars", "gathering", "segments", "dropped")


@dataclass(frozen=True, slots=True)
class RunRow:
    """What is remembered of a run, before it has a number."""

    finished_at: str
    seconds: float
    seed: int
    strategy: str
    embedder: str
    fingerprint: str
    settings: Mapping[str, Any]
    versions: Mapping[str, str]
    inputs: Sequence[str]
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a run leaves for the next: see ``model_file``; ``basis`` is what it depends on.

    ``comments`` is how many the model was fitted on.
    """

    basis: str
    comments: int
    arrays: bytes


@dataclass(frozen=True, slots=True)
class State:
    """What a run began from; if it is another when the run ends, somebody else wrote meanwhile."""

    last_run: int
    identities: int
    comments: str


def state(connection: sqlite3.Connection) -> State:
    """Return the state that a run begins from."""
    row = connection.execute(
        "SELECT (SELECT coalesce(max(id), 0) FROM runs), (SELECT count(*) FROM identities)"
    ).fetchone()
    return State(row[0], row[1], arrivals.state(connection))


def replace_analysis(
    db: Database,
    run: RunRow,
    analysis: Analysis,
    *,
    held: found.Found = found.NOTHING,
    parents: Mapping[str, str] | None = None,
    kept: Kept | None = None,
    began: State | None = None,
) -> int:
    """Write a run and put its result in the place of the one before; return the run's number.

    People's edits are applied to it, and what changed is recorded. ``held`` is what themes keep
    that stay because people's edits name them; ``parents`` says from which theme a new one split
    off.

    Raises:
        Locked: the database is not as the run found it (``began``).
    """
    with transaction(db):
        _unchanged(db, began)
        before = record.remember(db.conn)
        for table in RESULT:
            db.execute(f"DELETE FROM {table}")
        number = add_run(db, run)
        result = found.joined(found.of(analysis), held)
        projection.write_found(db.conn, number, result)
        projection.write_themes(db.conn, result)
        for side in SIDES:
            write_segments(db, _segments_of(analysis.sides[side]))
        keep_model(db, number, kept)
        finish_run(db, number, run.notes, before, parents or {})
    return number


@dataclass(frozen=True)
class NewSegments:
    """Segments of one side that a run added, with the ids of their themes."""

    segments: Sequence[Segment]
    themes: Sequence[str]
    confidence: Sequence[float]
    polarity: Sequence[float]
    dropped: Sequence[Dropped]


@dataclass(frozen=True)
class Addition:
    """What a run added to the analysis that stood.

    ``joined`` are segments of earlier runs that belong to a new theme now. ``strays`` are all that
    gather from now on beside those of before, with their vectors as float16.
    """

    sides: Sequence[NewSegments]
    result: found.Found
    joined: Mapping[found.Ref, str]
    strays: Mapping[found.Ref, bytes]
    kept: Kept | None


def add_to_analysis(db: Database, run: RunRow, addition: Addition, began: State) -> int:
    """Write a run that looked at new comments only; return its number.

    Raises:
        Locked: the database is not as the run found it (``began``).
    """
    with transaction(db):
        _unchanged(db, began)
        before = record.remember(db.conn)
        number = add_run(db, run)
        projection.write_found(db.conn, number, addition.result)
        projection.write_themes(db.conn, addition.result)
        for side in addition.sides:
            write_segments(db, side)
        joined = [(theme, *ref) for ref, theme in addition.joined.items()]
        db.conn.executemany(
            "UPDATE segments SET found_theme_id = ?1, theme_id = ?1 "
            "WHERE comment_id = ?2 AND position = ?3",
            joined,
        )
        db.conn.executemany(
            "DELETE FROM gathering WHERE comment_id = ? AND position = ?",
            [ref for _, *ref in joined],
        )
        db.conn.executemany(
            "INSERT INTO gathering VALUES (?, ?, ?)",
            [(*ref, vector) for ref, vector in addition.strays.items()],
        )
        if addition.kept is not None:
            keep_model(db, number, addition.kept)
        finish_run(db, number, run.notes, before, {})
    return number


def _unchanged(db: Database, began: State | None) -> None:
    if began is None:
        return
    now = state(db.conn)
    if now.comments != began.comments:
        raise Locked(
            "Comments were imported or taken back while the analysis ran, so its result was "
            "not kept. Run it again: what was embedded is kept."
        )
    if now != began:
        raise Locked(
            "Another process analysed or edited the database while this run was working. Nothing "
            "was written; run it again."
        )


def add_run(db: Database, run: RunRow) -> int:
    """Write what is remembered of a run and return its number."""
    cursor = db.execute(
        "INSERT INTO runs (finished_at, seconds, seed, strategy, embedder, fingerprint, "
        "settings, versions, inputs, notes, comments_state) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            run.finished_at, run.seconds, run.seed, run.strategy, run.embedder, run.fingerprint,
            json.dumps(run.settings), json.dumps(run.versions), json.dumps(list(run.inputs)), "[]",
            arrivals.state(db),
        ],
    )  # fmt: skip
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def finish_run(
    db: Database, run: int, notes: Sequence[str], before: record.Before, parents: Mapping[str, str]
) -> None:
    """Apply people's edits, record what changed, and write the run's notes."""
    record.remember_ids(db.conn, run, parents)
    shown = projection.project(db.conn)
    record.write(db.conn, run, before)
    told = json.dumps([*notes, *shown.notes], ensure_ascii=False)
    db.execute("UPDATE runs SET notes = ? WHERE id = ?", [told, run])


def keep_model(db: Database, run: int, kept: Kept | None) -> None:
    """Keep what the next run needs, in the place of what there was."""
    db.execute("DELETE FROM models")
    if kept is not None:
        db.execute(
            "INSERT INTO models VALUES (?, ?, ?, ?)", [run, kept.basis, kept.comments, kept.arrays]
        )


def write_segments(db: Database, side: NewSegments) -> None:
    """Write segments under the themes that the run found, and what was left out."""
    db.conn.executemany(
        "INSERT INTO segments (comment_id, position, start_at, end_at, language, theme_id, "
        "found_theme_id, confidence, polarity) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                segment.comment_id, segment.index, segment.start, segment.end, segment.language,
                theme, theme, round(float(confidence), 6), float(polarity),
            )
            for segment, theme, confidence, polarity in zip(
                side.segments, side.themes, side.confidence, side.polarity, strict=True
            )
        ],
    )  # fmt: skip
    db.conn.executemany(
        "INSERT INTO dropped VALUES (?, ?, ?, ?)",
        [(gone.comment_id, gone.start, gone.end, gone.reason) for gone in side.dropped],
    )


def _segments_of(side: SideAnalysis) -> NewSegments:
    return NewSegments(
        side.segments,
        [side.themes[at].id for at in side.theme.tolist()],
        side.confidence.tolist(),
        side.polarity.tolist(),
        side.dropped,
    )
