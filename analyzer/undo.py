"""Take one import back, with everything that came of it; any import, in any order.

Afterwards the comments are those of a database that never had it. Those that came with it go, those
that it changed say again what they said before; one that a later import carried as well stays, and
that import answers for it from then on. Themes and pairs are cut down to what is left; the next
analysis finds them anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer import arrivals, batches, vectors
from analyzer.database import opened, transaction, translated
from analyzer.errors import BothsidesError, UsageError
from analyzer.forgetting import cut_down, forget
from analyzer.stale import forget_segments

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did: comments that went, that got their former text, that others carry too.

    ``themes`` and ``pairs`` are ids of those that have no segments left.
    """

    batch: int
    file: str
    gone: int
    restored: int
    kept: int
    segments: int
    vectors: int
    themes: Sequence[str]
    pairs: Sequence[tuple[str, str]]


def undo(database: Path, number: int) -> Undone:
    """Take the import of this number back, in one transaction.

    Raises:
        UsageError: there is no such import.
        BothsidesError: it was taken back before, or an older version imported it.
        InputOutput, Locked: the database cannot be used.
    """
    with translated(database), opened(database, create=False) as db:
        # What is taken back shall not stay readable in pages that SQLite has set free.
        db.execute("PRAGMA secure_delete = ON")
        with transaction(db):
            return _undo(db, _standing(db, number))


def _standing(db: Database, number: int) -> batches.Batch:
    found = batches.batch(db.conn, number)
    if found is None:
        raise UsageError(f"There is no batch {number}. List them: bothsides batches")
    if found.undone_at:
        raise BothsidesError(
            f"Batch {number} ({found.file}) was taken back already, at {found.undone_at}. "
            "Import the file again if it shall come back."
        )
    if not found.tracked:
        raise BothsidesError(
            f"Batch {number} ({found.file}) was imported by an older version, which did not keep "
            "what an undo needs. Restore a backup of before it: bothsides restore FILE"
        )
    return found


def _undo(db: Database, batch: batches.Batch) -> Undone:
    number = batch.id
    kept = _hand_on(db, number)
    gone, restored = _own(db, number)
    touched = [*gone, *restored]
    segments = _count(db, "segments")
    forget_segments(db, touched)
    segments -= _count(db, "segments")
    _restore(db, restored)
    for table in ("raw_texts", "former", "carried", "rejected_rows"):
        db.execute(f"DELETE FROM {table} WHERE import_id = ?", [number])
    forget(db, gone)
    themes, pairs = cut_down(db)
    swept = vectors.sweep(db)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    db.execute("UPDATE imports SET undone_at = ? WHERE id = ?", [now, number])
    counts = len(gone), len(restored), kept, segments, swept
    return Undone(number, batch.file, *counts, themes, pairs)


def _count(db: Database, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _hand_on(db: Database, number: int) -> int:
    """Give each value of this import to the next one that carried it unchanged; return how many.

    Such an import comes after this one and before the next that changed the comment.
    """
    db.execute("DROP TABLE IF EXISTS temp.heirs")
    db.execute(
        """
        CREATE TEMP TABLE heirs AS
        WITH own AS (
            SELECT a.number, a.comment_id, 9223372036854775807 AS until
            FROM comments c JOIN arrivals a ON a.comment_id = c.id WHERE c.import_id = :batch
            UNION ALL
            SELECT a.number, f.comment_id, coalesce(
                (SELECT min(n.import_id) FROM former n
                 WHERE n.comment_id = f.comment_id AND n.import_id > f.import_id),
                (SELECT import_id FROM comments WHERE id = f.comment_id))
            FROM former f JOIN arrivals a ON a.comment_id = f.comment_id
            WHERE f.import_id = :batch)
        SELECT own.comment_id, min(k.import_id) AS import_id
        FROM carried k CROSS JOIN own ON own.number BETWEEN k.first AND k.last
            AND k.import_id < own.until
        WHERE k.import_id > :batch GROUP BY own.comment_id
        """,
        {"batch": number},
    )
    keys = (("comments", "id"), ("former", "comment_id"), ("raw_texts", "comment_id"))
    for table, key in keys:
        db.execute(
            f"UPDATE {table} SET import_id = h.import_id FROM temp.heirs h "
            f"WHERE h.comment_id = {table}.{key} AND {table}.import_id = ?",
            [number],
        )
    return int(db.execute("SELECT count(*) FROM temp.heirs").fetchone()[0])


def _own(db: Database, number: int) -> tuple[list[str], list[str]]:
    """Return the comments whose text is this import's alone: those that go, those it changed."""
    rows = db.execute(
        "SELECT id, EXISTS (SELECT 1 FROM former WHERE comment_id = id) FROM comments "
        "WHERE import_id = ?",
        [number],
    ).fetchall()
    return [key for key, had in rows if not had], [key for key, had in rows if had]


def _restore(db: Database, ids: Sequence[str]) -> None:
    """Give comments the newest of their former values back."""
    columns = f"import_id, {arrivals.VALUES}"
    newest = "SELECT max(import_id) FROM former WHERE comment_id = :id"
    db.conn.executemany(
        f"UPDATE comments SET ({columns}) = (SELECT {columns} FROM former "
        f"WHERE comment_id = :id AND import_id = ({newest})) WHERE id = :id",
        [{"id": key} for key in ids],
    )
    db.conn.executemany(
        f"DELETE FROM former WHERE comment_id = :id AND import_id = ({newest})",
        [{"id": key} for key in ids],
    )
