"""Read the imports that there were: one import of one file is a batch, and can be taken back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analyzer.types import Rejected


@dataclass(frozen=True, slots=True)
class Batch:
    """One import of one file. The counts are those of the day; ``undone_at`` None: it stands.

    ``tracked`` is false for imports of older versions, which did not keep what an undo needs.
    """

    id: int
    file: str
    sha256: str
    side: str
    kind: str
    format: str
    mapping: Mapping[str, Any]
    imported_at: str
    row_count: int
    new: int
    changed: int
    unchanged: int
    duplicate: int
    empty: int
    rejected: int
    tracked: bool
    undone_at: str | None


_COLUMNS = ", ".join(Batch.__dataclass_fields__)


def batches(db: sqlite3.Connection) -> list[Batch]:
    """Return every import, the oldest first."""
    return [_batch(row) for row in db.execute(f"SELECT {_COLUMNS} FROM imports ORDER BY id")]


def batch(db: sqlite3.Connection, number: int) -> Batch | None:
    """Return one import, None if there is none of that number."""
    row = db.execute(f"SELECT {_COLUMNS} FROM imports WHERE id = ?", [number]).fetchone()
    return _batch(row) if row else None


def earlier(db: sqlite3.Connection, number: int) -> Batch | None:
    """Return the newest standing import of the same file before this one, None if there is none."""
    row = db.execute(
        "SELECT max(b.id) FROM imports a JOIN imports b ON b.sha256 = a.sha256 AND b.id < a.id "
        "AND b.side = a.side AND b.kind = a.kind AND b.undone_at IS NULL WHERE a.id = ?",
        [number],
    ).fetchone()
    return None if row[0] is None else batch(db, row[0])


def of_other_side(db: sqlite3.Connection, sha256: str, side: str) -> Batch | None:
    """Return the newest standing import of a file as comments of the other side, or None."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM imports WHERE sha256 = ? AND side <> ? AND undone_at IS NULL "
        "ORDER BY id DESC LIMIT 1",
        [sha256, side],
    ).fetchone()
    return _batch(row) if row else None


def rejected_rows(db: sqlite3.Connection, number: int) -> list[Rejected]:
    """Return the rows of an import that were kept aside: where and why, never their text."""
    rows = db.execute(
        "SELECT row_number, reason, column_name FROM rejected_rows WHERE import_id = ? "
        "ORDER BY row_number",
        [number],
    )
    return [Rejected(*row) for row in rows]


def _batch(row: sqlite3.Row | tuple[Any, ...]) -> Batch:
    values = dict(zip(Batch.__dataclass_fields__, row, strict=True))
    values["mapping"] = json.loads(values["mapping"])
    values["tracked"] = bool(values["tracked"])
    return Batch(**values)
