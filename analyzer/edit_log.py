"""The events of people in the database: kept for good, in the order in which they came."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from analyzer.edits import Edit
from analyzer.lineage import Born


def read(db: sqlite3.Connection) -> list[Edit]:
    """Return every event, undone ones too, the oldest first."""
    rows = db.execute(
        "SELECT id, at, who, action, targets, payload, why, run_id, undone_by FROM edits "
        "ORDER BY id"
    )
    return [
        Edit(
            key, at, who, action, tuple(json.loads(targets)), json.loads(payload), why, run, undone
        )
        for key, at, who, action, targets, payload, why, run, undone in rows
    ]


def add(
    db: sqlite3.Connection,
    *,
    at: str,
    who: str,
    action: str,
    targets: Sequence[str],
    payload: Mapping[str, Any],
    why: str,
) -> int:
    """Write an event about the newest run, and return its number."""
    cursor = db.execute(
        "INSERT INTO edits (at, who, action, targets, payload, why, run_id) "
        "VALUES (?, ?, ?, ?, ?, ?, (SELECT max(id) FROM runs))",
        [
            at, who, action, json.dumps(list(targets)), json.dumps(payload, ensure_ascii=False), why
        ],
    )  # fmt: skip
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def set_undone(db: sqlite3.Connection, edit: int, by: int | None) -> None:
    """Say by which event another was undone; None: it holds again."""
    db.execute("UPDATE edits SET undone_by = ? WHERE id = ?", [by, edit])


def born(db: sqlite3.Connection) -> dict[str, Born]:
    """Return of every theme id ever given where it came from."""
    rows = db.execute("SELECT id, parent, run_id FROM identities")
    return {row[0]: Born(row[1], row[2]) for row in rows}


def add_identity(
    db: sqlite3.Connection, theme_id: str, side: str, run: int | None, parent: str | None
) -> None:
    """Remember an id for good; one that is known stays as it is."""
    db.execute(
        "INSERT OR IGNORE INTO identities (id, side, run_id, parent) VALUES (?, ?, ?, ?)",
        [theme_id, side, run, parent],
    )


def next_number(db: sqlite3.Connection, prefix: str) -> int:
    """Return the next number never given to an id of this prefix: e, c, eb or cb."""
    start = len(prefix) + 1
    row = db.execute(
        f"SELECT max(CAST(substr(id, {start}) AS INTEGER)) FROM identities "
        "WHERE id GLOB ? || '[0-9]*'",
        [prefix],
    ).fetchone()
    return int(row[0] or 0) + 1
